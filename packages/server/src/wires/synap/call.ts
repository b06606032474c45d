/**
 * The library numbers its calls and keeps the number when it tries again after a broken connection, so the same thing under the same number
 * is the same thing. What others put into the header is not relied upon: then it is null.
 */
export const callOf = (headers: Readonly<Record<string, unknown>>): string | null => {
  const given = headers['x-correlation-id']
  return typeof given === 'string' && /^syn_[^\s]{0,6}_\d{13}_[0-9a-f]{6}$/.test(given) ? given : null
}
