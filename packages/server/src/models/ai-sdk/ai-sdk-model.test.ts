import { expect, test } from 'vitest'
import { type ProviderAnswer, startProvider, type ToldAnswer } from '../../testing/provider.ts'
import type { ChatMessage, ChatRequest } from '../chat-model.ts'
import type { ModelUse } from '../model.ts'
import { createAiSdkModel } from './ai-sdk-model.ts'
import type { ModelProvider } from './provider.ts'

const key = 'sk-very-secret-key'
const types = ['openai-compatible', 'anthropic'] as const
type Type = ModelProvider['type']

const request: ChatRequest = {
  model: 'small',
  instructions: 'Be brief.',
  messages: [{ role: 'user', content: 'What does Mara keep?' }],
  tools: [],
  signal: new AbortController().signal,
}

const search = {
  name: 'memory_search',
  description: 'Searches the memory.',
  parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
}

/** A model on a provider with these answers. */
const startModel = async (type: Type, answers: Parameters<typeof startProvider>[0]['answers']) => {
  const provider = await startProvider({ answers })
  const model = createAiSdkModel({ type, url: `${provider.url}/some/v1`, key, timeoutMs: 20_000 })
  const used: ModelUse[] = []
  const complete = (parts: Partial<ChatRequest> = {}) =>
    model.complete({ ...request, used: (use) => used.push(use), ...parts })
  return { provider, used, complete, [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose]() }
}

test.each(types)('%s: an answer comes as a stream, with what it took', async (type) => {
  const usage = { input: 40, output: 5, cached: 30 }
  await using it = await startModel(type, [{ text: 'Mara keeps bees. 🐝', usage }])
  const deltas: string[] = []
  const answer = await it.complete({ onText: (delta) => deltas.push(delta) })
  expect(answer).toEqual({
    text: 'Mara keeps bees. 🐝',
    toolCalls: [],
    finish: 'stop',
    usage: { inputTokens: 40, outputTokens: 5, cachedTokens: 30 },
  })
  expect(deltas.length).toBeGreaterThan(1)
  expect(deltas.join('')).toBe(answer.text)
  expect(it.used).toEqual([{ model: 'small', inputTokens: 40, outputTokens: 5, cost: 0 }])
})

test('openai-compatible: the request has key, instructions, tools and bounds in their places', async () => {
  await using it = await startModel('openai-compatible', ['Bees.'])
  await it.complete({ tools: [search], outputTokenCountMax: 99 })
  expect(it.provider.requests).toMatchObject([
    { path: '/some/v1/chat/completions', headers: { authorization: `Bearer ${key}` } },
  ])
  expect(it.provider.requests[0]?.body).toEqual({
    model: 'small',
    max_tokens: 99,
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'What does Mara keep?' },
    ],
    tools: [{ type: 'function', function: search }],
    stream: true,
    stream_options: { include_usage: true },
  })
})

test('anthropic: the request has key, instructions, tools and bounds in their places', async () => {
  await using it = await startModel('anthropic', ['Bees.'])
  await it.complete({ tools: [search], outputTokenCountMax: 99 })
  expect(it.provider.requests).toMatchObject([
    { path: '/some/v1/messages', headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' } },
  ])
  expect(it.provider.requests[0]?.body).toMatchObject({
    model: 'small',
    max_tokens: 99,
    system: [{ type: 'text', text: 'Be brief.' }],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'What does Mara keep?' }] }],
    tools: [{ name: search.name, description: search.description, input_schema: search.parameters }],
    stream: true,
  })
})

const calls = [
  { id: 'a', name: 'memory_search', arguments: { query: 'bees' } },
  { id: 'b', name: 'unheard_of', arguments: { deep: { list: [1, null, 'ü'] } } },
]

test.each(types)('%s: tool calls come as given, several at once and of unknown names', async (type) => {
  await using it = await startModel(type, [{ text: 'Let me see.', toolCalls: calls }])
  expect(await it.complete({ tools: [search] })).toMatchObject({
    text: 'Let me see.',
    toolCalls: calls,
    finish: 'tool_calls',
  })
})

test.each(types)('%s: a call without arguments has none', async (type) => {
  await using it = await startModel(type, [{ toolCalls: [{ name: 'now', arguments: '' }] }])
  const { toolCalls } = await it.complete()
  expect(toolCalls).toEqual([{ id: 'call_0', name: 'now', arguments: {} }])
})

const malformedArguments = [
  ['{"query": "be', 'they are no valid JSON: {"query": "be'],
  ['["bees"]', 'they are JSON, but no object: ["bees"]'],
  ['"bees"', 'they are JSON, but no object: "bees"'],
  ['{"query": "a\\u0000b"}', 'they hold what cannot be stored: {"query": "a\\u0000b"}'],
  ['{"__proto__": {"query": 1}}', 'they hold what cannot be stored: {"__proto__": {"query": 1}}'],
  [`{${'x'.repeat(2_000)}`, `they are no valid JSON: {${'x'.repeat(499)}`],
] as const

test.each(types.flatMap((type) => malformedArguments.map((each) => [type, ...each] as const)))(
  '%s: arguments %.30s come back as malformed, beside those that are not',
  async (type, text, reason) => {
    const sent = [{ name: 'memory_search', arguments: text, id: 'x' }, ...calls]
    await using it = await startModel(type, [{ toolCalls: sent }])
    expect((await it.complete({ tools: [search] })).toolCalls).toEqual([
      {
        id: 'x',
        name: 'memory_search',
        arguments: {},
        malformed: `the arguments cannot be used: ${reason}`,
      },
      ...calls,
    ])
  },
)

const conversation: readonly ChatMessage[] = [
  ...request.messages,
  { role: 'assistant', content: '', toolCalls: calls },
  { role: 'tool', toolCallId: 'a', toolName: 'memory_search', output: { memories: [] } },
  { role: 'tool', toolCallId: 'b', toolName: 'unheard_of', output: 'no such tool', isError: true },
  { role: 'assistant', content: '' },
  { role: 'assistant', content: 'Nothing, it seems.' },
  { role: 'user', content: 'Sure?' },
]

test('openai-compatible: what tools answered goes back as the provider wants it', async () => {
  await using it = await startModel('openai-compatible', ['Yes.'])
  await it.complete({ messages: conversation, tools: [search] })
  const call = (each: (typeof calls)[number]) => ({
    id: each.id,
    type: 'function',
    function: { name: each.name, arguments: JSON.stringify(each.arguments) },
  })
  expect(it.provider.requests[0]?.body.messages).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'What does Mara keep?' },
    { role: 'assistant', content: null, tool_calls: calls.map(call) },
    { role: 'tool', tool_call_id: 'a', content: '{"memories":[]}' },
    { role: 'tool', tool_call_id: 'b', content: 'no such tool' },
    { role: 'assistant', content: 'Nothing, it seems.' },
    { role: 'user', content: 'Sure?' },
  ])
})

test('anthropic: what tools answered goes back as the provider wants it', async () => {
  await using it = await startModel('anthropic', ['Yes.'])
  await it.complete({ messages: conversation, tools: [search] })
  expect(it.provider.requests[0]?.body.messages).toMatchObject([
    { role: 'user', content: [{ type: 'text', text: 'What does Mara keep?' }] },
    {
      role: 'assistant',
      content: calls.map(({ id, name, arguments: input }) => ({ type: 'tool_use', id, name, input })),
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'a', content: '{"memories":[]}' },
        { type: 'tool_result', tool_use_id: 'b', content: 'no such tool', is_error: true },
      ],
    },
    { role: 'assistant', content: [{ type: 'text', text: 'Nothing, it seems.' }] },
    { role: 'user', content: [{ type: 'text', text: 'Sure?' }] },
  ])
})

const outputSchema = {
  type: 'object',
  properties: { animals: { type: 'array', items: { type: 'string' } } },
  required: ['animals'],
  additionalProperties: false,
}

test('openai-compatible: a schema for the answer is sent, not strictly', async () => {
  await using it = await startModel('openai-compatible', ['{"animals":["bees"]}'])
  expect((await it.complete({ outputSchema })).text).toBe('{"animals":["bees"]}')
  expect(it.provider.requests[0]?.body.response_format).toMatchObject({
    type: 'json_schema',
    json_schema: { schema: outputSchema, strict: false },
  })
})

test('anthropic: a schema for the answer is a tool that it must call, and its call is the answer', async () => {
  const json: ToldAnswer = { toolCalls: [{ name: 'json', arguments: { animals: ['bees'] } }] }
  await using it = await startModel('anthropic', [json])
  const answer = await it.complete({ outputSchema, tools: [search] })
  expect(answer).toMatchObject({ text: '{"animals":["bees"]}', toolCalls: [], finish: 'stop' })
  expect(it.provider.requests[0]?.body).toMatchObject({
    tools: [{ name: 'memory_search' }, { name: 'json', input_schema: outputSchema }],
    tool_choice: { type: 'any' },
  })
})

test.each<[Type, ToldAnswer, object]>([
  ['openai-compatible', { text: 'Be', finish: 'length' }, { text: 'Be', finish: 'length' }],
  ['anthropic', { text: 'Be', finish: 'max_tokens' }, { text: 'Be', finish: 'length' }],
  ['openai-compatible', { finish: 'content_filter' }, { text: '', finish: 'filtered' }],
  ['anthropic', { finish: 'refusal' }, { text: '', finish: 'filtered' }],
  ['openai-compatible', { toolCalls: calls, finish: 'stop' }, { finish: 'tool_calls' }],
  ['openai-compatible', { text: 'Bees', finish: 'tool_calls' }, { finish: 'stop', toolCalls: [] }],
  ['openai-compatible', {}, { text: '', toolCalls: [], finish: 'stop' }],
  ['anthropic', {}, { text: '', toolCalls: [], finish: 'stop' }],
  ['openai-compatible', { text: 'a\0b\ud800' }, { text: 'a\uFFFDb\uFFFD' }],
])('%s: %j reads %j', async (type, told, answer) => {
  await using it = await startModel(type, [told])
  expect(await it.complete()).toMatchObject(answer)
})

test.each(types)('%s: without a key none is sent', async (type) => {
  await using provider = await startProvider({ answers: ['Bees.'] })
  const model = createAiSdkModel({ type, url: provider.url, key: null, timeoutMs: 20_000 })
  await model.complete(request)
  const { authorization, 'x-api-key': sent = '' } = provider.requests[0]?.headers ?? {}
  expect([authorization, sent]).toEqual([undefined, ''])
})

test('one model serves many calls at once, each with its own name', async () => {
  const answers = ({ body }: { readonly body: Readonly<Record<string, unknown>> }): ProviderAnswer =>
    `I am ${body.model}.`
  await using it = await startModel('openai-compatible', answers)
  const names = ['a', 'b', 'c', 'd']
  const answered = await Promise.all(names.map((model) => it.complete({ model })))
  expect(answered.map(({ text }) => text)).toEqual(names.map((name) => `I am ${name}.`))
})
