const [secondMs, minuteMs, hourMs] = [1_000, 60_000, 3_600_000]

/** Waits between the attempts of a delivery: they grow, and add up to three days. */
const waitsMs: readonly number[] = [
  5 * secondMs,
  30 * secondMs,
  2 * minuteMs,
  10 * minuteMs,
  30 * minuteMs,
  hourMs,
  3 * hourMs,
  6 * hourMs,
  12 * hourMs,
  24 * hourMs,
  24 * hourMs,
]

/** An endpoint may ask for a longer wait than ours, but not for ever. */
const ASKED_MS_MAX = 24 * hourMs

/**
 * How long to wait after a failed attempt, give or take a fifth, so that what failed together is not tried again together.
 *
 * @param attempts attempts so far, from 1
 * @param askedMs what the endpoint asked for (`Retry-After`)
 * @param random a number in [0, 1)
 */
export const deliveryWaitMs = (attempts: number, askedMs: number, random: number): number => {
  const waitMs = waitsMs[Math.min(attempts, waitsMs.length) - 1] ?? 0
  return Math.max(Math.min(askedMs, ASKED_MS_MAX), Math.round(waitMs * (0.8 + 0.4 * random)))
}
