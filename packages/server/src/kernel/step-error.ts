/**
 * A failure that decides a run's fate: retryable (after `retryAfterMs` at the earliest, if given) or final. `code` is a
 * stable word for programs (`timeout`, `rate_limited`, `invalid_output`, …); the message is for people.
 */
export class StepError extends Error {
  override readonly name = 'StepError'
  readonly code: string
  readonly retryable: boolean
  readonly retryAfterMs: number

  constructor(
    code: string,
    message: string,
    options: { retryable?: boolean; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? false
    this.retryAfterMs = options.retryAfterMs ?? 0
  }
}
