/**
 * HTTP to addresses that somebody else chose. Only http and https, no credentials in the address, and only to where the rules allow:
 * a literal address is checked before, a name after its look-up, at the moment of connecting, so what was checked is what is
 * connected to; a redirect is checked like a first request. Time, redirects and the part of the answer that is read are
 * bounded.
 */
import http from 'node:http'
import type https from 'node:https'
import type { AddressRules } from './addresses.ts'
import { checkTarget, guardedLookup, refused, TargetError } from './check-target.ts'

export { checkNewTarget, TargetError } from './check-target.ts'

export type OpenRequest = {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly redirectCountMax: number
  /** A redirect to elsewhere is refused: what is sent is for this origin only. */
  readonly isForOriginOnly?: boolean
  readonly signal?: AbortSignal
}

export type GuardedRequest = OpenRequest & {
  /** From the look-up of the name to the end of the answer, redirects included. */
  readonly timeoutMs: number
  /** What is beyond is not read. */
  readonly responseBytesMax: number
}

export type GuardedAnswer = {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
  /** There was more of it. */
  readonly isCut: boolean
}

export type GuardedClient = {
  /** Rejects with a TargetError, or with the reason of the signal. */
  readonly fetch: (request: GuardedRequest) => Promise<GuardedAnswer>
  /** Answers as soon as the answer begins. Whoever asks bounds its time and what is read of it. Rejects as `fetch`. */
  readonly open: (request: OpenRequest) => Promise<http.IncomingMessage>
  /** Closes what is kept open. */
  readonly close: () => void
}

/** A pooled connection may be closed by its other end just when it is used again. */
const MOST_IDLE_CONNECTIONS = 64
const IDLE_MS = 4_000

export const createGuardedClient = (rules: AddressRules): GuardedClient => {
  const lookUp = guardedLookup(rules)
  const agents: { http?: http.Agent; https?: https.Agent } = {}
  const options = { keepAlive: true, maxFreeSockets: MOST_IDLE_CONNECTIONS, timeout: IDLE_MS }
  const transportOf = async (url: URL) => {
    if (url.protocol === 'http:') {
      agents.http ??= new http.Agent(options)
      return { request: http.request, agent: agents.http }
    }
    // Only here: TLS takes longer to load than a start may take.
    const { default: https } = await import('node:https')
    agents.https ??= new https.Agent(options)
    return { request: https.request, agent: agents.https }
  }

  const attempt = async (
    url: URL,
    { method, headers, body, signal }: OpenRequest,
  ): Promise<http.IncomingMessage> => {
    const { request, agent } = await transportOf(url)
    const send = (agentOrNone: typeof agent | false): Promise<http.IncomingMessage | 'stale'> =>
      new Promise((resolve, reject) => {
        const options = { method, headers, agent: agentOrNone, lookup: lookUp }
        const outgoing = request(url, signal === undefined ? options : { ...options, signal })
        outgoing.on('response', resolve)
        outgoing.on('error', (error) => {
          const isStale = outgoing.reusedSocket && 'code' in error && error.code === 'ECONNRESET'
          if (isStale) resolve('stale')
          else reject(error)
        })
        outgoing.end(body)
      })
    const answer = await send(agent)
    const fresh = answer === 'stale' ? await send(false) : answer
    if (fresh === 'stale') throw new Error('the connection was closed')
    return fresh
  }

  const follow = async (request: OpenRequest): Promise<http.IncomingMessage> => {
    let url = checkTarget(rules, request.url)
    let given = request
    for (let followed = 0; ; followed++) {
      const answer = await attempt(url, given)
      const next = redirectOf(url, given.method, answer)
      if (next === null || followed === request.redirectCountMax) return answer
      answer.destroy()
      if (next.origin !== url.origin) {
        if (given.isForOriginOnly) throw refused('the redirect leads to another origin')
        given = { ...given, headers: withoutCredentials(given.headers) }
      }
      url = checkRedirect(rules, url, next)
    }
  }

  return {
    fetch: (request) =>
      withinTime(request, async (signal) =>
        readAnswer(await follow({ ...request, signal }), request.responseBytesMax),
      ),
    open: async (request) => {
      try {
        return await follow(request)
      } catch (error) {
        request.signal?.throwIfAborted()
        throw asTargetError(error)
      }
    },
    close: () => {
      agents.http?.destroy()
      agents.https?.destroy()
    },
  }
}

const withinTime = async (
  { timeoutMs, signal: outer }: GuardedRequest,
  work: (signal: AbortSignal) => Promise<GuardedAnswer>,
): Promise<GuardedAnswer> => {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), timeoutMs)
  try {
    return await work(outer === undefined ? late.signal : AbortSignal.any([late.signal, outer]))
  } catch (error) {
    outer?.throwIfAborted()
    if (late.signal.aborted)
      throw new TargetError('timeout', `no answer within ${timeoutMs} ms`, { cause: error })
    throw asTargetError(error)
  } finally {
    clearTimeout(timer)
  }
}

const asTargetError = (error: unknown): TargetError =>
  error instanceof TargetError ? error : new TargetError('network', networkMessage(error), { cause: error })

const networkMessage = (error: unknown): string => {
  if (error instanceof AggregateError && error.errors.length > 0) return networkMessage(error.errors[0])
  if (error instanceof Error) return error.message || ('code' in error ? String(error.code) : error.name)
  return String(error)
}

/** The beginning of the answer; the rest is not waited for. */
const readAnswer = async (incoming: http.IncomingMessage, bytesMax: number): Promise<GuardedAnswer> => {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of incoming) {
    chunks.push(chunk)
    sizeBytes += chunk.length
    if (sizeBytes > bytesMax) break // which closes the connection
  }
  const body = Buffer.concat(chunks).subarray(0, bytesMax).toString('utf8')
  const isCut = sizeBytes > bytesMax
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body, isCut }
}

const sameRequestStatuses: readonly unknown[] = [307, 308]
const getRequestStatuses: readonly unknown[] = [301, 302, 303, ...sameRequestStatuses]

/** 307 and 308 ask for the same request elsewhere; the others would turn it into a GET, so if it is none they are answers. */
const redirectOf = (url: URL, method: string, { statusCode, headers }: http.IncomingMessage): URL | null => {
  const followed = method === 'GET' ? getRequestStatuses : sameRequestStatuses
  if (!followed.includes(statusCode) || headers.location === undefined) return null
  return URL.canParse(headers.location, url.href) ? new URL(headers.location, url) : null
}

const checkRedirect = (rules: AddressRules, from: URL, to: URL): URL => {
  if (from.protocol === 'https:' && to.protocol === 'http:')
    throw refused('the redirect leads from https to http')
  try {
    return checkTarget(rules, to.href)
  } catch (error) {
    throw error instanceof TargetError ? refused(`the redirect leads astray: ${error.message}`) : error
  }
}

const withoutCredentials = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(authorization|cookie|proxy-authorization)$/i.test(name)),
  )
