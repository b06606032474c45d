import { expect, test } from 'vitest'
import { ConnectionError, Remanence } from '../index.ts'
import { startPeer } from '../testing/peer.ts'

test('agents are made, read, changed, archived and run', async () => {
  await using peer = await startPeer(() => ({
    body: { id: 'a1', max_steps: 8, run_id: 'r1', status: 'running' },
  }))
  const { agents } = new Remanence({ baseUrl: peer.url })
  const parameters = { type: 'object', properties: { cityName: {} } }
  const request = {
    method: 'GET',
    url: 'https://a.example/',
    query: { maxDays: '{{args.cityName}}' },
  } as const
  const definition = {
    name: 'concierge',
    maxSteps: 4,
    actions: [
      { type: 'http', name: 'weather', parameters, request },
      { type: 'agent', name: 'ask', agentId: 'a2' },
    ],
  } as const
  expect(await agents.create(definition)).toMatchObject({ id: 'a1', maxSteps: 8 })
  await agents.get('a/1')
  await agents.update('a1', { model: null }, { expectedVersion: 3 })
  await agents.archive('a1')
  const options = {
    userId: 'mara',
    conversationId: 'c-1',
    maxCredits: '0.5',
    metadata: { myKey: 1 },
    inputs: { cityName: 'Graz', days: 3 },
  }
  const accepted = await agents.run('a1', 'Hello?', { ...options, idempotencyKey: 'key', wait: 2 })
  expect(accepted).toEqual({ runId: 'r1', status: 'running', replayed: false })
  expect(peer.received.map(({ method, url, body }) => [method, url, body])).toEqual([
    [
      'POST',
      '/v1/agents',
      {
        ...{ name: 'concierge', max_steps: 4 },
        actions: [
          { type: 'http', name: 'weather', parameters, request },
          { type: 'agent', name: 'ask', agent_id: 'a2' },
        ],
      },
    ],
    ['GET', '/v1/agents/a%2F1', undefined],
    ['PATCH', '/v1/agents/a1', { model: null, expected_version: 3 }],
    ['DELETE', '/v1/agents/a1', undefined],
    [
      'POST',
      '/v1/agents/a1/runs',
      {
        ...{ user_message: 'Hello?', user_id: 'mara', conversation_id: 'c-1', max_credits: '0.5' },
        metadata: { myKey: 1 },
        inputs: { cityName: 'Graz', days: 3 },
      },
    ],
  ])
  expect(peer.received.at(-1)?.headers).toMatchObject({ 'idempotency-key': 'key', prefer: 'wait=2' })
})

test('agents and their runs are listed over all pages', async () => {
  await using peer = await startPeer((_, index) => ({
    body: { agents: [{ id: index }], runs: [{ run_id: index }], next_cursor: index % 2 === 0 ? 'c1' : null },
  }))
  const { agents } = new Remanence({ baseUrl: peer.url })
  expect(await Array.fromAsync(agents.list({ archived: true }), ({ id }) => id)).toEqual([0, 1])
  expect(await Array.fromAsync(agents.runs('a1', { state: 'failed' }), ({ runId }) => runId)).toEqual([2, 3])
  expect(peer.received.map(({ url }) => url)).toEqual([
    ...['/v1/agents?archived=true', '/v1/agents?archived=true&cursor=c1'],
    ...['/v1/agents/a1/runs?state=failed', '/v1/agents/a1/runs?state=failed&cursor=c1'],
  ])
})

test('what an action was given and what it gave keep their names', async () => {
  const call = { name: 'weather', input: { city_name: 'Graz' }, output: { max_days: 1 }, is_error: false }
  await using peer = await startPeer(() => ({
    body: { run: { run_id: 'r1' }, final_output: 'Sunny.', credits_used: '0.5', actions: [call] },
  }))
  expect(await new Remanence({ baseUrl: peer.url }).agents.getRun('a1', 'r1')).toEqual({
    ...{ run: { runId: 'r1' }, finalOutput: 'Sunny.', creditsUsed: '0.5' },
    actions: [{ name: 'weather', input: { city_name: 'Graz' }, output: { max_days: 1 }, isError: false }],
  })
})

test('the input of a tool keeps its names, an add does not', async () => {
  await using peer = await startPeer(() => ({ body: { run_id: 'r1', status: 'running' } }))
  const client = new Remanence({ baseUrl: peer.url })
  await client.tools.run('t1', { cityName: 'Graz', nested: { maxDays: 1 } }, { userId: 'mara' })
  await client.memories.add({ preExtracted: { items: [] } })
  expect(peer.received.map(({ url, body }) => [url, body])).toEqual([
    ['/v1/tools/t1/runs', { user_id: 'mara', input: { cityName: 'Graz', nested: { maxDays: 1 } } }],
    ['/v1/memories', { input: { pre_extracted: { items: [] } } }],
  ])
})

test('a run is asked for again under the same key when its answer is lost; an agent is made once', async () => {
  await using peer = await startPeer((_, index) =>
    index === 0 ? 'drop' : { body: { run_id: 'r1', status: 'running' } },
  )
  await new Remanence({ baseUrl: peer.url }).agents.run('a1', 'Hello?')
  const [first, second] = peer.received.map(({ headers }) => headers['idempotency-key'])
  expect([first, peer.received.length]).toEqual([second, 2])
  await using silent = await startPeer(() => 'drop')
  const { agents, tools, credits, triggers } = new Remanence({ baseUrl: silent.url })
  const steps = [{ name: 'a', action: { type: 'memory_search', name: 'a' } }] as const
  await expect(agents.create({ name: 'a' })).rejects.toThrow(ConnectionError)
  await expect(tools.create({ name: 'a', steps })).rejects.toThrow(ConnectionError)
  await expect(credits.grant('1')).rejects.toThrow(ConnectionError)
  await expect(triggers.create({ name: 'a', target: { type: 'agent', id: 'a1' } })).rejects.toThrow(
    ConnectionError,
  )
  expect(silent.received).toHaveLength(4)
})

test('tools, credits, triggers and secrets are where they belong', async () => {
  await using peer = await startPeer(() => ({
    body: { tools: [], transactions: [{ balance_after: '1' }], next_cursor: null, triggers: [], secrets: [] },
  }))
  const { tools, credits, triggers, secrets } = new Remanence({ baseUrl: peer.url })
  await tools.list()
  await tools.get('t1')
  await tools.update('t1', { outputSchema: null })
  await tools.archive('t1')
  await tools.runs('t1', { userId: 'mara' })
  await tools.getRun('t1', 'r1')
  const rates = { models: { 'gpt_4-Mini': { input: '1', output: '2' } }, action: '0' }
  await credits.get()
  await credits.set({ rates, caps: { credits: '5' } })
  await credits.grant(null)
  expect(await Array.fromAsync(credits.transactions({ runId: 'r1', kind: 'charge' }))).toEqual([
    { balanceAfter: '1' },
  ])
  await triggers.create({ name: 'bell', target: { type: 'tool', id: 't1' }, secret: 'x' })
  await triggers.list()
  await triggers.delete('g1')
  await secrets.set('KEY', 'value')
  await secrets.list()
  await secrets.delete('KEY')
  expect(peer.received.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['GET', '/v1/tools', undefined],
    ['GET', '/v1/tools/t1', undefined],
    ['PATCH', '/v1/tools/t1', { output_schema: null }],
    ['DELETE', '/v1/tools/t1', undefined],
    ['GET', '/v1/tools/t1/runs?user_id=mara', undefined],
    ['GET', '/v1/tools/t1/runs/r1', undefined],
    ['GET', '/v1/credits', undefined],
    ['PATCH', '/v1/credits', { rates, caps: { credits: '5' } }],
    ['POST', '/v1/credits/grants', { amount: null }],
    ['GET', '/v1/credits/transactions?run_id=r1&kind=charge', undefined],
    ['POST', '/v1/triggers', { name: 'bell', target: { type: 'tool', id: 't1' }, secret: 'x' }],
    ['GET', '/v1/triggers', undefined],
    ['DELETE', '/v1/triggers/g1', undefined],
    ['PUT', '/v1/secrets/KEY', { value: 'value' }],
    ['GET', '/v1/secrets', undefined],
    ['DELETE', '/v1/secrets/KEY', undefined],
  ])
})

test('a run brings a webhook along, also when it is waited for', async () => {
  const webhook = { webhook_id: 'w1', secret: 'whsec_x' }
  const run = { run_id: 'r1', status: 'completed', state: 'completed' }
  await using peer = await startPeer((_, index) => ({
    body: { ...(index === 0 ? { run_id: 'r1', status: 'running' } : run), webhook },
  }))
  const { agents } = new Remanence({ baseUrl: peer.url })
  const options = { webhook: { url: 'https://a.example/', events: ['run.failed'] } } as const
  const started = { webhookId: 'w1', secret: 'whsec_x' }
  expect(await agents.run('a1', 'Hello?', options)).toEqual({
    ...{ runId: 'r1', status: 'running', replayed: false, webhook: started },
  })
  expect(await agents.run('a1', 'Hello?', { ...options, wait: 2 })).toEqual({
    ...{ runId: 'r1', status: 'completed', replayed: false, webhook: started },
    run: { runId: 'r1', status: 'completed', state: 'completed' },
  })
  expect(peer.received[0]?.body).toEqual({
    ...{ user_message: 'Hello?', webhook: { url: 'https://a.example/', events: ['run.failed'] } },
  })
})
