import { getEventListeners } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { MODEL_ANSWER_BYTES_MAX } from '../../kernel/limits.ts'
import { StepError } from '../../kernel/step-error.ts'
import { type ProviderAnswer, startProvider } from '../../testing/provider.ts'
import type { ChatRequest } from '../chat-model.ts'
import type { ModelUse } from '../model.ts'
import { createAiSdkModel } from './ai-sdk-model.ts'
import type { ModelProvider } from './provider.ts'

const key = 'sk-very-secret-key'
const types = ['openai-compatible', 'anthropic'] as const
type Type = ModelProvider['type']

const request: ChatRequest = {
  model: 'small',
  instructions: 'Be brief.',
  messages: [{ role: 'user', content: 'What does Mara keep, between us?' }],
  tools: [],
  signal: new AbortController().signal,
}

const callTimeoutMs = 20_000

const startModel = async (type: Type, answers: readonly ProviderAnswer[], timeoutMs = callTimeoutMs) => {
  const provider = await startProvider({ answers })
  const model = createAiSdkModel({ type, url: provider.url, key, timeoutMs })
  const used: ModelUse[] = []
  const complete = (parts: Partial<ChatRequest> = {}) =>
    model.complete({ ...request, used: (use) => used.push(use), ...parts })
  return { provider, used, complete, [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose]() }
}

/** What it throws, which must be a StepError that gives nothing away. */
const failureOf = async (work: Promise<unknown>): Promise<StepError> => {
  const error: unknown = await work.then(
    (answer) => expect.fail(`it answered ${JSON.stringify(answer)}`),
    (reason: unknown) => reason,
  )
  if (!(error instanceof StepError)) throw error
  const whole = `${JSON.stringify(error)} ${error.message} ${error.stack} ${error.cause}`
  expect(whole).not.toContain(key)
  expect(whole).not.toContain('between us')
  return error
}

const outcomes = [
  [400, 'model_refused', false],
  [401, 'model_unauthorized', false],
  [403, 'model_unauthorized', false],
  [404, 'model_refused', false],
  [408, 'model_timeout', true],
  [409, 'model_unavailable', true],
  [413, 'model_refused', false],
  [422, 'model_refused', false],
  [429, 'model_rate_limited', true],
  [500, 'model_unavailable', true],
  [503, 'model_unavailable', true],
  [529, 'model_unavailable', true],
] as const

test.each(types.flatMap((type) => outcomes.map((each) => [type, ...each] as const)))(
  '%s: %d is %s (retryable: %s), after one attempt',
  async (type, status, code, retryable) => {
    await using it = await startModel(type, [{ status, message: 'so it is' }, 'Bees.'])
    const error = await failureOf(it.complete())
    expect(error).toMatchObject({ code, retryable, retryAfterMs: 0 })
    expect(error.message).toBe(`the model provider answered ${status}: so it is`)
    expect(it.provider.requests).toHaveLength(1)
    expect(it.used).toEqual([])
  },
)

const date = 'Wed, 25 Nov 2026 10:00:00 GMT'

test.each([
  [{ 'retry-after': '7' }, 7_000],
  [{ 'retry-after': '0.5' }, 500],
  [{ 'retry-after-ms': '1234', 'retry-after': '7' }, 1_234],
  [{ 'retry-after': 'Wed, 25 Nov 2026 10:00:30 GMT', date }, 30_000],
  [{ 'retry-after': 'Wed, 25 Nov 2026 09:00:00 GMT', date }, 0],
  [{ 'retry-after': 'soon' }, 0],
  [{ 'retry-after': '-5' }, 0],
  [{ 'retry-after': '99999999999' }, 3_600_000],
])('%j asks for %d ms', async (headers, retryAfterMs) => {
  await using it = await startModel(
    'openai-compatible',
    [429, 503].map((status) => ({ status, headers })),
  )
  expect(await failureOf(it.complete())).toMatchObject({ code: 'model_rate_limited', retryAfterMs })
  expect(await failureOf(it.complete())).toMatchObject({ code: 'model_unavailable', retryAfterMs })
})

test.each(types)('%s: a provider that repeats the key does not make it known', async (type) => {
  await using it = await startModel(type, [{ status: 401, message: `wrong key: ${key}` }])
  const { message } = await failureOf(it.complete())
  expect(message).toBe('the model provider answered 401: wrong key: …')
})

test.each([
  ['{"detail": "no such model"}', 'the model provider answered 422: {"detail": "no such model"}'],
  ['<h1>Bad\n\n  gateway</h1>', 'the model provider answered 422: <h1>Bad gateway</h1>'],
  [' ', 'the model provider answered 422: Unprocessable Entity'],
])('an error that is told as %j is shown', async (raw, message) => {
  await using it = await startModel('openai-compatible', [{ raw, code: 422, contentType: 'text/plain' }])
  expect((await failureOf(it.complete())).message).toBe(message)
})

test('what a provider says of an error is cut', async () => {
  await using it = await startModel('openai-compatible', [{ status: 400, message: 'x'.repeat(10_000) }])
  expect((await failureOf(it.complete())).message).toHaveLength(500)
})

test.each([...types.map((type) => [type] as const)])('%s: redirects are not followed', async (type) => {
  await using elsewhere = await startProvider({ answers: ['Bees.'] })
  const location = `${elsewhere.url}/chat/completions`
  await using it = await startModel(type, [{ status: 307, headers: { location } }])
  expect(await failureOf(it.complete())).toMatchObject({ code: 'model_refused', retryable: false })
  expect(elsewhere.requests).toEqual([])
})

const unreadable: readonly (readonly [string, ProviderAnswer])[] = [
  ['nothing at all', { raw: '' }],
  ['garbage', { raw: new Uint8Array([0xff, 0x00, 0x80, 0xc3, 0x28, 0x0a, 0x0a, 0x07]) }],
  ['events that are no JSON', { raw: 'data: {"choices": [}\n\n' }],
  ['events of another kind', { raw: 'data: {"hello": "world"}\n\n' }],
  ['an end before the end', { text: 'Mara keeps', ending: 'stop' }],
  ['a page', { raw: '<html>Sign in</html>', contentType: 'text/html; charset=utf-8' }],
  ['a whole answer', { raw: '{"choices":[]}', contentType: 'application/json' }],
  ['a call of nothing', { raw: 'data: {"choices":[{"delta":{"tool_calls":[{"index":0}]}}]}\n\n' }],
]

test.each(types.flatMap((type) => unreadable.map((each) => [type, ...each] as const)))(
  '%s: %s is no answer',
  async (type, _what, answer) => {
    await using it = await startModel(type, [answer])
    expect(await failureOf(it.complete())).toMatchObject({ code: 'model_answer_invalid', retryable: true })
  },
)

test('an answer without end is given up, for good', async () => {
  const piece = `data: {"choices":[{"delta":{"content":"${'x'.repeat(65_536)}"}}]}\n\n`
  const raw = piece.repeat(Math.ceil(MODEL_ANSWER_BYTES_MAX / piece.length))
  await using it = await startModel('openai-compatible', [{ raw }])
  expect(await failureOf(it.complete())).toMatchObject({ code: 'model_answer_invalid', retryable: false })
})

test.each(types)('%s: a connection that is refused or cut is unavailable', async (type) => {
  const { url, ...provider } = await startProvider({ answers: [] })
  await provider[Symbol.asyncDispose]()
  const error = await failureOf(createAiSdkModel({ type, url, key, timeoutMs: 20_000 }).complete(request))
  expect(error).toMatchObject({ code: 'model_unavailable', retryable: true })
  expect(error.message).toContain('ECONNREFUSED')
  await using it = await startModel(type, ['cut', { text: 'Mara keeps', ending: 'cut' }])
  expect(await failureOf(it.complete())).toMatchObject({ code: 'model_unavailable', retryable: true })
  const deltas: string[] = []
  const second = it.complete({ onText: (delta) => deltas.push(delta) })
  expect(await failureOf(second)).toMatchObject({ code: 'model_unavailable', retryable: true })
  expect(deltas.join('')).toBe('Mara keeps')
})

test('what was paid for is told of an answer that broke off, as far as it is known', async () => {
  const broken = { text: 'Mara keeps', ending: 'cut', usage: { input: 40, cached: 30 } } as const
  await using known = await startModel('anthropic', [broken])
  await failureOf(known.complete())
  expect(known.used).toEqual([{ model: 'small', inputTokens: 40, outputTokens: 1, cost: 0 }])
  await using unknown = await startModel('openai-compatible', [broken])
  await failureOf(unknown.complete())
  expect(unknown.used).toEqual([{ model: 'small', inputTokens: 0, outputTokens: 0, cost: 0 }])
})

test.each<[Type, string, string, boolean]>([
  ['anthropic', 'overloaded_error', 'model_unavailable', true],
  ['anthropic', 'rate_limit_error', 'model_rate_limited', true],
  ['anthropic', 'invalid_request_error', 'model_refused', false],
  ['openai-compatible', 'server_error', 'model_unavailable', true],
  ['openai-compatible', 'rate_limit_exceeded', 'model_rate_limited', true],
  ['openai-compatible', 'invalid_request_error', 'model_refused', false],
])('%s: %s in the midst of an answer is %s', async (type, name, code, retryable) => {
  const ending = { error: { type: name, message: `no more, ${key}` } }
  await using it = await startModel(type, [{ ending }, { text: 'Mara keeps', ending }])
  for (const count of [1, 2]) {
    const error = await failureOf(it.complete())
    await it.provider.requests[count - 1]?.closed
    expect(error).toMatchObject({ code, retryable })
    expect(error.message).toContain('no more, …')
  }
})

test.each(types)(
  '%s: an answer that is too late is a timeout, and its connection is closed',
  async (type) => {
    await using it = await startModel(type, ['hang', { text: 'Mara', ending: 'hang' }], 150)
    for (const _answer of ['none', 'half']) {
      const error = await failureOf(it.complete())
      expect(error).toMatchObject({ code: 'model_timeout', retryable: true })
      expect(error.message).toBe('the model did not answer within 0.15 s')
    }
    // On a busy machine the time may be over before a request has arrived.
    await Promise.all(it.provider.requests.map(({ closed }) => closed))
  },
)

test.each(types)('%s: an abort ends the call with its reason, and closes the connection', async (type) => {
  await using it = await startModel(type, ['hang', { text: 'Mara keeps', ending: 'hang' }, 'Bees.'])
  const reason = new Error('not wanted any more')
  const unanswered = new AbortController()
  const first = it.complete({ signal: unanswered.signal })
  const [request] = await it.provider.until(1)
  unanswered.abort(reason)
  await expect(first).rejects.toBe(reason)
  await request?.closed
  const answered = new AbortController()
  const second = it.complete({ signal: answered.signal, onText: () => answered.abort(reason) })
  await expect(second).rejects.toBe(reason)
  await it.provider.requests[1]?.closed
  await expect(it.complete({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  expect(it.provider.requests).toHaveLength(2)
})

test('an error in place of an answer is told with 200 by some, and closes the connection too', async () => {
  const error = { type: 'overloaded_error', message: 'too many' }
  const raw = `event: error\ndata: ${JSON.stringify({ type: 'error', error })}\n\n`
  await using it = await startModel('anthropic', [{ raw, isOpen: true }])
  expect(await failureOf(it.complete())).toMatchObject({ code: 'model_unavailable', retryable: true })
  await it.provider.requests[0]?.closed
})

test('a call leaves no listener and no timer behind', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  await using it = await startModel('openai-compatible', ['Bees.', { status: 500 }])
  const { signal } = new AbortController()
  const before = timers()
  await it.complete({ signal })
  await failureOf(it.complete({ signal }))
  expect(getEventListeners(signal, 'abort')).toEqual([])
  // Connections have timers for a moment; those of the two calls would stay for as long as a call may take.
  const until = performance.now() + callTimeoutMs / 2
  while (timers() > before && performance.now() < until) await setTimeout(50)
  expect(timers()).toBeLessThanOrEqual(before)
})
