/** Requests to real servers of this machine: what arrives, what is told of the answer, and what never leaves. */
import { expect, test } from 'vitest'
import { ACTION_RESPONSE_BYTES_MAX } from '../../kernel/limits.ts'
import { openActionScene } from '../../testing/action-scene.ts'
import { type Receiver, type Reply, startReceiver } from '../../testing/receiver.ts'
import type { ActionSpec, HttpRequestTemplate } from '../action-spec.ts'

const text = { type: 'string' }
const parameters = { type: 'object', properties: { x: text, y: text, n: { type: 'integer' } } }

const spec = (request: Partial<HttpRequestTemplate> & { url: string }): ActionSpec => ({
  ...{ type: 'http', name: 'look_up', description: 'Looks it up.', parameters, timeoutMs: 5_000 },
  request: { method: 'GET', headers: {}, query: {}, body: null, ...request },
})

const secret = 'sk-live/+?&="quoted" 7'

test('values stand where the template puts them, written for their place', async () => {
  await using receiver = await startReceiver(() => ({ status: 200, body: '{"made":[1]}' }))
  await using scene = await openActionScene()
  await scene.putSecrets({ KEY: secret })
  const request = spec({
    ...{ method: 'POST', url: `${receiver.url}/v1/{{args.x}}/now?fixed=1&at={{args.x}}` },
    headers: { Authorization: 'Bearer {{secrets.KEY}}', 'X-Name': 'n-{{args.n}}' },
    query: { 'q 1': '{{args.x}}', key: '{{secrets.KEY}}', left: '{{args.y}}' },
    body: { n: '{{args.n}}', text: 'n is {{args.n}}', left: '{{args.y}}', list: ['{{args.x}}'] },
  })
  const x = 'a/b?c=d&e#f ü"'
  expect(await scene.perform(request, { x, n: 3 })).toEqual({
    output: { status: 200, body: { made: [1] } },
    isError: false,
  })
  const [received] = receiver.received
  const url = new URL(received?.path ?? '', receiver.url)
  expect(url.pathname).toBe(`/v1/${encodeURIComponent(x)}/now`)
  expect([...url.searchParams]).toEqual([
    ['fixed', '1'],
    ['at', x],
    ['q 1', x],
    ['key', secret],
  ])
  expect(received?.json).toEqual({ n: 3, text: 'n is 3', list: [x] })
  expect(received?.headers).toMatchObject({
    authorization: `Bearer ${secret}`,
    'x-name': 'n-3',
    'content-type': 'application/json',
    'idempotency-key': expect.stringMatching(/^[0-9a-f-]{36}\/action-1-1$/),
  })
})

test.each([
  ['/a/{{args.x}}/b', '..', 'change the path'],
  ['/a/{{args.x}}/b', '.', 'change the path'],
  ['/a/.{{args.x}}/b', '.', 'change the path'],
  ['/a/{{args.x}}', '', 'change the path'],
  ['/a/{{args.x}}', ['..'], 'must be a text'],
  ['/a/{{args.x}}', { toString: '..' }, 'must be a text'],
  ['/a/{{args.x}}', null, 'must be a text'],
  ['/a/{{args.y}}', 'x', 'is not given'],
  ['/a/{{args.z}}', 'x', 'names nothing'],
  ['/a/{{secrets.GONE}}', 'x', 'names nothing'],
])('%s with %j is refused, and nothing is sent', async (path, x, message) => {
  await using receiver = await startReceiver()
  await using scene = await openActionScene()
  const answer = await scene.perform(spec({ url: receiver.url + path }), { x })
  expect(answer).toEqual({ output: { error: expect.stringContaining(message) }, isError: true })
  expect(receiver.received).toEqual([])
})

test.each([
  ['%2e%2e', '/a/%252e%252e/b'],
  ['../../admin', '/a/..%2F..%2Fadmin/b'],
  ['..\\..\\admin', '/a/..%5C..%5Cadmin/b'],
  ['x?y#z', '/a/x%3Fy%23z/b'],
  ['@evil.example:80', '/a/%40evil.example%3A80/b'],
])('an argument %s stays within its segment', async (x, path) => {
  await using receiver = await startReceiver(() => 200)
  await using scene = await openActionScene()
  await scene.perform(spec({ url: `${receiver.url}/a/{{args.x}}/b` }), { x })
  expect(receiver.received).toMatchObject([{ path }])
})

test.each([
  'http://{{args.x}}/',
  'http://127.0.0.1:{{args.x}}/',
  '{{args.x}}',
  'http://a{{args.x}}',
  'http://a\\{{args.x}}',
  'file:///etc/{{args.x}}',
])('the template %s may not have its host chosen', async (url) => {
  await using scene = await openActionScene()
  const answer = await scene.perform(spec({ url }), { x: '127.0.0.1' })
  expect(answer).toMatchObject({
    output: { error: expect.stringContaining('a host without places') },
    isError: true,
  })
})

test('no argument adds a line to the head', async () => {
  await using receiver = await startReceiver()
  await using scene = await openActionScene()
  for (const x of ['a\r\nX-Evil: 1', 'a\nb', 'a\0b', 'ключ'])
    expect(
      await scene.perform(spec({ url: receiver.url, headers: { 'x-a': '{{args.x}}' } }), { x }),
    ).toMatchObject({
      output: { error: expect.stringContaining('characters that a header may not') },
    })
  for (const name of ['Host', 'Content-Length', 'transfer-encoding', 'a b'])
    expect(await scene.perform(spec({ url: receiver.url, headers: { [name]: 'x' } }), {})).toMatchObject({
      output: { error: expect.stringContaining('cannot be sent') },
    })
  expect(receiver.received).toEqual([])
})

test.each(['127.0.0.1', 'localhost', '[::1]', '169.254.169.254', '10.0.0.1', '0x7f000001'])(
  'http://%s is out of reach unless it is allowed',
  async (host) => {
    await using receiver = await startReceiver()
    await using scene = await openActionScene({ allow: null })
    const answer = await scene.perform(spec({ url: `http://${host}:${receiver.port}/` }), {})
    expect(answer).toMatchObject({ output: { error: expect.stringContaining('not allowed') }, isError: true })
    expect(receiver.received).toEqual([])
  },
)

test('a redirect to where it may not go is refused, and one that would carry a secret elsewhere', async () => {
  await using other = await startReceiver(() => 200)
  await using receiver = await startReceiver(({ path }) => ({
    status: 302,
    headers: { location: path.startsWith('/inside') ? 'http://169.254.169.254/' : other.url },
  }))
  await using scene = await openActionScene()
  await scene.putSecrets({ KEY: secret })
  expect(await scene.perform(spec({ url: `${receiver.url}/inside` }), {})).toMatchObject({
    output: { error: expect.stringContaining('the redirect leads astray') },
    isError: true,
  })
  const carrying: Partial<HttpRequestTemplate>[] = [
    { headers: { 'x-api-key': '{{secrets.KEY}}' } },
    { query: { key: '{{secrets.KEY}}' } },
  ]
  for (const over of carrying)
    expect(await scene.perform(spec({ url: receiver.url, ...over }), {})).toMatchObject({
      output: { error: 'the redirect leads to another origin' },
    })
  expect(other.received).toEqual([])
  expect(await scene.perform(spec({ url: receiver.url }), {})).toMatchObject({ output: { status: 200 } })
})

const echoes: readonly (readonly [string, (value: string) => Reply])[] = [
  ['in JSON', (value) => ({ status: 200, body: JSON.stringify({ [value]: [{ seen: `Bearer ${value}` }] }) })],
  ['in text', (value) => ({ status: 200, body: `you sent ${value}` })],
  ['in an error', (value) => ({ status: 401, body: JSON.stringify({ detail: `bad key ${value}` }) })],
  ['percent-encoded', (value) => ({ status: 200, body: encodeURIComponent(value) })],
  ['in Base64', (value) => ({ status: 200, body: Buffer.from(`user:${value}`).toString('base64') })],
  ['escaped', (value) => ({ status: 200, body: `{"broken": ${JSON.stringify(value)}` })],
  ['cut off', (value) => ({ status: 200, body: 'x'.repeat(ACTION_RESPONSE_BYTES_MAX - 8) + value })],
]

test.each(echoes)('a secret that comes back %s is masked', async (_how, reply) => {
  await using receiver = await startReceiver(() => reply(secret))
  await using scene = await openActionScene()
  await scene.putSecrets({ KEY: secret })
  const answer = await scene.perform(
    spec({ url: receiver.url, headers: { 'x-api-key': '{{secrets.KEY}}' } }),
    {},
  )
  const told = JSON.stringify(answer)
  for (const trace of [
    secret,
    'sk-live',
    encodeURIComponent(secret),
    'c2stbGl2ZS8',
    'NrLWxpdmUv',
    'zay1saXZl',
  ])
    expect(told).not.toContain(trace)
})

test('of a long answer the beginning is told, and that it is only that', async () => {
  await using receiver = await startReceiver(() => ({
    status: 200,
    body: 'x'.repeat(ACTION_RESPONSE_BYTES_MAX + 1),
  }))
  await using scene = await openActionScene()
  const { output } = await scene.perform(spec({ url: receiver.url }), {})
  expect(output).toEqual({ status: 200, body: 'x'.repeat(ACTION_RESPONSE_BYTES_MAX), is_cut: true })
})

test.each([
  [204, undefined, { output: { status: 204, body: null }, isError: false }],
  [404, 'gone', { output: { status: 404, body: 'gone' }, isError: true }],
  [422, '{"errors":[]}', { output: { status: 422, body: { errors: [] } }, isError: true }],
  [301, 'elsewhere', { output: { status: 301, body: 'elsewhere' }, isError: true }],
])('%d is an answer', async (status, body, expected) => {
  await using receiver = await startReceiver(() => ({ status, ...(body !== undefined && { body }) }))
  await using scene = await openActionScene()
  expect(await scene.perform(spec({ url: receiver.url }), {})).toEqual(expected)
})

const failing = async (receiver: Receiver, over: object = {}) => {
  await using scene = await openActionScene()
  await scene.putSecrets({ KEY: secret })
  const given = { ...spec({ url: `${receiver.url}/{{secrets.KEY}}` }), ...over } as ActionSpec // safety: a spec, with another time limit
  return await scene.perform(given, {}).then(
    () => null,
    (error: unknown) => error,
  )
}

test('what may pass is to be tried again, when the server says so', async () => {
  await using busy = await startReceiver(() => ({ status: 429, headers: { 'retry-after': '7' } }))
  expect(await failing(busy)).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: 7_000 })
  await using broken = await startReceiver(() => 503)
  expect(await failing(broken)).toMatchObject({ code: 'unreachable', message: 'the server answered 503' })
  await using dropping = await startReceiver(() => 'drop')
  expect(await failing(dropping)).toMatchObject({ code: 'unreachable', retryable: true })
  await using hanging = await startReceiver(() => 'hang')
  expect(await failing(hanging, { timeoutMs: 50 })).toMatchObject({ code: 'timeout', retryable: true })
})

test('a run that ends does not wait for the answer', async () => {
  await using receiver = await startReceiver(() => 'hang')
  await using scene = await openActionScene()
  const ending = new AbortController()
  const performing = scene.perform(spec({ url: receiver.url }), {}, { signal: ending.signal })
  await receiver.until(1)
  ending.abort(new Error('ended'))
  await expect(performing).rejects.toThrow('ended')
})
