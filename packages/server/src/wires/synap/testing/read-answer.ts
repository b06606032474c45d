/** How the library reads answers: what is an error, and of what kind; what an answer must have, and what it may have. */

export class SynapError extends Error {
  /** The name of the library's class. */
  readonly kind: string
  readonly status: number
  readonly retryAfterSeconds: number | null

  constructor(
    kind: string,
    message: string,
    at: { status?: number; retryAfterSeconds?: number | null } = {},
  ) {
    super(message)
    this.kind = kind
    this.status = at.status ?? 0
    this.retryAfterSeconds = at.retryAfterSeconds ?? null
  }
}

export type Body = Readonly<Record<string, unknown>>

export const readAnswer = async (response: Response): Promise<Body> => {
  const given = await response.text()
  if (response.status === 204) return {}
  if (response.status === 200) return JSON.parse(given) as Body // safety: read member by member below
  const detail = detailOf(given)
  const { message, code } = typeof detail === 'string' ? { message: detail, code: null } : detail
  const retryAfter = response.headers.get('retry-after')
  throw new SynapError(errorOf(response.status, code), message, {
    status: response.status,
    retryAfterSeconds: retryAfter === null ? null : Number.parseInt(retryAfter, 10),
  })
}

const detailOf = (given: string): string | { readonly message: string; readonly code: string | null } => {
  try {
    const { detail } = JSON.parse(given) as { detail?: unknown } // safety: looked at below
    if (typeof detail === 'string') return detail
    if (typeof detail !== 'object' || detail === null) return given
    const { message, code } = detail as { message?: unknown; code?: unknown } // safety: as above
    return { message: String(message), code: typeof code === 'string' ? code : null }
  } catch {
    return given
  }
}

const errorOf = (status: number, code: string | null): string => {
  switch (status) {
    case 400:
    case 422:
      return 'InvalidInputError'
    case 401:
      return 'AuthenticationError'
    case 402:
      return 'InsufficientCreditsError'
    case 404:
      return 'ContextNotFoundError'
    case 409:
      return code === 'transcript_conflict' ? 'TranscriptConflictError' : 'ConflictError'
    case 429:
      return 'RateLimitError'
    default:
      return status >= 500 ? 'ServiceUnavailableError' : 'SynapTransientError'
  }
}

/** The library indexes what it needs: a member that is missing is a `KeyError`, one of another type a `ValidationError`. */
export const member = (body: Body, name: string): unknown => {
  if (!(name in body)) throw new SynapError('KeyError', name)
  return body[name]
}

export const text = (body: Body, name: string): string => {
  const value = member(body, name)
  if (typeof value !== 'string') throw new SynapError('ValidationError', `${name} is no text`)
  return value
}

export const uuid = (body: Body, name: string): string => {
  const value = text(body, name)
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value))
    throw new SynapError('ValidationError', `${name} is no UUID`)
  return value
}

export const integer = (body: Body, name: string): number => {
  const value = member(body, name)
  if (!Number.isInteger(value)) throw new SynapError('ValidationError', `${name} is no integer`)
  return Number(value)
}

export const instant = (body: Body, name: string): Date => {
  const value = text(body, name)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)?$/.test(value))
    throw new SynapError('ValidationError', `${name} is no instant`)
  return new Date(value)
}

export const optionalInstant = (body: Body, name: string): Date | null =>
  body[name] === undefined || body[name] === null ? null : instant(body, name)

export const optionalText = (body: Body, name: string): string | null =>
  body[name] === undefined || body[name] === null ? null : text(body, name)

export const list = (body: Body, name: string): readonly Body[] => {
  const value = member(body, name)
  if (!Array.isArray(value)) throw new SynapError('ValidationError', `${name} is no list`)
  return value as Body[] // safety: read member by member
}
