import { describe, expect, test } from 'vitest'
import { saidInMentionedPeriod } from './mentioned-period.ts'

const at = (date: string) => Date.parse(`${date}T12:00:00Z`)

describe('saidInMentionedPeriod', () => {
  test.each([
    ['What happened on 7 July 2023?', '2023-07-08', true],
    ['What happened on July 7th, 2023?', '2023-07-08', true],
    ['What happened on 2023-07-07?', '2023-07-08', true],
    ['What happened on 7 July 2023?', '2023-07-25', false],
    ['What happened on 7 July 2023?', '2022-07-08', false],
    ['Where was Ada in June?', '2021-06-20', true],
    ['Where was Ada in June?', '2021-09-20', false],
    ['Where was Ada in December?', '2022-01-03', true],
    ['Where was Ada in 2022?', '2022-09-20', true],
    ['Where was Ada between August 11 and August 15 2023?', '2023-08-15', true],
    ['May I see the march?', '2023-05-10', false],
    ['May I see the march?', '2023-03-10', false],
    ['Which 3000 words?', '2023-03-10', false],
    ['Where was Ada?', '2023-03-10', false],
  ])('%s said at %s: %s', (query, saidAt, expected) => {
    expect(saidInMentionedPeriod(query)(at(saidAt))).toBe(expected)
  })
})
