import { RemanenceError } from './errors.ts'

/**
 * Tag of path templates. What stands in `${}` becomes exactly one segment of the path: it is encoded, and what would
 * change the path's meaning (nothing, `.`, `..`) is refused.
 *
 * @example path`/v1/runs/${runId}/events`
 */
export const path = (texts: TemplateStringsArray, ...values: readonly string[]): string =>
  texts.reduce((done, text, index) => done + segment(values[index - 1]) + text)

const segment = (value: unknown): string => {
  if (typeof value !== 'string' || value === '' || value === '.' || value === '..') {
    throw new RemanenceError(`${JSON.stringify(value)} cannot be an id`)
  }
  return encodeURIComponent(value)
}

/** `?a=1&b=2` of the members that are given, or nothing. */
export const queryString = (query: Readonly<Record<string, string | number | undefined>>): string => {
  const given = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value !== undefined) given.set(key, String(value))
  return given.size === 0 ? '' : `?${given}`
}
