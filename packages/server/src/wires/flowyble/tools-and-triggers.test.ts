/** Tools and inbound webhooks on the wire of Flowyble. */
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { flowybleClient } from '../../testing/flowyble-client.ts'
import { startTestApp, type TestApp } from '../../testing/test-app.ts'

let app: TestApp
let client: ReturnType<typeof flowybleClient>
let [toolId, agentId] = ['', '']
beforeAll(async () => {
  app = await startTestApp({ limits: { triggerRateMax: 6 } })
  client = flowybleClient(app)
  await app.finished(await app.add('Mara keeps bees.'))
  const { body: tool } = await app.request<{ id: string }>('POST', '/v1/tools', {
    name: 'Look up',
    description: 'Looks something up.',
    parameters: {
      type: 'object',
      properties: { what: { type: 'string' } },
      required: ['what'],
      additionalProperties: false,
    },
    steps: [
      {
        name: 'find',
        action: { type: 'memory_search', name: 'find', description: 'Searches.', limit: 3 },
        arguments: { query: '{{input.what}}' },
      },
    ],
    output: { asked: '{{input.what}}', found: '{{steps.find.memories}}' },
    output_schema: { type: 'object', required: ['asked', 'found'] },
  })
  const { body: agent } = await app.request<{ id: string }>('POST', '/v1/agents', {
    ...{ name: 'Recall', instructions: 'Answer from memory.' },
  })
  toolId = tool.id
  agentId = agent.id
})
afterAll(() => app.stop())

test('a tool run tells all that is documented of its status and of its result', async () => {
  const started = await client.call('POST', `/v1/tools/run/${toolId}`, { what: 'bees' })
  expect(started).toMatchObject({
    status: 200,
    body: { success: true, status: 'Pending', message: 'Tool run started', toolId },
  })
  const status = await client.finished(started.body.id, 'tools')
  expect(status).toMatchObject({
    ...{ id: started.body.id, toolId, status: 'Completed', statusInt: 2, errorMessage: null },
    ...{ tokensUsed: 0, actionsUsed: 1, duration: expect.any(Number), createdAt: expect.any(String) },
    ...{ startedAt: expect.any(String), finishedAt: expect.any(String) },
  })
  const { body: result } = await client.call('GET', `/v1/tools/run/${started.body.id}/result`)
  expect(result).toMatchObject({
    ...{ id: started.body.id, toolId, toolName: 'Look up', status: 'Completed', statusInt: 2 },
    ...{ inputData: '{"what":"bees"}', errorMessage: null, actionsUsed: 1, duration: expect.any(Number) },
  })
  expect(JSON.parse(String(result.outputData))).toEqual({ asked: 'bees', found: [] })
  expect(JSON.parse(String(result.outputSchema))).toMatchObject({ required: ['asked', 'found'] })
})

test.each([
  ['without what it needs', {}],
  ['with what it does not know', { what: 'bees', who: 'Mara' }],
  ['with another type', { what: 7 }],
  ['that is no object', ['bees']],
])('400 for an input %s', async (_name, input) => {
  const answer = await client.call('POST', `/v1/tools/run/${toolId}`, input)
  expect(answer).toMatchObject({ status: 400, body: { success: false, details: expect.any(Array) } })
})

test('a body may be left away, and is then an empty input', async () => {
  expect(await client.call('POST', `/v1/tools/run/${toolId}`)).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('what') },
  })
})

test('the run of an agent is none of a tool, and the other way round', async () => {
  const runId = await client.start(agentId, 'Hello?')
  expect((await client.call('GET', `/v1/tools/run/${runId}/status`)).status).toBe(404)
  const { body } = await client.call('POST', `/v1/tools/run/${toolId}`, { what: 'x' })
  expect((await client.call('GET', `/v1/agents/run/${body.id}/status`)).status).toBe(404)
})

describe('an inbound webhook', () => {
  const makeTrigger = async (target: object, secret?: string) => {
    const { body, text } = await app.request<{ token: string }>('POST', '/v1/triggers', {
      ...{ name: 'shop', target, ...(secret !== undefined && { secret }) },
    })
    if (body?.token === undefined) throw new Error(text)
    return body.token
  }
  const post = (token: string, body: unknown, headers: Record<string, string> = {}) =>
    app.request<{ success: boolean; runId: string; type: string; code: string }>(
      'POST',
      `/webhooks/${token}`,
      body,
      { key: null, headers },
    )

  test('starts its tool with the whole body, without a key', async () => {
    const token = await makeTrigger({ type: 'tool', id: toolId })
    const answer = await post(token, { what: 'honey' })
    expect(answer).toMatchObject({ status: 200, body: { success: true, type: 'tool' } })
    await client.finished(answer.body.runId, 'tools')
    const { body } = await client.call('GET', `/v1/tools/run/${answer.body.runId}/result`)
    expect(body.inputData).toBe('{"what":"honey"}')
    expect((await post(token, { who: 'x' })).status).toBe(400)
    expect((await post(token, ['honey'])).status).toBe(400)
    expect((await post(token, '{"what"')).status).toBe(400)
  })

  test.each([
    ['its message', { userMessage: 'Hello?' }, 'Hello?'],
    ['a message by another name', { message: 'Hello?' }, 'Hello?'],
    ['all of it', { order: 7 }, '{"order":7}'],
    ['a text', '"Hello?"', 'Hello?'],
  ])('starts its agent with %s', async (_name, sent, userMessage) => {
    const token = await makeTrigger({ type: 'agent', id: agentId })
    const { body } = await post(token, sent)
    expect(body).toMatchObject({ success: true, type: 'agent' })
    expect(await client.finished(body.runId)).toMatchObject({ userMessage, trigger: 'webhook', agentId })
  })

  test('with a secret it must be signed, over the very bytes', async () => {
    const secret = 'a-secret-of-the-shop'
    const token = await makeTrigger({ type: 'tool', id: toolId }, secret)
    const sent = '{ "what":  "honey" }'
    const signature = createHmac('sha256', secret).update(sent).digest('hex')
    expect(await post(token, sent)).toMatchObject({ status: 401, body: { code: 'unauthorized' } })
    expect((await post(token, '{"what":"honey"}', { 'x-signature': signature })).status).toBe(401)
    expect((await post(token, sent, { 'x-signature': signature })).status).toBe(200)
  })

  test('a delivery that names itself starts one run', async () => {
    const token = await makeTrigger({ type: 'tool', id: toolId })
    const send = () => post(token, { what: 'x' }, { 'x-delivery-id': 'd-1' })
    const [first, second] = [await send(), await send()]
    expect(second.body.runId).toBe(first.body.runId)
    // A client's own key of that text is another one.
    const headers = { 'idempotency-key': 'd-1' }
    const other = await client.call('POST', `/v1/tools/run/${toolId}`, { what: 'x' }, headers)
    expect(other.body.id).not.toBe(first.body.runId)
  })

  test('is bounded in how often it is used, and says when again', async () => {
    const token = await makeTrigger({ type: 'tool', id: toolId })
    const statuses = new Set<number>()
    let last: Headers | undefined
    // More than two windows admit, whenever the minute ends.
    for (let uses = 0; uses < 13; uses++) {
      const { status, headers } = await post(token, { what: 'x' })
      statuses.add(status)
      if (status === 429) last = headers
    }
    expect([...statuses].toSorted()).toEqual([200, 429])
    expect(Number(last?.get('retry-after'))).toBeGreaterThan(0)
  })

  test('of an unknown token, or one that was removed, there is none', async () => {
    expect(await post('trg_unknown', {})).toMatchObject({ status: 404, body: { success: false } })
    const token = await makeTrigger({ type: 'tool', id: toolId })
    const { body } = await app.request<{ triggers: { trigger_id: string; prefix: string }[] }>(
      'GET',
      '/v1/triggers',
    )
    const own = body.triggers.find(({ prefix }) => token.startsWith(prefix))
    await app.request('DELETE', `/v1/triggers/${own?.trigger_id}`)
    expect((await post(token, { what: 'x' })).status).toBe(404)
  })
})
