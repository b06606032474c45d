import { describe, expect, test } from 'vitest'
import { CONTENT_KEY_LENGTH_MAX } from '../kernel/limits.ts'
import { contentKey } from './content-key.ts'

describe('contentKey', () => {
  test.each([
    ['Likes tea', 'likes  TEA.'],
    ['It’s “fine” – really', 'it\'s "fine" - really!'],
    ['a\n b', 'A B'],
    ['ｔｅａ', 'tea'],
  ])('%j and %j are the same statement', (a, b) => expect(contentKey(a)).toBe(contentKey(b)))

  test.each([
    ['costs 10', 'costs 1.0'],
    ['Ada likes Bob', 'Bob likes Ada'],
    ['run `Make`', 'run `make`'],
    ['run `a  b`', 'run `a b`'],
    ['She left.', 'She left?'],
    ['resume', 'résumé'],
    ['calls parseBody', 'calls parsebody'],
    ['reads ./Notes', 'reads ./notes'],
  ])('%j and %j are not', (a, b) => expect(contentKey(a)).not.toBe(contentKey(b)))

  test('a long text has a short key of its own', () => {
    const long = 'word '.repeat(1_000)
    expect(contentKey(long).length).toBeLessThanOrEqual(CONTENT_KEY_LENGTH_MAX)
    expect(contentKey(`${long}a`)).not.toBe(contentKey(`${long}b`))
    expect(contentKey(`${long}A.`)).toBe(contentKey(`${long}a`))
  })
})
