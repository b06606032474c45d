import { expect, test } from 'vitest'
import { WEBHOOK_ATTEMPT_COUNT_MAX, WEBHOOK_RETRY_MS } from '../kernel/limits.ts'
import { deliveryWaitMs } from './backoff.ts'

const waits = (random: number) =>
  Array.from({ length: WEBHOOK_ATTEMPT_COUNT_MAX - 1 }, (_, index) => deliveryWaitMs(index + 1, 0, random))
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

test('waits never shrink, and add up to three days give or take a fifth', () => {
  expect(waits(0.5)).toEqual(waits(0.5).toSorted((a, b) => a - b))
  expect(sum(waits(0.5)) / WEBHOOK_RETRY_MS).toBeCloseTo(1, 1)
  expect(sum(waits(0)) / sum(waits(0.5))).toBeCloseTo(0.8)
  expect(sum(waits(1)) / sum(waits(0.5))).toBeCloseTo(1.2)
})

test('a longer wait that was asked for is kept, up to a day', () => {
  expect(deliveryWaitMs(1, 60_000, 0.5)).toBe(60_000)
  expect(deliveryWaitMs(10, 60_000, 0.5)).toBe(24 * 3_600_000)
  expect(deliveryWaitMs(1, Number.MAX_SAFE_INTEGER, 0.5)).toBe(24 * 3_600_000)
})
