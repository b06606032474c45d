/**
 * HTTP to addresses that somebody else chose. Only http and https, no credentials in the address, and only to where the rules allow:
 * a literal address is checked before, a name after its look-up, at the moment of connecting, so what was checked is what is
 * connected to; a redirect is checked like a first request. Time, redirects and the part of the answer that is read are
 * bounded.
 */
import { type LookupAddress, lookup } from 'node:dns'
import http from 'node:http'
import type https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { AddressRules } from './addresses.ts'

export type GuardedRequest = {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** From the look-up of the name to the end of the answer, redirects included. */
  readonly timeoutMs: number
  readonly redirectCountMax: number
  /** What is beyond is not read. */
  readonly responseBytesMax: number
  readonly signal?: AbortSignal
}

export type GuardedAnswer = {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

/** Why there is no answer: `refused` by the rules, `timeout`, or `network`. */
export class TargetError extends Error {
  override readonly name = 'TargetError'
  readonly reason: 'refused' | 'timeout' | 'network'

  constructor(reason: TargetError['reason'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

export type GuardedClient = {
  /** Rejects with a TargetError, or with the reason of the signal. */
  readonly fetch: (request: GuardedRequest) => Promise<GuardedAnswer>
  /** Closes what is kept open. */
  readonly close: () => void
}

/** What can be said of an address without looking its name up. Throws a TargetError `refused`. */
export const checkTarget = (rules: AddressRules, text: string): URL => {
  if (!URL.canParse(text)) throw refused('the address is no URL')
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refused(`the address must begin with http:// or https://, not ${url.protocol}`)
  if (url.username !== '' || url.password !== '') throw refused('the address holds credentials')
  const host = hostOf(url)
  if (isIP(host) !== 0) checkAddress(rules, host, host)
  return url
}

/** As `checkTarget`, and also refuses the names that are loopback everywhere (RFC 6761), to say so before anything is sent. */
export const checkNewTarget = (rules: AddressRules, text: string): void => {
  const host = hostOf(checkTarget(rules, text))
  if (/^(.+\.)?localhost\.?$/.test(host)) checkAddress(rules, '127.0.0.1', host)
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1')

const refused = (sentence: string): TargetError => new TargetError('refused', sentence)

const checkAddress = (rules: AddressRules, address: string, host: string): void => {
  const kind = rules.refusalOf(address, host)
  if (kind === null) return
  const shown = address === host ? address : `${host} (${address})`
  throw refused(`the address ${shown} is ${kind}, and not allowed by REMANENCE_WEBHOOK_ALLOW`)
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

  const attempt = async (url: URL, given: GuardedRequest, signal: AbortSignal): Promise<GuardedAnswer> => {
    const { request, agent } = await transportOf(url)
    const send = (agentOrNone: typeof agent | false): Promise<GuardedAnswer | 'stale'> =>
      new Promise((resolve, reject) => {
        const { method, headers, body, responseBytesMax } = given
        const outgoing = request(url, { method, headers, agent: agentOrNone, lookup: lookUp, signal })
        outgoing.on('response', (incoming) => readAnswer(incoming, responseBytesMax).then(resolve, reject))
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

  const follow = async (request: GuardedRequest, signal: AbortSignal): Promise<GuardedAnswer> => {
    let url = checkTarget(rules, request.url)
    let given = request
    for (let followed = 0; ; followed++) {
      const answer = await attempt(url, given, signal)
      const next = redirectOf(url, answer)
      if (next === null || followed === request.redirectCountMax) return answer
      given = next.origin === url.origin ? given : { ...given, headers: withoutCredentials(given.headers) }
      url = checkRedirect(rules, url, next)
    }
  }

  return {
    fetch: (request) => withinTime(request, (signal) => follow(request, signal)),
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
    if (error instanceof TargetError) throw error
    throw new TargetError('network', networkMessage(error), { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

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
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body }
}

/** 307 and 308 ask for the same request elsewhere; the others would turn it into another one, so they are answers. */
const redirectOf = (url: URL, { status, headers }: GuardedAnswer): URL | null => {
  if ((status !== 307 && status !== 308) || headers.location === undefined) return null
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

/** Looks a name up and answers only the addresses that are allowed; a name is looked up once at a time, as it takes a thread. */
const guardedLookup = (rules: AddressRules): LookupFunction => {
  const underway = new Map<string, Promise<readonly LookupAddress[]>>()
  const resolve = (host: string): Promise<readonly LookupAddress[]> => {
    const known = underway.get(host)
    if (known !== undefined) return known
    const found = new Promise<readonly LookupAddress[]>((done, fail) =>
      lookup(host, { all: true }, (error, addresses) => (error === null ? done(addresses) : fail(error))),
    ).finally(() => underway.delete(host))
    underway.set(host, found)
    return found
  }
  return (host, options, callback) => {
    resolve(host).then(
      (addresses) => {
        const allowed = addresses.filter(({ address }) => rules.refusalOf(address, host) === null)
        const [first] = allowed
        if (first === undefined) {
          const [{ address = '' } = {}] = addresses
          return callback(refusalError(rules, address, host), [])
        }
        if (options.all) callback(null, allowed)
        else callback(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    )
  }
}

const refusalError = (rules: AddressRules, address: string, host: string): TargetError => {
  try {
    checkAddress(rules, address, host)
  } catch (error) {
    if (error instanceof TargetError) return error
    throw error
  }
  return refused(`the name ${host} has no address`)
}
