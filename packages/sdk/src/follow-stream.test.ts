/** Following over lost connections, restarts and refusals, against a real HTTP server that misbehaves as told. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { AuthenticationError, ConnectionError, NotFoundError, Remanence } from './index.ts'

type Visit = (response: ServerResponse, lastEventId: string | undefined) => void

/** Every request for events is answered by the next of the visits, every other one with the run as it is in the end. */
const startStreams = async (visits: Visit[], eventSeq: number) => {
  const seen: (string | undefined)[] = []
  const server = createServer((request, response) => {
    if (!request.url?.includes('/events')) {
      response.writeHead(200, { 'content-type': 'application/json' })
      return void response.end(JSON.stringify({ run_id: 'r1', state: 'completed', event_seq: eventSeq }))
    }
    const header = request.headers['last-event-id']
    const lastEventId = typeof header === 'string' ? header : undefined
    seen.push(lastEventId)
    const visit = visits.shift()
    if (visit === undefined) return void response.socket?.destroy()
    visit(response, lastEventId)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // safety: it listens on a port
  return {
    seen,
    client: new Remanence({ baseUrl: `http://127.0.0.1:${port}` }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const begin = (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write('retry: 1\n\n')
}
const frame = (seq: number) =>
  `id: ${seq}\nevent: step.completed\ndata: ${JSON.stringify({ seq, type: 'step.completed', run_id: 'r1', data: {} })}\n\n`
const tell =
  (seqs: readonly number[], end: (response: ServerResponse) => void): Visit =>
  (response) => {
    begin(response)
    for (const seq of seqs) response.write(frame(seq))
    setTimeout(() => end(response), 20)
  }
const end = (response: ServerResponse) => void response.end()
const breakOff = (response: ServerResponse) => void response.socket?.destroy()
const refuse =
  (status: number, code: string): Visit =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/problem+json' })
    response.end(JSON.stringify({ status, code, detail: code }))
  }

const follow = async (client: Remanence, options = {}) => {
  const seqs: number[] = []
  for await (const event of client.runs.follow('r1', options)) seqs.push(event.seq)
  return seqs
}

test('a connection that breaks, and one that ends too early, are taken up where they stood', async () => {
  const visits = [tell([1, 2], breakOff), tell([3], end), refuse(503, 'unavailable'), tell([4, 5], end)]
  await using streams = await startStreams(visits, 5)
  expect(await follow(streams.client)).toEqual([1, 2, 3, 4, 5])
  expect(streams.seen).toEqual([undefined, '2', '3', '3'])
})

test('what is told again is not yielded again', async () => {
  await using streams = await startStreams([tell([1, 2], breakOff), tell([1, 2, 3], end)], 3)
  expect(await follow(streams.client)).toEqual([1, 2, 3])
})

test('a block cut in two, also inside a character, is one block', async () => {
  const [bytes, data] = [Buffer.from(frame(1).replace('{}', '{"name":"Zoë"}')), 0]
  const cut = bytes.indexOf(0xc3) + 1
  const visit: Visit = (response) => {
    begin(response)
    response.write(bytes.subarray(data, cut))
    setTimeout(() => response.end(bytes.subarray(cut)), 20)
  }
  await using streams = await startStreams([visit], 1)
  const events = []
  for await (const event of streams.client.runs.follow('r1')) events.push(event)
  expect(events).toMatchObject([{ seq: 1, runId: 'r1', data: { name: 'Zoë' } }])
})

test('a stream that was too slow is taken up again, one whose key is revoked is not', async () => {
  const error = (code: string) => `event: error\ndata: {"code":"${code}","detail":"because"}\n\n`
  const slow: Visit = (response) => {
    begin(response)
    response.end(frame(1) + error('stream_too_slow'))
  }
  const revoked: Visit = (response) => {
    begin(response)
    response.end(frame(2) + error('unauthorized'))
  }
  await using streams = await startStreams([slow, revoked], 9)
  const seqs: number[] = []
  const following = async () => {
    for await (const event of streams.client.runs.follow('r1')) seqs.push(event.seq)
  }
  await expect(following()).rejects.toThrow(AuthenticationError)
  expect(seqs).toEqual([1, 2])
})

test('what is refused for good, and a server that stays away, are errors', async () => {
  await using streams = await startStreams([refuse(404, 'not_found')], 1)
  await expect(follow(streams.client)).rejects.toThrow(NotFoundError)
  await expect(follow(streams.client, { reconnectMsMax: 0 })).rejects.toThrow(ConnectionError)
})

test('leaving closes the connection; an abort passes its reason on', async () => {
  const closed: Promise<unknown>[] = []
  const stay: Visit = (response) => {
    closed.push(new Promise((resolve) => response.on('close', resolve)))
    begin(response)
    response.write(frame(1))
  }
  await using streams = await startStreams([stay, stay], 9)
  for await (const _ of streams.client.events.follow({ after: 0 })) break
  const controller = new AbortController()
  const reason = new Error('enough')
  const following = async () => {
    for await (const _ of streams.client.events.follow({ signal: controller.signal }))
      controller.abort(reason)
  }
  await expect(following()).rejects.toBe(reason)
  await Promise.all(closed)
})
