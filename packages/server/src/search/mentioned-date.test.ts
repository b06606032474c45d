import { expect, test } from 'vitest'
import { mentionedDate } from './mentioned-date.ts'

/** A Wednesday. */
const saidAt = Date.parse('2026-03-11T15:20:00Z')

test.each([
  ['The exam is on 7 July 2027.', '2027-07-07'],
  ['We meet 2026-04-02 at noon.', '2026-04-02'],
  ['Her birthday is on July 7.', '2026-07-07'],
  ['We flew back on December 30th.', '2025-12-30'],
  ['See you tomorrow!', '2026-03-12'],
  ['It broke yesterday.', '2026-03-10'],
  ['The day after tomorrow I am free.', '2026-03-13'],
  ['Dinner is tonight.', '2026-03-11'],
  ['I have a call on Friday.', '2026-03-13'],
  ['The call on Wednesday is moved.', '2026-03-18'],
  ['Last Monday I was ill.', '2026-03-09'],
  ['Last Wednesday I was ill.', '2026-03-04'],
  ['The lease ends in two weeks.', '2026-03-25'],
  ['It came 3 days ago.', '2026-03-08'],
])('%s', (text, date) => {
  expect(new Date(mentionedDate(text, saidAt) ?? 0).toISOString()).toBe(`${date}T00:00:00.000Z`)
})

test.each(['I like bees.', 'In March we move.', 'In 2024 we moved.', 'It is on 31 February.', 'May I ask?'])(
  'no day is named: %s',
  (text) => expect(mentionedDate(text, saidAt)).toBeNull(),
)
