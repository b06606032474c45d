import { expect, test } from 'vitest'
import { readRetryAfter } from './read-problem.ts'

test.each([
  [null, null],
  ['0', 0],
  ['120', 120_000],
  ['Thu, 01 Jan 1970 00:01:00 GMT', 60_000],
  ['Wed, 31 Dec 1969 23:59:00 GMT', 0],
  ['soon', null],
])('Retry-After %s is %s ms at the epoch', (header, ms) => {
  expect(readRetryAfter(header, 0)).toBe(ms)
})
