import { expect, test } from 'vitest'
import { StepError } from '../kernel/step-error.ts'
import type { ChatMessage, ChatRequest } from './chat-model.ts'
import type { ModelUse } from './model.ts'
import { recallModel } from './recall.ts'

const parameters = { type: 'object' }
const both = ['memory_search', 'memory_add']

const ask = (messages: readonly ChatMessage[], tools = both, parts: Partial<ChatRequest> = {}) =>
  recallModel.complete({
    model: 'recall',
    instructions: 'Be brief.',
    messages,
    tools: tools.map((name) => ({ name, description: '', parameters })),
    signal: new AbortController().signal,
    ...parts,
  })

const user = (content: string): ChatMessage => ({ role: 'user', content })
const output = (toolName: string, value: unknown, isError = false): ChatMessage => ({
  role: 'tool',
  toolCallId: 'recall-0-0',
  toolName,
  output: value,
  isError,
})

const callsOf = async (content: string, tools = both) => {
  const { toolCalls, finish, text } = await ask([user(content)], tools)
  return { names: toolCalls.map(({ name }) => name), calls: toolCalls, finish, text }
}

test.each([
  ['What does Mara keep?', ['memory_search']],
  ['Hello there!', ['memory_search']],
  ['I moved to Graz in May.', ['memory_search', 'memory_add']],
  ['I moved to Graz in May. What can I do there?', ['memory_search', 'memory_add']],
  ['Since I am vegan now, what can I cook?', ['memory_search', 'memory_add']],
  ['wo wohnt Mara?', ['memory_search']],
])('%j calls %j', async (content, names) => {
  expect(await callsOf(content)).toMatchObject({ names, finish: 'tool_calls', text: '' })
})

test('it calls only tools that it is given, with the message as it is', async () => {
  expect((await callsOf('I keep bees.', ['memory_add'])).calls).toEqual([
    { id: 'recall-0-0', name: 'memory_add', arguments: { content: 'I keep bees.' } },
  ])
  expect((await callsOf('I keep bees.', ['memory_search', 'web'])).calls).toEqual([
    { id: 'recall-0-0', name: 'memory_search', arguments: { query: 'I keep bees.' } },
  ])
  const idle = await callsOf('I keep bees.', ['web'])
  expect(idle).toMatchObject({ names: [], finish: 'stop' })
  expect(idle.text).toContain('nothing was looked up')
})

test('a query is bounded as searches are', async () => {
  const { calls } = await callsOf('a '.repeat(20_000))
  expect(calls[0]?.arguments.query).toHaveLength(10_000)
})

test('it answers with what was found, the best first and each once', async () => {
  const memory = (id: string, content: string, score: number) => ({
    memory_id: id,
    content,
    topic: 'facts',
    score,
    created_at: '2026-11-02T10:00:00.000Z',
  })
  const bees = memory('1', 'Mara keeps\nbees.', 0.4)
  const memories = [bees, memory('2', 'Mara has nine hives.', 0.9), bees]
  const answer = await ask([user('What does Mara keep?'), output('memory_search', { memories })])
  expect(answer).toEqual({
    text: [
      'From memory, without a language model: 2 memories were found.',
      '1. Mara has nine hives. (facts, 2026-11-02)',
      '2. Mara keeps bees. (facts, 2026-11-02)',
    ].join('\n'),
    toolCalls: [],
    finish: 'stop',
    usage: { inputTokens: 0, outputTokens: 0, cachedTokens: 0 },
  })
})

test('what it lists is bounded, in number and length', async () => {
  const memories = Array.from({ length: 13 }, (_, index) => ({
    memory_id: `${index}`,
    content: 'x'.repeat(5_000),
    score: 1,
  }))
  const { text } = await ask([user('x?'), output('memory_search', { memories })])
  expect(text.split('\n')).toHaveLength(12)
  expect(text).toMatch(/\nand 3 more\.$/)
  expect(text.length).toBeLessThan(6_000)
})

test.each<[string, readonly ChatMessage[], string]>([
  ['nothing', [output('memory_search', { memories: [] })], 'nothing was found.'],
  [
    'a failed search',
    [output('memory_search', { error: { message: 'no such group' } })],
    'the search failed: no such group.',
  ],
  ['a failed call', [output('memory_search', 'it broke', true)], 'the search failed: it broke.'],
  [
    'what was kept',
    [output('memory_add', { run_id: 'r', created: 2, updated: 1, unchanged: 0 })],
    'kept: 2 created, 1 updated.',
  ],
  [
    'nothing kept',
    [output('memory_add', { run_id: 'r', created: 0, updated: 0, unchanged: 0 })],
    'nothing of the message was worth keeping.',
  ],
  ['a failed add', [output('memory_add', { error: 'queue full' })], 'nothing was kept: queue full.'],
  [
    'both',
    [output('memory_search', { memories: [] }), output('memory_add', { created: 1 })],
    'nothing was found.\nkept: 1 created.',
  ],
  ['another shape', [output('memory_search', [1, null, 'x'])], 'nothing was found.'],
  [
    'memories of another shape',
    [output('memory_search', { memories: [null, 7, { content: 3 }, { content: 'Bees.', score: 'high' }] })],
    'one memory was found.\n1. Bees.',
  ],
])('of %s it says so', async (_what, outputs, expected) => {
  const { text } = await ask([user('I keep bees.'), ...outputs])
  expect(text).toBe(`From memory, without a language model: ${expected}`)
})

test('a new message is looked up anew, under other ids', async () => {
  const earlier = [user('I keep bees.'), output('memory_search', { memories: [] })]
  const said: ChatMessage = { role: 'assistant', content: 'From memory: nothing.' }
  const { toolCalls } = await ask([...earlier, said, user('What do I keep?')])
  expect(toolCalls).toEqual([
    { id: 'recall-3-0', name: 'memory_search', arguments: { query: 'What do I keep?' } },
  ])
})

test('it tells its text and its use, and minds the signal', async () => {
  const used: ModelUse[] = []
  const deltas: string[] = []
  const found = output('memory_search', { memories: [] })
  const parts = { used: (use: ModelUse) => used.push(use), onText: (delta: string) => deltas.push(delta) }
  const { text } = await ask([user('Bees?'), found], both, parts)
  expect(deltas).toEqual([text])
  expect(used).toEqual([{ model: 'recall', inputTokens: 0, outputTokens: 0, cost: 0 }])
  const reason = new Error('stop')
  await expect(ask([user('Bees?')], both, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

test('it refuses to answer in a schema, for good', async () => {
  const error = await ask([user('Bees?')], both, { outputSchema: {} }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(StepError)
  expect(error).toMatchObject({ code: 'model_refused', retryable: false })
})
