/** Agents on the wire of Flowyble, as its documents tell of them, and what is added. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEvents } from '../../testing/event-reader.ts'
import { flowybleClient } from '../../testing/flowyble-client.ts'
import { type ProviderAnswer, startProvider } from '../../testing/provider.ts'
import { startTestApp } from '../../testing/test-app.ts'

const documented = [
  ...['id', 'agentId', 'status', 'userMessage', 'finalOutput', 'errorMessage', 'stepsExecuted', 'tokensUsed'],
  ...['actionsUsed', 'creditsUsed', 'createdAt', 'startedAt', 'finishedAt'],
]
const documentedStep = [
  ...['stepNumber', 'iterationNumber', 'toolName', 'inputData', 'outputData', 'reasoning', 'tokenUsage'],
  'duration',
]
const unknown = '00000000-0000-4000-8000-000000000000'
const search = { type: 'memory_search', name: 'memory_search', description: 'Searches.', limit: 5 }
const add = { type: 'memory_add', name: 'memory_add', description: 'Keeps.' }

/** An app whose models answer in turn, a client of it, and an agent. */
const openScene = async (answers: readonly ProviderAnswer[], agent: object = {}) => {
  await using stack = new AsyncDisposableStack()
  const provider = stack.use(await startProvider({ answers }))
  const models = {
    modelProvider: 'openai-compatible',
    modelUrl: `${provider.url}/v1`,
    modelName: 'small',
  } as const
  const app = stack.use(await startTestApp({ models, limits: { retryBaseMs: 1, retryMaxMs: 2 } }))
  const definition = { name: 'Concierge', instructions: 'Help.', actions: [search, add], ...agent }
  const { body } = await app.request<{ id: string }>('POST', '/v1/agents', definition)
  const resources = stack.move()
  const dispose = () => resources.disposeAsync()
  return { app, provider, agentId: body.id, ...flowybleClient(app), [Symbol.asyncDispose]: dispose }
}

test('a run tells all that is documented, with the meanings of the documents', async () => {
  await using scene = await openScene([
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
  await using scene = await openScene(['Good.'])
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
  await using scene = await openScene(['One.', 'Two.', 'Three.'])
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
  await using scene = await openScene(['One.', 'Two.'])
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

describe('errors', () => {
  let scene: Awaited<ReturnType<typeof openScene>>
  beforeAll(async () => {
    scene = await openScene([])
  })
  afterAll(() => scene[Symbol.asyncDispose]())

  test.each([
    ['no message', {}],
    ['an empty message', { userMessage: '' }],
    ['a blank message', { userMessage: '  ' }],
    ['a message that is none', { userMessage: 7 }],
    ['too many steps', { userMessage: 'Go.', maxSteps: 13 }],
    ['no steps', { userMessage: 'Go.', maxSteps: 0 }],
    ['no credits to spend', { userMessage: 'Go.', maxCredits: 0 }],
    ['a schema that is none', { userMessage: 'Go.', outputSchema: { type: 'nothing' } }],
    [
      'too much metadata',
      {
        userMessage: 'Go.',
        metadata: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`m${n}`, n])),
      },
    ],
    ['no object', ['Go.']],
    ['no JSON', '{"userMessage"'],
  ])('400 for %s, and no run', async (_name, body) => {
    const answer = await scene.call('POST', `/v1/agents/run/${scene.agentId}`, body)
    expect(answer).toMatchObject({
      status: 400,
      body: { success: false, message: expect.any(String), code: expect.any(String) },
    })
    const { body: list } = await scene.call<{ items: unknown[] }>('GET', '/v1/agents/runs')
    expect(list.items).toEqual([])
  })

  test('400 for an agent that is not active', async () => {
    const { body } = await scene.app.request<{ id: string }>('POST', '/v1/agents', {
      ...{ name: 'Asleep', instructions: '', status: 'inactive' },
    })
    const answer = await scene.call('POST', `/v1/agents/run/${body.id}`, { userMessage: 'Go.' })
    expect(answer).toMatchObject({ status: 400, body: { success: false } })
  })

  test('400 when a cap is met, as the documents say', async () => {
    await scene.app.request('PATCH', '/v1/credits', { caps: { tokens: 0, actions: null, credits: null } })
    const answer = await scene.call('POST', `/v1/agents/run/${scene.agentId}`, { userMessage: 'Go.' })
    expect(answer).toMatchObject({ status: 400, body: { success: false, code: 'insufficient_credits' } })
    await scene.app.request('PATCH', '/v1/credits', { caps: { tokens: null, actions: null, credits: null } })
  })

  test.each([
    ['GET', `/v1/agents/run/${unknown}/status`],
    ['GET', `/v1/agents/run/${unknown}/details`],
    ['GET', `/v1/agents/run/${unknown}/steps`],
    ['GET', `/v1/agents/run/${unknown}/stream`],
    ['GET', '/v1/agents/run/no-id/status'],
    ['POST', `/v1/agents/run/${unknown}/cancel`],
    ['POST', `/v1/agents/run/${unknown}/retry`],
    ['POST', `/v1/agents/run/${unknown}`],
    ['POST', '/v1/agents/run/no-id'],
    ['POST', `/v1/tools/run/${unknown}`],
    ['GET', `/v1/tools/run/${unknown}/status`],
    ['GET', `/v1/tools/run/${unknown}/result`],
  ])('404 for what is not there: %s %s', async (method, path) => {
    const body = method === 'POST' ? { userMessage: 'Go.' } : undefined
    expect(await scene.call(method, path, body)).toMatchObject({ status: 404, body: { success: false } })
  })

  test.each([
    ['GET', `/v1/agents/run/${unknown}/status`],
    ['POST', `/v1/agents/run/${unknown}`],
    ['GET', '/v1/agents/runs'],
    ['POST', `/v1/tools/run/${unknown}`],
  ])('401 without a key, with another and with one revoked: %s %s', async (method, path) => {
    for (const key of ['', 'flw_key_x', 'rem_unknown']) {
      const stranger = flowybleClient(scene.app, key)
      const answer = await stranger.call(method, path, method === 'POST' ? {} : undefined)
      expect(answer).toMatchObject({ status: 401, body: { success: false, code: 'unauthorized' } })
    }
  })

  test('403 for a key that may only read', async () => {
    const { body } = await scene.app.request<{ key: string }>('POST', '/v1/keys', {
      ...{ name: 'r', scopes: ['read'] },
    })
    const reader = flowybleClient(scene.app, body.key)
    const answer = await reader.call('POST', `/v1/agents/run/${scene.agentId}`, { userMessage: 'Go.' })
    expect(answer).toMatchObject({ status: 403, body: { success: false, code: 'forbidden' } })
  })

  test('another project knows neither agent nor run', async () => {
    const { body: tenant } = await scene.app.request<{ key: string }>('POST', '/v1/projects', {
      name: 'tenant',
    })
    const stranger = flowybleClient(scene.app, tenant.key)
    const start = await stranger.call('POST', `/v1/agents/run/${scene.agentId}`, { userMessage: 'Go.' })
    expect(start.status).toBe(404)
    const runId = await scene.start(scene.agentId, 'Go.')
    for (const path of ['status', 'details', 'steps', 'stream']) {
      expect((await stranger.call('GET', `/v1/agents/run/${runId}/${path}`)).status).toBe(404)
    }
    expect((await stranger.call('POST', `/v1/agents/run/${runId}/cancel`, {})).status).toBe(404)
    expect((await stranger.call<{ items: [] }>('GET', '/v1/agents/runs')).body.items).toEqual([])
  })
})

test('a model that fails for good fails the run, with what had been said', async () => {
  await using scene = await openScene([
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
  await using scene = await openScene([again, again, again, again])
  const run = await scene.finished(await scene.start(scene.agentId, 'Go.', { maxSteps: 2 }))
  expect(run).toMatchObject({ status: 'Completed', stopReason: 'max_steps', stepsExecuted: 2 })
  expect(run.finalOutput).toContain('Once more.')
})

test('a run that waits is cancelled at once, and one that has ended stays as it is', async () => {
  await using scene = await openScene(['Done.'])
  await scene.app.request('POST', '/v1/project/pause', {})
  const runId = await scene.start(scene.agentId, 'Go.')
  const cancelled = await scene.call('POST', `/v1/agents/run/${runId}/cancel`, { reason: 'enough' })
  expect(cancelled).toMatchObject({
    status: 200,
    body: {
      ...{ status: 'Cancelled', statusInt: 4, isTerminal: true, stopReason: 'cancelled' },
      ...{ creditsUsed: 0, finalOutput: null, errorMessage: null },
    },
  })
  const again = await scene.call('POST', `/v1/agents/run/${runId}/cancel`)
  expect(again).toMatchObject({ status: 200, body: cancelled.body })
  expect((await scene.call('POST', `/v1/agents/run/${runId}/cancel?strict=true`, {})).status).toBe(409)

  await scene.app.request('POST', '/v1/project/resume', {})
  const retried = await scene.call('POST', `/v1/agents/run/${runId}/retry`, {})
  expect(retried.body).toMatchObject({ success: true, retryOf: runId })
  expect(await scene.finished(retried.body.id)).toMatchObject({
    ...{ status: 'Completed', finalOutput: 'Done.', retryOf: runId, userMessage: 'Go.' },
  })
})

test('a run in work is asked to end, its model call is broken off, and its cost stays', async () => {
  await using scene = await openScene([
    { toolCalls: [{ name: 'memory_search', arguments: { query: 'x' } }], usage: { input: 10, output: 1 } },
    'hang',
  ])
  const runId = await scene.start(scene.agentId, 'Go.')
  await scene.provider.until(2)
  expect((await scene.call('POST', `/v1/agents/run/${runId}/retry`, {})).status).toBe(409)
  const asked = await scene.call('POST', `/v1/agents/run/${runId}/cancel`, {})
  expect([200, 202]).toContain(asked.status)
  await scene.provider.requests[1]?.closed
  expect(await scene.finished(runId)).toMatchObject({ status: 'Cancelled', actionsUsed: 1, tokensUsed: 11 })
})

test('lists are filtered by agent, status, conversation, time and metadata, in pages', async () => {
  await using scene = await openScene(['One.', 'Two.', 'Three.'])
  const ids: string[] = []
  for (const [index, conversationId] of ['a', 'b', 'a'].entries()) {
    const members = { conversationId, metadata: { index, even: index % 2 === 0 } }
    ids.push(await scene.start(scene.agentId, `Go ${index}.`, members))
    await scene.finished(ids[index] ?? '')
  }
  const [first, second, third] = ids
  type List = { items: { id: string; steps?: unknown }[]; nextCursor: string | null }
  const list = async (query: string) => {
    const { body } = await scene.call<List>('GET', `/v1/agents/runs?${query}`)
    return body.items.map(({ id }) => id)
  }
  expect(await list('')).toEqual([third, second, first])
  expect(await list('conversationId=a')).toEqual([third, first])
  expect(await list('metadata.even=true')).toEqual([third, first])
  expect(await list('metadata.index=1')).toEqual([second])
  expect(await list('metadata.none=1')).toEqual([])
  expect(await list(`agentId=${scene.agentId}&status=Completed`)).toHaveLength(3)
  expect(await list('status=Failed,Cancelled')).toEqual([])
  expect(await list('status=Failed&status=Completed')).toHaveLength(3)
  expect(await list(`agentId=${unknown}`)).toEqual([])
  expect(await list('createdBefore=2020-01-01T00:00:00Z')).toEqual([])
  const { body: page } = await scene.call<List>('GET', '/v1/agents/runs?limit=2')
  expect(page.items[0]).not.toHaveProperty('steps')
  expect(await list(`limit=2&cursor=${page.nextCursor}`)).toEqual([first])
  for (const wrong of ['limit=0', 'limit=101', 'status=Done', 'createdAfter=today', 'cursor=x'])
    expect((await scene.call('GET', `/v1/agents/runs?${wrong}`)).status).toBe(400)
})

test('a poll waits for news, and is told 304 while there are none', async () => {
  await using scene = await openScene(['hang'])
  const runId = await scene.start(scene.agentId, 'Go.')
  await scene.provider.until(1)
  const path = `/v1/agents/run/${runId}/status`
  const first = await scene.call('GET', path)
  expect(first.body.status).toBe('Running')
  expect(first.headers.get('retry-after')).toBe('2')
  const etag = first.headers.get('etag') ?? ''
  expect((await scene.call('GET', path, undefined, { 'if-none-match': etag })).status).toBe(304)
  const news = await scene.call('GET', `${path}?wait=30&since=Pending`)
  expect(news.body.status).toBe('Running')
  const end = scene.call('GET', `${path}?wait=30`)
  await scene.call('POST', `/v1/agents/run/${runId}/cancel`, {})
  expect((await end).body.status).toBe('Cancelled')
})

test('a stream tells what happens, and goes on after the last number that was seen', async () => {
  await using scene = await openScene([
    { toolCalls: [{ name: 'memory_search', arguments: { query: 'bees' } }] },
    { text: 'There are no bees.' },
  ])
  const runId = await scene.start(scene.agentId, 'Where are the bees?')
  await scene.finished(runId)
  const read = async (query: string, headers: Record<string, string> = {}) => {
    const events = await openEvents(scene.app, `/v1/agents/run/${runId}/stream${query}`, headers)
    return events.rest()
  }
  const all = await read('')
  const names = all.flatMap(({ event }) => event ?? [])
  expect(names[0]).toBe('run.started')
  expect(names.at(-1)).toBe('run.completed')
  expect(names.filter((name) => name === 'step.completed').length).toBeGreaterThanOrEqual(3)
  const last = all.at(-2)?.id ?? ''
  expect((await read(`?after=${last}`)).flatMap(({ event }) => event ?? [])).toEqual(['run.completed'])
  const resumed = await read('', { 'last-event-id': last })
  expect(resumed.flatMap(({ event }) => event ?? [])).toEqual(['run.completed'])
})

test('what an agent adds without a user it remembers for itself, and it can be taken back', async () => {
  await using scene = await openScene([
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
