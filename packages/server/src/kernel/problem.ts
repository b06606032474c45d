/**
 * The whole catalogue of errors a caller can act on. Code throws `problem(code, detail, members)`; one renderer per wire
 * turns it into that wire's shape (natively an RFC 9457 document), and a failed run stores the code.
 */
const catalogue = {
  invalid_request: { status: 400, title: 'The request makes no sense as it is' },
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  missing_user: { status: 400, title: 'A user_id is required' },
  missing_property: { status: 400, title: 'A scope property is required' },
  unknown_property: { status: 400, title: 'A property no topic is scoped by' },
  empty_filter: { status: 400, title: 'The filter admits everything' },
  empty_content: { status: 400, title: 'There is no content' },
  unauthorized: { status: 401, title: 'The API key is missing or wrong' },
  insufficient_credits: { status: 402, title: 'There are not enough credits' },
  forbidden: { status: 403, title: 'The key may not do this' },
  foreign_resource: { status: 403, title: 'The resource belongs to another project' },
  not_found: { status: 404, title: 'There is no such resource' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'The resource is in another state' },
  inactive: { status: 409, title: 'It does not run now' },
  limit_reached: { status: 409, title: 'The project has as many as it may' },
  transcript_conflict: { status: 409, title: 'The conversation has another transcript' },
  scope_busy: { status: 409, title: 'The scope has a run that has not ended' },
  document_conflict: { status: 409, title: 'The document id stands for another content' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON' },
  invalid_body: { status: 422, title: 'The request does not match its schema' },
  unknown_group: { status: 422, title: 'There is no such group' },
  unknown_topic: { status: 422, title: 'There is no such topic' },
  target_refused: { status: 422, title: 'The server may not speak to this address' },
  model_not_configured: { status: 422, title: 'No language model is configured' },
  too_much_past: { status: 422, title: 'There is too much to search at that time' },
  unknown_user: { status: 422, title: 'There is no such user' },
  idempotency_key_reused: { status: 422, title: 'The idempotency key was used with another body' },
  headers_too_large: { status: 431, title: 'The head of the request is too large' },
  rate_limited: { status: 429, title: 'Too many requests' },
  queue_full: { status: 429, title: 'Too many runs are waiting' },
  internal_error: { status: 500, title: 'The server failed' },
  draining: { status: 503, title: 'The project takes no new runs' },
  too_many_streams: { status: 503, title: 'Too many streams and waits are open' },
  unavailable: { status: 503, title: 'The server cannot serve now' },
} as const

export type ProblemCode = keyof typeof catalogue

/** One thing wrong with the input: what, where (`body.input.string.content[2]`, `query.limit`, `path.id`), and the value if short. */
export type ProblemError = { readonly message: string; readonly location: string; readonly value?: unknown }

export type ProblemMembers = {
  readonly errors?: readonly ProblemError[]
  /** Seconds until another try may succeed; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number
  /** What led to it; for the log only. */
  readonly cause?: unknown
}

/** An error the caller can act on. Everything else that is thrown is a bug and renders as `internal_error` without details. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly members: ProblemMembers

  constructor(code: ProblemCode, detail: string, members: ProblemMembers = {}) {
    super(detail, { cause: members.cause })
    this.code = code
    this.members = members
  }

  get status(): number {
    return catalogue[this.code].status
  }

  get title(): string {
    return catalogue[this.code].title
  }
}

export const problem = (code: ProblemCode, detail: string, members?: ProblemMembers): Problem =>
  new Problem(code, detail, members)

/** Every code with its status and title, for the documentation. */
export const problemCatalogue: Readonly<Record<ProblemCode, { status: number; title: string }>> = catalogue
