import { expect, test } from 'vitest'
import {
  AuthenticationError,
  ConnectionError,
  InvalidRequestError,
  RateLimitError,
  Remanence,
  RemanenceError,
  ServerError,
  TimeoutError,
} from './index.ts'
import { type PeerAnswer, startPeer } from './testing/peer.ts'

const accepted: PeerAnswer = { body: { run_id: 'r1', status: 'running' } }
const atOnce = { 'retry-after': '0' }

const clientOf = (peer: { url: string }, options = {}) =>
  new Remanence({ baseUrl: peer.url, apiKey: 'rem_secret', ...options })

test('an add that meets failures is repeated under one idempotency key', async () => {
  const answers: PeerAnswer[] = [
    { status: 503, headers: atOnce },
    'drop',
    { status: 429, headers: atOnce },
    accepted,
  ]
  await using peer = await startPeer((_, index) => answers[index] ?? 'drop')
  expect(await clientOf(peer).memories.add('text')).toEqual({
    runId: 'r1',
    status: 'running',
    replayed: false,
  })
  const keys = peer.received.map((request) => request.headers['idempotency-key'])
  expect(keys).toHaveLength(4)
  expect(new Set(keys).size).toBe(1)
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/)
})

test('two adds have two idempotency keys', async () => {
  await using peer = await startPeer(() => accepted)
  const client = clientOf(peer)
  await client.memories.add('text')
  await client.memories.add('text')
  const keys = peer.received.map((request) => request.headers['idempotency-key'])
  expect(new Set(keys).size).toBe(2)
})

test('repetitions end after retryCountMax', async () => {
  await using peer = await startPeer(() => ({ status: 500, headers: atOnce, body: { detail: 'broken' } }))
  const call = clientOf(peer, { retryCountMax: 2 }).runs.get('r1')
  await expect(call).rejects.toThrow(ServerError)
  expect(peer.received).toHaveLength(3)
})

test('what may have been carried out and is not repeatable is not repeated', async () => {
  await using peer = await startPeer(() => ({ status: 500, headers: atOnce }))
  await expect(clientOf(peer).keys.create({ name: 'a', scopes: ['read'] })).rejects.toThrow(ServerError)
  expect(peer.received).toHaveLength(1)
})

test('a refusal is not repeated and carries the whole problem', async () => {
  const errors = [{ message: 'too long', location: 'body.input', value: { kept_as: 'sent' } }]
  const body = { title: 'T', status: 422, detail: 'no such topic', code: 'unknown_topic', errors }
  await using peer = await startPeer(() => ({ status: 422, body }))
  const error = await clientOf(peer)
    .memories.add('text')
    .catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(InvalidRequestError)
  expect(error).toMatchObject({
    status: 422,
    code: 'unknown_topic',
    title: 'T',
    message: 'no such topic',
    errors,
  })
  expect(peer.received).toHaveLength(1)
})

test('an answer that is no problem document still makes a clear error', async () => {
  await using peer = await startPeer(() => ({ status: 404, body: '404 page not found' }))
  const call = clientOf(peer).groups.list()
  await expect(call).rejects.toMatchObject({ name: 'NotFoundError', code: 'http_404', message: 'Not Found' })
})

test('a longer Retry-After than the client is ready to wait is passed on', async () => {
  await using peer = await startPeer(() => ({ status: 429, headers: { 'retry-after': '3600' } }))
  const error = await clientOf(peer)
    .memories.add('text')
    .catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(RateLimitError)
  expect(error).toMatchObject({ retryAfterMs: 3_600_000 })
  expect(peer.received).toHaveLength(1)
})

test('a Retry-After of one second is waited for', async () => {
  await using peer = await startPeer((_, index) =>
    index === 0 ? { status: 503, headers: { 'retry-after': '1' } } : accepted,
  )
  const startedAt = performance.now()
  await clientOf(peer).memories.add('text')
  expect(performance.now() - startedAt).toBeGreaterThan(990)
})

test('abort ends the wait for a repetition with the reason given', async () => {
  const controller = new AbortController()
  const reason = new Error('enough')
  await using peer = await startPeer(() => {
    setImmediate(() => controller.abort(reason))
    return { status: 503, headers: { 'retry-after': '30' } }
  })
  await expect(clientOf(peer).runs.get('r1', { signal: controller.signal })).rejects.toBe(reason)
})

test('abort ends a request under way', async () => {
  const controller = new AbortController()
  await using peer = await startPeer(() => {
    controller.abort()
    return 'hang'
  })
  const call = clientOf(peer).runs.get('r1', { signal: controller.signal })
  await expect(call).rejects.toMatchObject({ name: 'AbortError' })
  expect(peer.received).toHaveLength(1)
})

test('an attempt without an answer times out', async () => {
  await using peer = await startPeer(() => 'hang')
  const client = clientOf(peer, { timeoutMs: 30, retryCountMax: 0 })
  await expect(client.health()).rejects.toThrow(TimeoutError)
})

test('a server that is not there is a connection error that names the address', async () => {
  const peer = await startPeer(() => accepted)
  await peer[Symbol.asyncDispose]()
  const call = clientOf(peer, { retryCountMax: 0 }).health()
  await expect(call).rejects.toThrow(ConnectionError)
  await expect(call).rejects.toThrow(`${peer.url}: connect ECONNREFUSED`)
})

test('something else than Remanence behind the address is said to be so', async () => {
  await using peer = await startPeer(() => ({ body: '<html>hello</html>' }))
  await expect(clientOf(peer).groups.list()).rejects.toThrow('is no Remanence server')
})

test('a redirect is not followed but named', async () => {
  await using peer = await startPeer(() => ({ status: 308, headers: { location: 'https://a.example/' } }))
  await expect(clientOf(peer).groups.list()).rejects.toThrow('the server is at https://a.example/')
})

test('verify tells a good key from a bad one', async () => {
  await using peer = await startPeer(({ headers }) => ({
    status: headers.authorization === 'Bearer good' ? 204 : 401,
  }))
  expect(await clientOf(peer, { apiKey: 'good' }).verify()).toBe(true)
  expect(await clientOf(peer, { apiKey: 'bad' }).verify()).toBe(false)
  await expect(clientOf(peer, { apiKey: 'bad' }).groups.list()).rejects.toThrow(AuthenticationError)
})

test('own headers go before the client’s', async () => {
  await using peer = await startPeer(() => ({ body: { groups: [] } }))
  await clientOf(peer, { headers: { Authorization: 'Basic abc', 'X-Trace': '7' } }).groups.list()
  expect(peer.received[0]?.headers).toMatchObject({ authorization: 'Basic abc', 'x-trace': '7' })
})

test.each([{ baseUrl: 'localhost:7090' }, { baseUrl: 'ftp://a' }, { apiKey: 'with blank' }, { apiKey: '' }])(
  'options that cannot work are refused at once: %o',
  (options) => {
    expect(() => new Remanence(options)).toThrow(RemanenceError)
  },
)

test('a trace of the caller goes along with each request', async () => {
  await using peer = await startPeer(() => accepted)
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  await clientOf(peer).memories.add('text', { traceparent })
  await clientOf(peer).memories.add('text')
  expect(peer.received.map(({ headers }) => headers.traceparent)).toEqual([traceparent, undefined])
  await expect(clientOf(peer).memories.add('text', { traceparent: 'a\nb' })).rejects.toThrow(RemanenceError)
  expect(peer.received).toHaveLength(2)
})
