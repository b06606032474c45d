/**
 * Exponential backoff with full jitter (Brooker, "Exponential Backoff And Jitter", 2015): a random wait between zero and a
 * ceiling that doubles with each failure, but never less than what the failing side asked for.
 *
 * @param failures failed attempts so far, from 1
 * @param random a number in [0, 1)
 */
export const retryDelayMs = (
  failures: number,
  bounds: { readonly retryBaseMs: number; readonly retryMaxMs: number; readonly retryAfterMs: number },
  random: number,
): number => {
  const ceilingMs = Math.min(bounds.retryMaxMs, bounds.retryBaseMs * 2 ** (failures - 1))
  return Math.max(bounds.retryAfterMs, Math.round(random * ceilingMs))
}
