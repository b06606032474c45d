/**
 * Everything the client rejects with, except an abort of the caller's own signal: that passes the signal's reason on.
 *
 *     RemanenceError
 *     ├── ConnectionError       no answer came
 *     ├── TimeoutError          no answer, or no end of a run, in time
 *     ├── WebhookVerificationError   a delivery that the server did not send, or not now
 *     └── ProblemError          the server answered with a problem
 *         ├── InvalidRequestError   400, 413, 415, 422
 *         ├── AuthenticationError   401
 *         ├── PermissionError       403
 *         ├── NotFoundError         404
 *         ├── ConflictError         409
 *         ├── RateLimitError        429
 *         └── ServerError           5xx
 */
export class RemanenceError extends Error {
  override name = 'RemanenceError'
}

/** The server could not be reached, or the connection broke. */
export class ConnectionError extends RemanenceError {
  override name = 'ConnectionError'
}

export class TimeoutError extends RemanenceError {
  override name = 'TimeoutError'
}

/** One thing wrong with the request: what, and where (`body.input.string.content[2]`). */
export type ProblemDetail = { readonly message: string; readonly location?: string; readonly value?: unknown }

/** A problem document (RFC 9457) as the server sent it, with its gaps filled in. */
export type Problem = {
  readonly status: number
  /** Stable word for programs, e.g. `unknown_topic`; `http_<status>` if the answer was no problem document. */
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly errors: readonly ProblemDetail[]
  /** How long the server asked to wait before another try; null if it did not say. */
  readonly retryAfterMs: number | null
}

/**
 * @example
 * try {
 *   await client.memories.get(id, { userId })
 * } catch (error) {
 *   if (error instanceof NotFoundError) return null
 *   throw error
 * }
 */
export class ProblemError extends RemanenceError implements Problem {
  override name = 'ProblemError'
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly errors: readonly ProblemDetail[]
  readonly retryAfterMs: number | null

  constructor(problem: Problem) {
    super(problem.detail)
    this.status = problem.status
    this.code = problem.code
    this.title = problem.title
    this.detail = problem.detail
    this.errors = problem.errors
    this.retryAfterMs = problem.retryAfterMs
  }
}

export class InvalidRequestError extends ProblemError {
  override name = 'InvalidRequestError'
}
export class AuthenticationError extends ProblemError {
  override name = 'AuthenticationError'
}
export class PermissionError extends ProblemError {
  override name = 'PermissionError'
}
export class NotFoundError extends ProblemError {
  override name = 'NotFoundError'
}
export class ConflictError extends ProblemError {
  override name = 'ConflictError'
}
export class RateLimitError extends ProblemError {
  override name = 'RateLimitError'
}
export class ServerError extends ProblemError {
  override name = 'ServerError'
}

const classes: Readonly<Record<number, typeof ProblemError>> = {
  400: InvalidRequestError,
  401: AuthenticationError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
  413: InvalidRequestError,
  415: InvalidRequestError,
  422: InvalidRequestError,
  429: RateLimitError,
}

/** The problem as an error of the class that fits its status. */
export const problemError = (problem: Problem): ProblemError => {
  const Class = classes[problem.status] ?? (problem.status >= 500 ? ServerError : ProblemError)
  return new Class(problem)
}
