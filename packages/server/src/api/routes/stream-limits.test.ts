/** What bounds streams: how many there are, how slowly they may be read, and the stop of the server. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { StepError } from '../../kernel/step-error.ts'
import { openEvents } from '../../testing/event-reader.ts'
import { fakeExtractor } from '../../testing/fake-extractor.ts'
import { movableClock } from '../../testing/movable-clock.ts'
import { startTestApp, type TestApp } from '../../testing/test-app.ts'

const LONG = 'x'.repeat(500_000)
/** Every run fails twice, with an error so long that a few of them fill all buffers between server and reader. */
const failing = fakeExtractor(() => {
  throw new StepError('unreadable', LONG, { retryable: true })
})
const limits = { runFailureCountMax: 2, retryBaseMs: 1, retryMaxMs: 1 }

/** A reader that asks for a stream and then takes nothing. */
const openUnread = async (app: TestApp, path: string): Promise<Socket> => {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.pause()
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${app.key}\r\nAccept: text/event-stream\r\n\r\n`,
  )
  return socket
}

const openCount = async (app: TestApp) => {
  const { text } = await app.request('GET', '/metrics')
  return Number(/^remanence_streams_open (\d+)/m.exec(text)?.[1])
}

const addFailing = async (app: TestApp, count: number) => {
  const runs = Array.from({ length: count }, (_, n) => app.add('x', { user_id: `user ${n}` }))
  for (const runId of await Promise.all(runs)) await app.finished(runId)
}

const readRest = async (socket: Socket): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

test('a reader that does not keep up is cut off with the reason, and can go on where it stood', async () => {
  await using app = await startTestApp({ extractor: failing, limits })
  const socket = await openUnread(app, '/v1/events')
  await expect.poll(() => openCount(app)).toBe(1)
  await addFailing(app, 24)
  expect(await openCount(app)).toBe(0)
  const text = await readRest(socket)
  expect(text).toMatch(/event: error\ndata: \{"code":"stream_too_slow","detail":"[^"]+"\}\n\n/)
  const ids = [...text.matchAll(/^id: (\d+)\nevent: /gm)].map(([, id]) => Number(id))
  const stream = await openEvents(app, '/v1/events', { 'last-event-id': String(ids.at(-1)) })
  const { next } = (await app.request<{ next: number }>('GET', '/v1/events?after=0&type=run.accepted')).body
  const all = [...ids]
  while (all.at(-1) !== next) all.push(Number((await stream.next())?.id))
  stream.leave()
  expect(all).toEqual(Array.from({ length: next }, (_, n) => n + 1))
})

test('a reader that takes nothing while it catches up is cut off after a while', async () => {
  const clock = movableClock()
  await using app = await startTestApp({ extractor: failing, limits, clock })
  await addFailing(app, 24)
  const socket = await openUnread(app, '/v1/events?after=0')
  await expect.poll(() => openCount(app)).toBe(1)
  await sleep(100)
  await expect
    .poll(
      async () => {
        clock.advance(10_000)
        return openCount(app)
      },
      { timeout: 10_000 },
    )
    .toBe(0)
  socket.destroy()
})

test('streams count, and one more than may be open is refused', async () => {
  await using app = await startTestApp({ limits: { streamCountMax: 2 } })
  const streams = [await openEvents(app, '/v1/events'), await openEvents(app, '/v1/events')]
  const { response } = await openEvents(app, '/v1/events')
  expect(response.status).toBe(503)
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await response.json()).toMatchObject({ code: 'too_many_streams' })
  expect((await app.request('GET', '/v1/events')).status).toBe(200)
  streams[0]?.leave()
  await expect.poll(() => openCount(app)).toBe(1)
  const again = await openEvents(app, '/v1/events')
  expect(again.response.status).toBe(200)
  for (const stream of [...streams, again]) stream.leave()
})

test('a server that stops ends its streams at once, read or not', async () => {
  const app = await startTestApp({ extractor: failing, limits })
  await addFailing(app, 24)
  const stream = await openEvents(app, '/v1/events')
  const unread = await openUnread(app, '/v1/events?after=0')
  await expect.poll(() => openCount(app)).toBe(2)
  const startedAt = performance.now()
  const rest = stream.rest()
  await app.stop()
  expect(await rest).toEqual([])
  expect(performance.now() - startedAt).toBeLessThan(5_000)
  unread.destroy()
})
