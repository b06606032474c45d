import { afterAll, describe, expect, test } from 'vitest'
import { startTestApp } from '../../testing/test-app.ts'

type AgentBody = { id: string; version: number; name: string; actions: object[] }
type ProblemBody = { code: string; detail: string }

const app = await startTestApp({ webhookAllow: '127.0.0.1' })
afterAll(app.stop)

const create = (body: object) => app.request<AgentBody & ProblemBody>('POST', '/v1/agents', body)
const made = async (body: object = {}) => {
  const answer = await create({ name: 'concierge', ...body })
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.body
}
const change = (id: string, body: object) =>
  app.request<AgentBody & ProblemBody>('PATCH', `/v1/agents/${id}`, body)
const get = async (id: string) => (await app.request<AgentBody>('GET', `/v1/agents/${id}`)).body

const http = (request: object, over: object = {}) => ({
  ...{ type: 'http', name: 'call', parameters: { type: 'object', properties: { city: {} } } },
  request: { method: 'GET', url: 'https://a.example/', ...request },
  ...over,
})

test('an agent needs a name only, and is read as it was answered', async () => {
  const agent = await made()
  expect(agent).toEqual({
    ...{
      id: expect.any(String),
      name: 'concierge',
      instructions: '',
      model: null,
      max_steps: 8,
      actions: [],
    },
    ...{ group: 'default', conversation_memory: true, status: 'active', version: 1 },
    ...{ created_at: expect.any(String), updated_at: expect.any(String) },
  })
  expect(await get(agent.id.toUpperCase())).toEqual(agent)
})

test('all that was given is kept, actions with what their type has when they say nothing', async () => {
  await app.request('PUT', '/v1/secrets/WEATHER_KEY', { value: 'a key' })
  const other = await made()
  const actions = [
    { type: 'memory_search', name: 'recall', description: 'Looks it up.' },
    { type: 'memory_add', name: 'keep', topic: 'UserKnowledge' },
    http({
      url: 'https://a.example/{{args.city}}?key={{secrets.WEATHER_KEY}}',
      headers: { authorization: 'Bearer {{secrets.WEATHER_KEY}}' },
    }),
    { type: 'mcp', name: 'files', url: 'https://mcp.example/mcp', tools: ['read'] },
    { type: 'agent', name: 'ask', agent_id: other.id.toUpperCase() },
  ]
  const agent = await made({ instructions: 'Be kind.', max_steps: 3, actions, conversation_memory: false })
  expect(agent).toMatchObject({ instructions: 'Be kind.', max_steps: 3, conversation_memory: false })
  expect(agent.actions).toMatchObject([
    { ...actions[0], limit: 10 },
    { ...actions[1], description: '' },
    { ...actions[2], timeout: 30, request: { ...(actions[2] as { request: object }).request, query: {} } },
    { ...actions[3], headers: {} },
    { type: 'agent', agent_id: other.id },
  ])
  expect(await get(agent.id)).toEqual(agent)
})

test('a model that no provider has, and a group that is not there, are refused by their own codes', async () => {
  expect(await create({ name: 'a', model: 'gpt-x' })).toMatchObject({
    status: 422,
    body: { code: 'model_not_configured' },
  })
  expect(await create({ name: 'a', model: 'recall' })).toMatchObject({
    status: 201,
    body: { model: 'recall' },
  })
  expect(await create({ name: 'a', group: 'nowhere' })).toMatchObject({
    status: 422,
    body: { code: 'unknown_group' },
  })
})

describe('changing', () => {
  test('replaces what is given, makes a version, and null gives the model back to the configuration', async () => {
    const agent = await made({ model: 'recall', actions: [{ type: 'memory_search', name: 'a' }] })
    expect(await change(agent.id, { name: 'renamed', model: null })).toMatchObject({
      ...{ status: 200, body: { name: 'renamed', model: null, version: 2, actions: [{ name: 'a' }] } },
    })
    expect(await change(agent.id, { actions: [] })).toMatchObject({ body: { version: 3, actions: [] } })
  })

  test('of another version than expected changes nothing', async () => {
    const agent = await made()
    await change(agent.id, { name: 'second', expected_version: 1 })
    expect(await change(agent.id, { name: 'third', expected_version: 1 })).toMatchObject({
      ...{ status: 409, body: { code: 'conflict' } },
    })
    expect(await get(agent.id)).toMatchObject({ name: 'second', version: 2 })
  })

  test('at once by many, without an expectation, all happens', async () => {
    const agent = await made()
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => change(agent.id, { name: `${n}` })))
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
    expect(await get(agent.id)).toMatchObject({ version: 9 })
  })

  test('what is wrong changes nothing', async () => {
    const agent = await made()
    expect(await change(agent.id, { actions: [http({ url: 'http://10.0.0.1/' })] })).toMatchObject({
      status: 422,
    })
    expect(await get(agent.id)).toEqual(agent)
  })
})

test('an archived agent is listed only when asked for, and can come back; its group can go meanwhile', async () => {
  await app.request('PUT', '/v1/groups/shop', { template: 'personalization' })
  const agent = await made({ group: 'shop' })
  expect(await app.request('DELETE', '/v1/groups/shop')).toMatchObject({
    ...{ status: 409, body: { detail: expect.stringContaining('archive them first') } },
  })
  const remove = () => app.request('DELETE', `/v1/agents/${agent.id}`)
  expect(await remove()).toMatchObject({ status: 204, text: '' })
  expect(await remove()).toMatchObject({ status: 204 })
  const listed = async (query: string) =>
    (await app.request<{ agents: AgentBody[] }>('GET', `/v1/agents?limit=100${query}`)).body.agents.map(
      ({ id }) => id,
    )
  expect(await listed('')).not.toContain(agent.id)
  expect(await listed('&archived=true')).toContain(agent.id)
  expect(await get(agent.id)).toMatchObject({ status: 'archived', version: 2 })
  expect((await app.request('DELETE', '/v1/groups/shop')).status).toBe(204)
  expect(await change(agent.id, { status: 'active' })).toMatchObject({
    status: 422,
    body: { code: 'unknown_group' },
  })
  expect(await change(agent.id, { status: 'active', group: 'default' })).toMatchObject({ status: 200 })
})

test('pages of agents hold each once, newest first', async () => {
  const ids = [await made(), await made(), await made()].map(({ id }) => id).reverse()
  const found: string[] = []
  for (let cursor = ''; found.length < 3; ) {
    const { body } = await app.request<{ agents: AgentBody[]; next_cursor: string }>(
      ...(['GET', `/v1/agents?limit=2${cursor}`] as const),
    )
    found.push(...body.agents.map(({ id }) => id))
    cursor = `&cursor=${body.next_cursor}`
  }
  expect(found.slice(0, 3)).toEqual(ids)
})

test('run and runs are no ids of agents or tools, where no wire has paths of that name', async () => {
  await using app = await startTestApp({ wires: 'none' })
  for (const path of ['agents/run', 'agents/runs', 'tools/run', 'tools/runs'])
    expect(await app.request('GET', `/v1/${path}`)).toMatchObject({ status: 422 })
})
