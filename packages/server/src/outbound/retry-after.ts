/** Milliseconds that a `Retry-After` header asks for (RFC 9110 §10.2.3): a number of seconds or a date; 0 for anything else. */
export const retryAfterMs = (header: string | undefined, now: number): number => {
  if (header === undefined) return 0
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1_000
  const at = Date.parse(header)
  return Number.isNaN(at) ? 0 : Math.max(0, at - now)
}
