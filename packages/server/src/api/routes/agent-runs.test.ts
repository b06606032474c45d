/** Runs of agents and tools as they are accepted and listed; what becomes of them is for the tests of who executes them. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type RunBody, startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)

type Made = { id: string }
type Problem = { code: string; errors: { location: string }[] }
const ids = { agent: '', tool: '' }
beforeEach(async () => {
  // Nothing is begun, so that what was accepted can be looked at.
  await app.request('POST', '/v1/project/pause', {})
  ids.agent = (await app.request<Made>('POST', '/v1/agents', { name: 'concierge' })).body.id
  const steps = [
    {
      name: 'search',
      action: { type: 'memory_search', name: 'search' },
      arguments: { query: '{{input.query}}' },
    },
  ]
  const parameters = { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] }
  ids.tool = (await app.request<Made>('POST', '/v1/tools', { name: 'look', parameters, steps })).body.id
})

const begin = (body: object, headers: Record<string, string> = {}) =>
  app.request<RunBody & Problem>(
    'POST',
    `/v1/agents/${ids.agent}/runs`,
    { user_message: 'Hello?', ...body },
    { headers },
  )
const beginTool = (body: object) => app.request<RunBody & Problem>('POST', `/v1/tools/${ids.tool}/runs`, body)
const runOf = async ({ body }: { body: RunBody }) =>
  (await app.request<RunBody & { group_id: string }>('GET', `/v1/runs/${body.run_id}`)).body

test('a run of an agent is acknowledged like an add, and is a run of its agent and conversation', async () => {
  const answer = await begin({
    user_id: 'Mara',
    conversation_id: 'c-1',
    tags: ['x'],
    metadata: { n: 1 },
    timeout: 5,
  })
  expect(answer).toMatchObject({ status: 200, body: { status: 'running' } })
  expect(answer.headers.get('location')).toBe(`/v1/runs/${answer.body.run_id}`)
  expect(await runOf(answer)).toMatchObject({
    ...{
      input_type: 'agent',
      state: 'queued',
      user_id: 'Mara',
      subject_id: ids.agent,
      conversation_id: 'c-1',
    },
    ...{ parent_run_id: null, tags: ['x'], metadata: { n: 1 }, starting_step: 3 },
  })
  expect(await app.request('GET', `/v1/agents/${ids.agent}/runs/${answer.body.run_id}`)).toMatchObject({
    ...{ status: 200 },
    body: {
      run: { state: 'queued' },
      steps_executed: 0,
      credits_used: '0',
      final_output: null,
      stop_reason: null,
      actions: [],
    },
  })
})

test('a run of a tool too', async () => {
  const answer = await beginTool({ input: { query: 'hives' } })
  expect(await runOf(answer)).toMatchObject({
    input_type: 'tool',
    subject_id: ids.tool,
    conversation_id: null,
  })
  expect(await app.request('GET', `/v1/tools/${ids.tool}/runs/${answer.body.run_id}`)).toMatchObject({
    ...{ status: 200, body: { run: { state: 'queued' }, output: null, actions_used: 0 } },
  })
})

test('the same key gives the same run, also when the agent is archived and the credits are spent by then; another request under it is refused', async () => {
  const key = { 'idempotency-key': `key of ${ids.agent}` }
  const first = await begin({}, key)
  await app.request('PATCH', '/v1/credits', { caps: { credits: '0' } })
  await app.request('DELETE', `/v1/agents/${ids.agent}`)
  const again = await begin({}, key)
  expect([again.body.run_id, again.headers.get('idempotency-replayed')]).toEqual([first.body.run_id, 'true'])
  await app.request('PATCH', '/v1/credits', { caps: {} })
  expect(await begin({ user_message: 'Another?' }, key)).toMatchObject({
    status: 422,
    body: { code: 'idempotency_key_reused' },
  })
})

test('runs are listed by their agent, and filtered', async () => {
  const [first, second] = [await begin({ conversation_id: 'c-1' }), await begin({ user_id: 'mara' })]
  const listed = async (query = '') =>
    (await app.request<{ runs: RunBody[] }>('GET', `/v1/agents/${ids.agent}/runs${query}`)).body.runs.map(
      ({ run_id }) => run_id,
    )
  expect(await listed()).toEqual([second.body.run_id, first.body.run_id])
  expect(await listed('?conversation_id=c-1')).toEqual([first.body.run_id])
  expect(await listed('?user_id=Mara&state=queued')).toEqual([second.body.run_id])
  const other = await app.request(`GET`, `/v1/tools/${ids.tool}/runs/${first.body.run_id}`)
  expect(other).toMatchObject({ status: 404, body: { code: 'not_found' } })
})

test.each<[object, string, string]>([
  [{ user_message: '  ' }, 'empty_content', 'body.user_message'],
  [{ max_steps: 13 }, 'invalid_body', 'body.max_steps'],
  [{ max_credits: '0' }, 'invalid_body', 'body.max_credits'],
  [{ max_credits: '1e3' }, 'invalid_body', 'body.max_credits'],
  [{ max_credits: 0.5 }, 'invalid_body', 'body.max_credits'],
  [{ output_schema: { type: 'objekt' } }, 'invalid_body', 'body.output_schema'],
  [{ properties: { trip: 'x' } }, 'unknown_property', 'body.properties.trip'],
])('%j is refused with %s', async (body, code, location) => {
  const answer = await begin(body)
  expect(answer.body).toMatchObject({ code, errors: [{ location }] })
})

test('the input of a tool must match its parameters', async () => {
  expect(await beginTool({ input: { query: 5 } })).toMatchObject({
    ...{ status: 422, body: { errors: [{ location: 'body.input.query', message: 'must be string' }] } },
  })
  expect(await beginTool({})).toMatchObject({ status: 422, body: { errors: [{ location: 'body.input' }] } })
})

test('what is not active does not run', async () => {
  await app.request('PATCH', `/v1/agents/${ids.agent}`, { status: 'inactive' })
  expect(await begin({})).toMatchObject({ status: 409, body: { code: 'inactive' } })
  await app.request('DELETE', `/v1/tools/${ids.tool}`)
  expect(await beginTool({ input: { query: 'x' } })).toMatchObject({ status: 409 })
})

describe('credits', () => {
  test.each([
    [{ caps: { credits: '0' } }, 'credits of this month'],
    [{ caps: { tokens: 0 } }, 'tokens of this month'],
    [{ caps: { actions: 0 } }, 'actions of this month'],
  ])('at the cap %j nothing is begun', async (change, reason) => {
    await app.request('PATCH', '/v1/credits', change)
    for (const answer of [await begin({}), await beginTool({ input: { query: 'x' } })])
      expect(answer).toMatchObject({
        ...{ status: 402, body: { code: 'insufficient_credits', detail: expect.stringContaining(reason) } },
      })
    await app.request('PATCH', '/v1/credits', { caps: {} })
    expect((await begin({})).status).toBe(200)
  })

  test('without a balance nothing is counted down; with one, nothing is begun when it is used up', async () => {
    const grant = async (amount: string | null) =>
      (await app.request<{ balance: string }>('POST', '/v1/credits/grants', { amount })).body.balance
    expect(await grant('0.000001')).toBe('0.000001')
    expect((await begin({})).status).toBe(200)
    expect(await grant('-0.000001')).toBe('0')
    expect((await begin({})).status).toBe(402)
    expect(await grant(null)).toBeNull()
    expect((await begin({})).status).toBe(200)
  })
})
