/** Runs of agents on the wire of Flowyble, as its documents tell of them. */
import { expect, test } from 'vitest'
import { openFlowybleScene } from '../../testing/flowyble-scene.ts'
import type { ProviderAnswer } from '../../testing/provider.ts'

const documented = [
  ...['id', 'agentId', 'status', 'userMessage', 'finalOutput', 'errorMessage', 'stepsExecuted', 'tokensUsed'],
  ...['actionsUsed', 'creditsUsed', 'createdAt', 'startedAt', 'finishedAt'],
]
const documentedStep = [
  ...['stepNumber', 'iterationNumber', 'toolName', 'inputData', 'outputData', 'reasoning', 'tokenUsage'],
  'duration',
]

test('a run tells all that is documented, with the meanings of the documents', async () => {
  await using scene = await openFlowybleScene([
    {
      text: 'I look it up.',
      toolCalls: [{ name: 'memory_search', arguments: { query: 'bees' } }],
      usage: { input: 100, output: 20 },
    },
    { text: 'There are no bees.', usage: { input: 200, output: 30, cached: 40 } },
  ])
  const rates = { models: { small: { input: '1', output: '2' } }, action: '0.5' }
  expect((await scene.app.request('PATCH', '/v1/credits', { rates })).status).toBe(200)
  const runId = await scene.start(scene.agentId, 'Where are the bees?')
  const run = await scene.finished(runId)
  expect(Object.keys(run)).toEqual(expect.arrayContaining(documented))
  expect(run).toMatchObject({
    ...{ id: runId, agentId: scene.agentId, status: 'Completed', statusInt: 2, isTerminal: true },
    ...{ userMessage: 'Where are the bees?', finalOutput: 'There are no bees.', errorMessage: null },
    // (300 × 1 + 50 × 2) / 1000, and an action.
    ...{ stepsExecuted: 2, actionsUsed: 1, tokensUsed: 350, creditsUsed: 0.9 },
    usage: { inputTokens: 300, outputTokens: 50, cachedTokens: 40, llmCalls: 2 },
    ...{ stopReason: 'final_answer', trigger: 'api', error: null, partialOutput: null },
  })
  const times = [run.createdAt, run.startedAt, run.finishedAt].map((at) => Date.parse(String(at)))
  expect(times).toEqual(times.toSorted())

  const { body: details } = await scene.call<Record<string, unknown> & { steps: Record<string, unknown>[] }>(
    'GET',
    `/v1/agents/run/${runId}/details`,
  )
  expect(details).toMatchObject(run)
  const [step, ...others] = details.steps
  expect(others).toEqual([])
  expect(Object.keys(step ?? {})).toEqual(expect.arrayContaining(documentedStep))
  expect(step).toMatchObject({
    ...{ stepNumber: 1, iterationNumber: 1, toolName: 'memory_search', reasoning: 'I look it up.' },
    inputData: '{"query":"bees"}',
    tokenUsage: { inputTokens: 100, outputTokens: 20 },
    duration: expect.any(Number),
  })
  expect(JSON.parse(String(step?.outputData))).toEqual({ memories: [] })
  const after = await scene.call<{ steps: unknown[] }>('GET', `/v1/agents/run/${runId}/steps?after=1`)
  expect(after.body.steps).toEqual([])
})

test('a start is answered with the documented envelope, and the run is one of the native API', async () => {
  await using scene = await openFlowybleScene(['Good.'])
  const answer = await scene.call('POST', `/v1/agents/run/${scene.agentId}`, {
    ...{ userMessage: 'How are you?', somethingElse: 1, metadata: { order: 7 }, userId: null },
  })
  expect(answer).toMatchObject({
    status: 200,
    body: { success: true, status: 'Pending', message: 'Agent run started', agentId: scene.agentId },
  })
  expect(answer.headers.get('location')).toBe(`/v1/agents/run/${answer.body.id}/status`)
  await scene.finished(answer.body.id)
  const { body } = await scene.app.request('GET', `/v1/runs/${answer.body.id}`)
  expect(body).toMatchObject({
    ...{ wire: 'flowyble', input_type: 'agent', state: 'completed', subject_id: scene.agentId },
    metadata: { order: 7 },
  })
  const metrics = await scene.app.request('GET', '/metrics')
  expect(metrics.text).toMatch(/remanence_runs_ended_total\{[^}]*wire="flowyble"[^}]*\} 1/)
})

test('who asks for it is told 202, who waits gets the run, who streams gets the stream', async () => {
  await using scene = await openFlowybleScene(['One.', 'Two.', 'Three.'])
  const path = `/v1/agents/run/${scene.agentId}`
  const later = await scene.call('POST', path, { userMessage: 'Go.' }, { prefer: 'respond-async' })
  expect(later.status).toBe(202)
  await scene.finished(later.body.id)
  const waited = await scene.call('POST', path, { userMessage: 'Go.', wait: 30 })
  expect(waited.body).toMatchObject({ success: true, status: 'Completed', finalOutput: 'Two.' })
  const streamed = await scene.call('POST', path, { userMessage: 'Go.', stream: true })
  expect(streamed.headers.get('content-type')).toMatch(/^text\/event-stream/)
  expect(streamed.text).toContain('event: run.completed')
})

test('the same key with the same request is one run, and with another one refused', async () => {
  await using scene = await openFlowybleScene(['One.', 'Two.'])
  const send = (userMessage: string) =>
    scene.call('POST', `/v1/agents/run/${scene.agentId}`, { userMessage }, { 'idempotency-key': 'k' })
  const [first, ...others] = await Promise.all(Array.from({ length: 8 }, () => send('Go.')))
  expect(new Set([first, ...others].map((one) => one?.body.id)).size).toBe(1)
  const again = await send('Go.')
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(await send('Stop.')).toMatchObject({
    status: 409,
    body: { success: false, code: 'idempotency_key_reused' },
  })
})

test('a model that fails for good fails the run, with what had been said', async () => {
  await using scene = await openFlowybleScene([
    { text: 'I try.', toolCalls: [{ name: 'memory_search', arguments: { query: 'bees' } }] },
    { status: 400, message: 'no such thing' },
  ])
  const run = await scene.finished(await scene.start(scene.agentId, 'Where are the bees?'))
  expect(run).toMatchObject({
    ...{ status: 'Failed', statusInt: 3, finalOutput: null, partialOutput: 'I try.', stopReason: 'error' },
    errorMessage: expect.stringContaining('no such thing'),
    error: { code: expect.any(String), stepNumber: 1 },
    actionsUsed: 1,
  })
})

test('the step limit ends a run with what there is, and is no failure', async () => {
  const again: ProviderAnswer = {
    text: 'Once more.',
    toolCalls: [{ name: 'memory_search', arguments: { query: 'bees' } }],
  }
  await using scene = await openFlowybleScene([again, again, again, again])
  const run = await scene.finished(await scene.start(scene.agentId, 'Go.', { maxSteps: 2 }))
  expect(run).toMatchObject({ status: 'Completed', stopReason: 'max_steps', stepsExecuted: 2 })
  expect(run.finalOutput).toContain('Once more.')
})

test('what an agent adds without a user it remembers for itself, and it can be taken back', async () => {
  await using scene = await openFlowybleScene([
    { toolCalls: [{ name: 'memory_add', arguments: { content: 'Mara keeps bees.' } }] },
    'Kept.',
    { toolCalls: [{ name: 'memory_search', arguments: { query: 'bees' } }] },
    'Found.',
  ])
  const runId = await scene.start(scene.agentId, 'Mara keeps bees.')
  await scene.finished(runId)
  const second = await scene.start(scene.agentId, 'Who keeps bees?')
  await scene.finished(second)
  type Details = { steps: { outputData: string }[] }
  const { body } = await scene.call<Details>('GET', `/v1/agents/run/${second}/details`)
  expect(body.steps[0]?.outputData).toContain('Mara keeps bees.')
  expect(await scene.app.list({ user_id: scene.agentId })).toHaveLength(1)
  const { body: undo } = await scene.app.request<{ run_id: string }>('POST', `/v1/runs/${runId}/undo`, {})
  await scene.app.finished(undo.run_id)
  expect(await scene.app.list({ user_id: scene.agentId })).toEqual([])
})
