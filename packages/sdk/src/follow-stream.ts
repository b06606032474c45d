/**
 * A stream of server-sent events that outlives its connections: when one breaks, or the server restarts, it comes back with the last
 * `id` it saw and goes on there, without gap or repeat.
 *
 *     connect ──▶ read ──stream ends, breaks, is silent──▶ wait ──▶ connect …
 *        │          └──the server says it is too slow──────▶┘
 *        └──refused for good, or away for longer than `reconnectMsMax`──▶ throws
 */
import { AuthenticationError, ConnectionError, ProblemError, problemError, TimeoutError } from './errors.ts'
import { deadline, pause } from './pause.ts'
import { openStream, type Transport } from './transport.ts'
import { fromWire } from './wire-case.ts'

export type FollowRequest = {
  /** With its query. */
  readonly path: string
  /** Only what comes after it; from where the server begins, if absent. */
  readonly after: number | undefined
  readonly signal: AbortSignal | undefined
  /** How long to try to come back while no connection can be had. */
  readonly reconnectMsMax: number
  /** Asked when the stream has ended well: whether nothing comes after the place it stopped at. */
  readonly isOver: (place: number | undefined) => Promise<boolean>
}

/** The server gives a sign of life every 15 s: with none for so long the connection is dead. */
const silenceMsMax = 45_000
const reconnectMsMin = 100
const waitMsMax = 5_000

/** The data of each event, in camelCase. */
export async function* followStream(
  transport: Transport,
  request: FollowRequest,
): AsyncGenerator<unknown, void> {
  let place = request.after
  let waitMs = 1_000
  let awaySince: number | null = null
  for (let failures = 0; ; ) {
    try {
      for await (const block of readOnce(transport, request, place)) {
        failures = 0
        awaySince = null
        if (block.retry !== null) waitMs = Math.min(waitMsMax, Math.max(reconnectMsMin, block.retry))
        if (block.event === 'error') {
          refuseIfFinal(block.data)
          break
        }
        const isNew = block.id === null || place === undefined || block.id > place
        if (block.id !== null) place = Math.max(block.id, place ?? 0)
        if (block.data !== null && isNew) yield fromWire(JSON.parse(block.data))
      }
      if (await request.isOver(place)) return
    } catch (error) {
      request.signal?.throwIfAborted()
      if (!mayPass(error)) throw error
      failures += 1
      awaySince ??= Date.now()
      if (Date.now() - awaySince > request.reconnectMsMax) throw error
    }
    await pause(Math.min(waitMsMax, waitMs * 2 ** Math.max(0, failures - 1)), request.signal)
  }
}

const mayPass = (error: unknown): boolean =>
  error instanceof ProblemError
    ? [408, 429].includes(error.status) || error.status >= 500
    : error instanceof ConnectionError || error instanceof TimeoutError

/** Most of what the server ends a stream for is good for another try; a key it no longer knows is not. */
const refuseIfFinal = (data: string | null): void => {
  const { code, detail } = JSON.parse(data ?? '{}') as { code?: string; detail?: string } // safety: the shape is the server's contract
  if (code !== 'unauthorized') return
  const title = 'The API key is missing or wrong'
  throw problemError({ status: 401, code, title, detail: detail ?? title, errors: [], retryAfterMs: null })
}

type Block = {
  readonly id: number | null
  readonly event: string | null
  readonly data: string | null
  readonly retry: number | null
}

/** The blocks of one connection. */
async function* readOnce(
  transport: Transport,
  { path, signal: outer }: FollowRequest,
  place: number | undefined,
): AsyncGenerator<Block, void> {
  const quiet = new TimeoutError(`the stream ${path} has been silent for ${silenceMsMax} ms`)
  let silence = deadline(silenceMsMax, () => quiet, outer)
  const ended = new AbortController()
  const renew = () => {
    silence.dispose()
    silence = deadline(silenceMsMax, () => quiet, outer)
    silence.signal.addEventListener('abort', () => ended.abort(silence.signal.reason), { once: true })
  }
  renew()
  try {
    const headers = {
      accept: 'text/event-stream',
      ...(place !== undefined && { 'last-event-id': String(place) }),
    }
    const options = { signal: ended.signal }
    const response = await openStream(transport, { method: 'GET', path, headers, repeatable: true, options })
    yield* readBlocks(response, renew)
  } catch (error) {
    if (outer?.aborted || error instanceof ProblemError || error instanceof AuthenticationError) throw error
    if (error instanceof TimeoutError || error instanceof ConnectionError) throw error
    throw new ConnectionError(`the stream ${path} broke off`, { cause: error })
  } finally {
    silence.dispose()
    ended.abort()
  }
}

async function* readBlocks({ body }: Response, onChunk: () => void): AsyncGenerator<Block, void> {
  if (body === null) return
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    onChunk()
    text += decoder.decode(value, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) yield readBlock(block)
  }
}

const readBlock = (text: string): Block => {
  const fields = new Map(
    text.split('\n').map((line) => {
      const [, name = '', value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? []
      return [name, value]
    }),
  )
  const number = (name: string) => (/^\d+$/.test(fields.get(name) ?? '') ? Number(fields.get(name)) : null)
  return {
    id: number('id'),
    event: fields.get('event') ?? null,
    data: fields.get('data') ?? null,
    retry: number('retry'),
  }
}
