/**
 * One open stream of server-sent events (WHATWG HTML, 9.2). It takes text as fast as its reader reads it: with more than
 * `streamBufferBytesMax` waiting, or nothing read for STREAM_STALL_MS, it is cut off with an event `error` that says why. Whatever
 * ends it, the reader can come back with the last `id` it saw.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RouteDependencies } from '../api/route.ts'
import { STREAM_CLOSE_MS, STREAM_HEARTBEAT_MS, STREAM_STALL_MS } from '../kernel/limits.ts'
import { type ProblemCode, problem } from '../kernel/problem.ts'
import { tooManyStreams } from '../runs/hub.ts'

export type EventStream = {
  readonly write: (text: string) => void
  /** Resolves when it can take more, or is closed. */
  readonly drained: () => Promise<void>
  readonly isClosed: () => boolean
  readonly close: (reason?: Reason) => void
  readonly onClosed: (listener: () => void) => void
  /** The id a reader could come back with, told with each heartbeat. */
  readonly setPlace: (place: () => number) => void
}

type Reason = { readonly code: ProblemCode | 'stream_too_slow'; readonly detail: string }

const tooSlow: Reason = {
  code: 'stream_too_slow',
  detail: 'The stream was read too slowly. Come back with the last id to go on.',
}
const failed: Reason = { code: 'internal_error', detail: 'The events could not be read. Come back to go on.' }
const revoked: Reason = { code: 'unauthorized', detail: 'The API key is revoked or has expired.' }

/** How long a reader waits before it comes back: at random, so that not all come at once after a restart. */
const RECONNECT_MS = { min: 500, spread: 1_500 } as const

/** Throws Problem `too_many_streams`, and `unavailable` when the server is stopping. */
export const openEventStream = (
  request: FastifyRequest,
  reply: FastifyReply,
  { hub, limits, clock, isKeyGood }: Pick<RouteDependencies, 'hub' | 'limits' | 'clock' | 'isKeyGood'>,
): EventStream => {
  const { raw } = reply
  const startedAt = clock.now()
  const closers: (() => void)[] = []
  let isClosed = false
  let placeOf: (() => number) | null = null
  let beatAt = startedAt
  let blockedSince: number | null = null

  const finish = () => {
    if (isClosed) return
    isClosed = true
    leave?.()
    for (const closer of closers) closer()
  }
  const close = (reason?: Reason) => {
    if (isClosed) return
    finish()
    raw.end(reason === undefined ? undefined : errorFrame(reason))
    const giveUp = setTimeout(() => raw.destroy(), STREAM_CLOSE_MS)
    raw.once('close', () => clearTimeout(giveUp))
  }
  const write = (text: string) => {
    if (isClosed) return
    if (raw.writableLength > limits.streamBufferBytesMax) close(tooSlow)
    else raw.write(text)
  }
  const tick = (now: number) => {
    if (!raw.writableNeedDrain) blockedSince = null
    else blockedSince ??= now
    if (blockedSince !== null && now - blockedSince >= STREAM_STALL_MS) return close(tooSlow)
    if (now - beatAt < STREAM_HEARTBEAT_MS) return
    beatAt = now
    write(placeOf === null ? ': alive\n\n' : `id: ${placeOf()}\n: alive\n\n`)
    void isKeyGood(request).then((isGood) => isGood || close(revoked))
  }

  if (hub.isStopping()) throw problem('unavailable', 'The server is stopping.', { retryAfterSeconds: 1 })
  const leave = hub.enter({ leave: () => close(), tick })
  if (leave === null) throw tooManyStreams(limits)
  reply.hijack()
  raw.on('error', finish)
  raw.on('close', () => {
    finish()
    // Fastify tells of answers that were finished, and a reader who goes away leaves none.
    if (!raw.writableFinished) request.observed.ended(200, (clock.now() - startedAt) / 1_000)
  })
  raw.writeHead(200, {
    ...headersOf(reply),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies that gather answers keep their hands off.
    'x-accel-buffering': 'no',
    connection: 'close',
  })
  raw.write(`retry: ${RECONNECT_MS.min + Math.floor(Math.random() * RECONNECT_MS.spread)}\n\n`)

  return {
    write,
    drained: () =>
      new Promise((resolve) => {
        if (isClosed || !raw.writableNeedDrain) return resolve()
        raw.once('drain', resolve)
        raw.once('close', resolve)
      }),
    isClosed: () => isClosed,
    close,
    onClosed: (listener) => void closers.push(listener),
    setPlace: (place) => {
      placeOf = place
    },
  }
}

const errorFrame = (reason: Reason): string => `event: error\ndata: ${JSON.stringify(reason)}\n\n`

const headersOf = (reply: FastifyReply): Record<string, string | number | string[]> =>
  Object.fromEntries(
    Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  )

/** The stream as one who follows events: what it reads is put there by its route. */
export const readerOf = ({ drained, isClosed, onClosed, setPlace, close }: EventStream) => ({
  drained,
  isClosed,
  onClosed,
  setPlace,
  close: (why: 'over' | 'failed') => (why === 'over' ? close() : close(failed)),
})
