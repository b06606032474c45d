import { type Problem, type ProblemDetail, type ProblemError, problemError } from './errors.ts'

/** The error of an answer that is no success, whether its body is a problem document or anything else. */
export const readProblem = (response: Response, text: string): ProblemError => {
  const document = parseObject(text)
  const title = stringOf(document.title) ?? (response.statusText || `HTTP ${response.status}`)
  const problem: Problem = {
    status: response.status,
    code: stringOf(document.code) ?? `http_${response.status}`,
    title,
    detail: stringOf(document.detail) ?? describe(response, title),
    errors: Array.isArray(document.errors) ? document.errors.filter(isDetail) : [],
    retryAfterMs: readRetryAfter(response.headers.get('retry-after'), Date.now()),
  }
  return problemError(problem)
}

/** Milliseconds to wait by a `Retry-After` header: a number of seconds or an HTTP date. */
export const readRetryAfter = (header: string | null, now: number): number | null => {
  if (header === null) return null
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}

const describe = (response: Response, title: string): string => {
  const location = response.headers.get('location')
  return location === null ? title : `${title}: the server is at ${location}; give that as baseUrl`
}

const parseObject = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text)
    // safety: every object can be read as a record of unknown members
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {} // no problem document: what is known of the problem is its status
  }
}

const stringOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const isDetail = (value: unknown): value is ProblemDetail =>
  typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string'
