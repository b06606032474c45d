import { expect, test } from 'vitest'
import { retryDelayMs } from './retry.ts'

const bounds = { retryBaseMs: 500, retryMaxMs: 60_000, retryAfterMs: 0 }
const almostOne = 1 - Number.EPSILON

test('the ceiling doubles with each failure up to its bound', () => {
  const ceilings = [1, 2, 3, 4, 7, 8, 9, 1_000].map((failures) => retryDelayMs(failures, bounds, almostOne))
  expect(ceilings).toEqual([500, 1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000])
})

test('the wait is anywhere between nothing and the ceiling', () => {
  expect([0, 0.25, 0.5, 0.75].map((random) => retryDelayMs(3, bounds, random))).toEqual([
    0, 500, 1_000, 1_500,
  ])
})

test('it is never shorter than the failing side asked for, even beyond the bound', () => {
  expect(retryDelayMs(1, { ...bounds, retryAfterMs: 5_000 }, 0.5)).toBe(5_000)
  expect(retryDelayMs(1, { ...bounds, retryAfterMs: 90_000 }, 0.5)).toBe(90_000)
  expect(retryDelayMs(9, { ...bounds, retryAfterMs: 1_000 }, 0.5)).toBe(30_000)
})
