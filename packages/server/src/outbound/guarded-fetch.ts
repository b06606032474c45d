/** The guarded client in the form of `fetch`, for libraries that speak HTTP through one that they are given. */
import type { IncomingMessage } from 'node:http'
import { Readable, Transform } from 'node:stream'
import { type GuardedClient, TargetError } from './guarded-client.ts'

export type GuardedFetch = (url: string | URL, init?: RequestInit) => Promise<Response>

type Bounds = {
  readonly responseBytesMax: number
  /** Told of the error that a longer body ends with. */
  readonly tooLong: (error: TargetError) => void
}

/**
 * Redirects are not followed but answered: the library may follow them by a request of its own. Only texts can be sent. A body that is
 * longer than may be ends with a TargetError.
 */
export const createGuardedFetch =
  (client: Pick<GuardedClient, 'open'>, bounds: Bounds): GuardedFetch =>
  async (url, { method = 'GET', headers, body, signal } = {}) => {
    const text = body ?? ''
    if (typeof text !== 'string') throw new TargetError('refused', 'only a text can be sent')
    const incoming = await client.open({
      url: String(url),
      method,
      headers: Object.fromEntries(new Headers(headers)),
      body: text,
      redirectCountMax: 0,
      ...(signal != null && { signal }),
    })
    return toResponse(incoming, bounds)
  }

const toResponse = (incoming: IncomingMessage, bounds: Bounds): Response => {
  const status = incoming.statusCode ?? 0
  if (status < 200 || status > 599) {
    incoming.destroy()
    throw new TargetError('network', `the answer has the status ${status}`)
  }
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers))
    for (const one of [value ?? []].flat()) headers.append(name, one)
  if ([204, 205, 304].includes(status)) {
    incoming.resume()
    return new Response(null, { status, headers })
  }
  const bounded = bound(incoming, bounds)
  // safety: the two declarations of this one class differ in details that a body does not use
  return new Response(Readable.toWeb(bounded) as ReadableStream<Uint8Array>, { status, headers })
}

const bound = (incoming: IncomingMessage, { responseBytesMax, tooLong }: Bounds): Readable => {
  let sizeBytes = 0
  const counting = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      sizeBytes += chunk.length
      if (sizeBytes <= responseBytesMax) return done(null, chunk)
      const error = new TargetError('refused', `the answer is longer than ${responseBytesMax} bytes`)
      tooLong(error)
      done(error)
    },
  })
  incoming.on('error', (error) => counting.destroy(error))
  counting.on('close', () => incoming.destroy())
  return incoming.pipe(counting)
}
