/** Agents and tools from their definition to what a caller reads of their runs, over HTTP. */
import { afterAll, expect, test } from 'vitest'
import { startProvider } from '../testing/provider.ts'
import { type RunBody, startTestApp } from '../testing/test-app.ts'

const usage = { input: 1_000, output: 100 }
const provider = await startProvider({
  answers: ({ body }) => {
    const text = JSON.stringify(body.messages)
    if (text.includes('Wait')) return { text: 'I am thinking', usage, ending: 'hang' }
    if (text.includes('"role":"tool"')) return { text: 'Mara keeps bees.', usage }
    return {
      ...{ text: 'I look.', usage },
      toolCalls: [{ name: 'recollect', arguments: { query: 'bees' } }],
    }
  },
})
const app = await startTestApp({
  models: { modelProvider: 'openai-compatible', modelUrl: `${provider.url}/v1`, modelName: 'small' },
})
afterAll(async () => {
  await app.stop()
  await provider[Symbol.asyncDispose]()
})

type Made = { readonly id: string }
type View = { readonly run: RunBody; readonly partial_output: string | null }

const define = async (over: object = {}): Promise<string> => {
  const actions = [{ type: 'memory_search', name: 'recollect' }]
  const answer = await app.request<Made>('POST', '/v1/agents', { name: 'concierge', actions, ...over })
  return answer.body.id
}
const begin = async (agentId: string, body: object): Promise<string> => {
  const members = { user_id: 'mara', ...body }
  const answer = await app.request<RunBody>('POST', `/v1/agents/${agentId}/runs`, members)
  return answer.body.run_id
}
const view = async (agentId: string, runId: string) =>
  (await app.request<View>('GET', `/v1/agents/${agentId}/runs/${runId}`)).body

test('an agent that looks something up: its answer, its steps, and what they cost', async () => {
  await app.finished(await app.add('Mara keeps bees.'))
  await app.request('PATCH', '/v1/credits', {
    rates: { models: { small: { input: '0.1', output: '1' } }, action: '0.05' },
  })
  const agentId = await define()
  const runId = await begin(agentId, { user_message: 'What does Mara keep?' })
  await app.finished(runId)
  expect(await view(agentId, runId)).toMatchObject({
    ...{ final_output: 'Mara keeps bees.', partial_output: null, stop_reason: 'final_answer', error: null },
    ...{ steps_executed: 2, actions_used: 1, tokens_used: 2_200, credits_used: '0.45' },
    actions: [
      {
        ...{ number: 1, iteration: 1, name: 'recollect', input: { query: 'bees' }, is_error: false },
        ...{ reasoning: 'I look.', input_tokens: 1_000, output_tokens: 100 },
        output: { memories: [{ content: 'Mara keeps bees.' }] },
      },
    ],
  })
  const ledger = await app.request('GET', `/v1/credits/transactions?run_id=${runId}`)
  expect(ledger.body).toMatchObject({
    transactions: [
      { step: 'model-2', amount: '-0.2', tokens: 1_100, actions: 0 },
      { step: 'action-1-1', amount: '-0.05', tokens: 0, actions: 1 },
      { step: 'model-1', amount: '-0.2', tokens: 1_100, actions: 0 },
    ],
  })
})

test('a run that is cancelled in the midst of its answer ends, and closes its connection', async () => {
  const agentId = await define()
  const before = provider.requests.length
  const runId = await begin(agentId, { user_message: 'Wait for me.' })
  const request = (await provider.until(before + 1))[before]
  await app.request('POST', `/v1/runs/${runId}/cancel`, { reason: 'enough' })
  await request?.closed
  expect(await app.finished(runId)).toMatchObject({ state: 'cancelled' })
  expect(await view(agentId, runId)).toMatchObject({ final_output: null, stop_reason: 'cancelled' })
})

test('without a model named, and with `recall`, an agent answers from memory', async () => {
  const agentId = await define({ model: 'recall', actions: [] })
  const before = provider.requests.length
  const runId = await begin(agentId, { user_message: 'What about bees?' })
  await app.finished(runId)
  expect(await view(agentId, runId)).toMatchObject({
    ...{ final_output: expect.stringContaining('Mara keeps bees.'), tokens_used: 0 },
  })
  expect(provider.requests).toHaveLength(before)
})

test('a run of a tool is replayed on the same input', async () => {
  const action = { type: 'memory_search', name: 'search' }
  const steps = [{ name: 'search', action, arguments: { query: '{{input.query}}' } }]
  const parameters = { type: 'object', properties: { query: { type: 'string' } } }
  const tool = await app.request<Made>('POST', '/v1/tools', { name: 'look', parameters, steps })
  const first = await app.request<RunBody>('POST', `/v1/tools/${tool.body.id}/runs`, {
    ...{ user_id: 'mara', input: { query: 'bees' } },
  })
  await app.finished(first.body.run_id)
  const replay = await app.request<RunBody>('POST', `/v1/runs/${first.body.run_id}/replay`, {})
  expect(await app.finished(replay.body.run_id)).toMatchObject({
    ...{ state: 'completed', input_type: 'tool', subject_id: tool.body.id, replay_of: first.body.run_id },
    result: { output: { memories: [{ content: 'Mara keeps bees.' }] } },
  })
})

test('maintenance is not replayed', async () => {
  const run = await app.finished(await app.add('Jon keeps a badger.'))
  const undo = await app.request<RunBody>('POST', `/v1/runs/${run.run_id}/undo`, {})
  await app.finished(undo.body.run_id)
  expect(await app.request('POST', `/v1/runs/${undo.body.run_id}/replay`, {})).toMatchObject({
    ...{ status: 409, body: { code: 'conflict' } },
  })
})
