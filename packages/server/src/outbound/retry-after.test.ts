import { expect, test } from 'vitest'
import { retryAfterMs } from './retry-after.ts'

const now = Date.parse('2026-11-01T08:00:00Z')

test.each([
  [undefined, 0],
  ['120', 120_000],
  [' 5 ', 5_000],
  ['Sun, 01 Nov 2026 08:01:00 GMT', 60_000],
  ['Sun, 01 Nov 2026 07:00:00 GMT', 0],
  ['soon', 0],
  ['-1', 0],
  ['99999999999999999999', 0],
])('Retry-After %j asks for %d ms', (header, ms) => expect(retryAfterMs(header, now)).toBe(ms))
