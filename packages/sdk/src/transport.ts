/**
 * One request of the API: sent, repeated where that is safe, and its answer read.
 *
 * Repeated after `backoff` are lost connections, time-outs, 408, 429 and 5xx, up to `retryCountMax` times. A request that
 * is not `repeatable` may have been carried out although no good answer came, so it is repeated after a 429 only. When
 * the server asks for a longer wait than `retryAfterMsMax`, its problem is passed on at once.
 */
import { ConnectionError, type ProblemError, RemanenceError, TimeoutError } from './errors.ts'
import { deadline, pause } from './pause.ts'
import { readProblem } from './read-problem.ts'
import { fromWire, toWire } from './wire-case.ts'

export type RequestOptions = {
  /** Aborts the call, also while it waits for a repetition; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Bound of one attempt, in place of the client's. */
  readonly timeoutMs?: number | undefined
  /** W3C Trace Context of the caller's span: the request, and a run that it makes, belong to that trace. */
  readonly traceparent?: string | undefined
}

export type Request = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With its query. */
  readonly path: string
  /** In camelCase; sent as the wire spells it. */
  readonly body?: unknown
  /** Sent as it is, instead of `body`. */
  readonly text?: string
  /** Sent instead of `body`, in parts. */
  readonly form?: FormData
  readonly headers?: Readonly<Record<string, string>>
  /** Twice has the effect of once. */
  readonly repeatable: boolean
  readonly options?: RequestOptions | undefined
}

export type Answer = { readonly body: unknown; readonly headers: Headers }

export type Transport = {
  readonly baseUrl: string
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly retryCountMax: number
  readonly fetch: typeof globalThis.fetch
}

const retryBaseMs = 200
const retryMsMax = 8_000
const retryAfterMsMax = 60_000

/** Sends until there is an answer; rejects with a `RemanenceError` when there is none or it is a problem. */
export const send = async (transport: Transport, request: Request): Promise<Answer> => {
  const { signal } = request.options ?? {}
  for (let retries = 0; ; retries += 1) {
    const result = await attempt(transport, request)
    if ('answer' in result) return result.answer
    const waitMs =
      retries < transport.retryCountMax ? waitBeforeRetry(request, result.failure, retries) : null
    if (waitMs === null) throw result.failure
    await pause(waitMs, signal)
  }
}

type Failure = ConnectionError | TimeoutError | ProblemError

/** Milliseconds until the request may be repeated; null when it must not. */
const waitBeforeRetry = (request: Request, failure: Failure, retries: number): number | null => {
  if (!('status' in failure)) return request.repeatable ? backoff(retries) : null
  const { status, retryAfterMs } = failure
  if (status !== 429 && !(request.repeatable && (status === 408 || status >= 500))) return null
  if (retryAfterMs === null) return backoff(retries)
  return retryAfterMs <= retryAfterMsMax ? retryAfterMs : null
}

/** Doubles with each retry; a random half of it spreads the callers out. */
const backoff = (retries: number): number =>
  Math.min(retryMsMax, retryBaseMs * 2 ** retries) * (0.5 + Math.random() / 2)

const attempt = async (
  transport: Transport,
  request: Request,
): Promise<{ readonly answer: Answer } | { readonly failure: Failure }> => {
  const { signal: outer, timeoutMs = transport.timeoutMs } = request.options ?? {}
  outer?.throwIfAborted()
  const late = () => new TimeoutError(`${request.method} ${request.path}: no answer within ${timeoutMs} ms`)
  const { signal, dispose } = deadline(timeoutMs, late, outer)
  try {
    const response = await transport.fetch(transport.baseUrl + request.path, {
      method: request.method,
      headers: headersOf(transport, request),
      body: request.form ?? request.text ?? jsonOf(request.body),
      redirect: 'manual',
      signal,
    })
    const text = await response.text()
    if (!response.ok) return { failure: readProblem(response, text) }
    return { answer: { body: readBody(transport, text), headers: response.headers } }
  } catch (error) {
    outer?.throwIfAborted()
    if (error instanceof RemanenceError && !(error instanceof TimeoutError)) throw error
    return { failure: connectionFailure(transport, signal, error) }
  } finally {
    dispose()
  }
}

/** Sends once, and answers as soon as the head of a good answer is there; its body is the caller's to read, for as long as it takes. */
export const openStream = async (transport: Transport, request: Request): Promise<Response> => {
  const { signal: outer, timeoutMs = transport.timeoutMs } = request.options ?? {}
  outer?.throwIfAborted()
  const late = () => new TimeoutError(`${request.method} ${request.path}: no answer within ${timeoutMs} ms`)
  const head = deadline(timeoutMs, late)
  const signal = outer === undefined ? head.signal : AbortSignal.any([head.signal, outer])
  try {
    const response = await transport.fetch(transport.baseUrl + request.path, {
      method: request.method,
      headers: headersOf(transport, request),
      body: null,
      redirect: 'manual',
      signal,
    })
    if (!response.ok) throw readProblem(response, await response.text())
    return response
  } catch (error) {
    outer?.throwIfAborted()
    if (error instanceof RemanenceError) throw error
    throw connectionFailure(transport, head.signal, error)
  } finally {
    head.dispose()
  }
}

const jsonOf = (body: unknown): string | null => (body === undefined ? null : JSON.stringify(toWire(body)))

const headersOf = (transport: Transport, request: Request): Record<string, string> => ({
  accept: 'application/json',
  ...traceHeader(request.options?.traceparent),
  ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
  ...request.headers,
  ...transport.headers,
})

const traceHeader = (traceparent: string | undefined): Record<string, string> => {
  if (traceparent === undefined) return {}
  if (!/^[\x21-\x7e]+$/.test(traceparent))
    throw new RemanenceError('traceparent must be visible ASCII characters without blanks')
  return { traceparent }
}

const readBody = (transport: Transport, text: string): unknown => {
  if (text === '') return undefined
  try {
    return fromWire(JSON.parse(text))
  } catch (cause) {
    throw new RemanenceError(
      `what answers at ${transport.baseUrl} is no Remanence server: its answer is no JSON`,
      {
        cause,
      },
    )
  }
}

const connectionFailure = (transport: Transport, signal: AbortSignal, cause: unknown): Failure =>
  signal.reason instanceof TimeoutError
    ? signal.reason
    : new ConnectionError(`no connection to ${transport.baseUrl}: ${deepestMessage(cause)}`, { cause })

/** What `fetch` says itself ("fetch failed") says little; the reason is in the cause of its cause. */
const deepestMessage = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  if (error.cause !== undefined) return deepestMessage(error.cause)
  return error.message || ('code' in error ? String(error.code) : error.name)
}
