/** Every name of the pages of Flowyble, seen on the real server: objects, statuses, errors, and what is answered otherwise. */
import { afterAll, expect, test } from 'vitest'
import { flowybleClient } from '../flowyble-client.ts'
import { openFlowybleScene } from '../flowyble-scene.ts'
import type { ToldAnswer } from '../provider.ts'
import { type Reply, startReceiver } from '../receiver.ts'
import { httpStep } from '../tool-factories.ts'
import { flowyble } from './flowyble.ts'
import { createWitness } from './witness.ts'

const unknown = '00000000-0000-4000-8000-000000000000'
const witness = createWitness(flowyble)
const look = (input: number, output: number): ToldAnswer => ({
  text: 'I look it up.',
  toolCalls: [{ name: 'memory_search', arguments: { query: 'bees' } }],
  usage: { input, output },
})

const scene = await openFlowybleScene(
  [
    ...[
      look(1_000, 100),
      look(1_000, 120),
      { text: 'There are no bees.', usage: { input: 200, output: 30 } },
    ],
    ...[look(1_000, 100), { status: 400, message: 'no such thing' }],
    look(10, 1),
    ...[look(10, 1), 'hang' as const],
  ],
  {},
  { webhookAllow: '127.0.0.1' },
)
afterAll(() => scene[Symbol.asyncDispose]())
const { app, agentId, call } = scene
const rates = { models: { small: { input: '0.25', output: '1.2' } }, action: '0' }
expect((await app.request('PATCH', '/v1/credits', { rates })).status).toBe(200)

const see = async (kind: string, path: string) => witness.see(kind, (await call('GET', path)).body)
const seeRun = (runId: string) => see('agent run', `/v1/agents/run/${runId}/status`)
const startAgent = async (members: object = {}): Promise<string> => {
  const { body } = await call('POST', `/v1/agents/run/${agentId}`, {
    userMessage: 'Where are the bees?',
    ...members,
  })
  return String(witness.see('started agent', body).id)
}
const paused = async (work: () => Promise<void>) => {
  await app.request('POST', '/v1/project/pause', {})
  await work()
  await app.request('POST', '/v1/project/resume', {})
}

test('agent runs come to every status, with every field and step', async () => {
  const runIds: string[] = []
  for (const members of [{}, {}, { maxSteps: 1 }]) {
    const runId = await startAgent(members)
    await scene.finished(runId)
    await seeRun(runId)
    const details = await see('agent run with steps', `/v1/agents/run/${runId}/details`)
    for (const step of details.steps as { tokenUsage: unknown }[]) {
      witness.see('step', step)
      witness.see('token usage', step.tokenUsage)
    }
    runIds.push(runId)
  }
  const working = await startAgent()
  await scene.provider.until(8)
  expect(await seeRun(working)).toMatchObject({ status: 'Running' })
  await see('agent run with steps', `/v1/agents/run/${working}/details`)
  await paused(async () => {
    const waiting = await startAgent()
    expect(await seeRun(waiting)).toMatchObject({ status: 'Pending' })
    await see('agent run with steps', `/v1/agents/run/${waiting}/details`)
    for (const runId of [waiting, working]) {
      await call('POST', `/v1/agents/run/${runId}/cancel`, {})
      await scene.finished(runId)
      expect(await seeRun(runId)).toMatchObject({ status: 'Cancelled' })
    }
  })
})

const makeTool = async (url: string): Promise<string> => {
  const { name, action, arguments: given } = httpStep('ask', { url })
  const { timeoutMs: _, ...request } = Object(action)
  const { body, text } = await app.request<{ id: string }>('POST', '/v1/tools', {
    ...{
      name: 'Ask',
      steps: [{ name, action: request, arguments: given }],
      output: { said: '{{steps.ask}}' },
    },
    parameters: { type: 'object', properties: { what: { type: 'string' } }, required: ['what'] },
    output_schema: { type: 'object', required: ['said'] },
  })
  expect(body?.id, text).toEqual(expect.any(String))
  return body.id
}

test('tool runs come to every status, with every field of status and result', async () => {
  const replies: Reply[] = [{ status: 200, body: '"honey"' }, 404, 'hang']
  await using receiver = await startReceiver((_request, index) => replies[index] ?? 204)
  const toolId = await makeTool(receiver.url)
  const start = async (): Promise<string> => {
    const { body } = await call('POST', `/v1/tools/run/${toolId}`, { what: 'honey' })
    return String(witness.see('started tool', body).id)
  }
  const seeTool = async (runId: string, status: string) => {
    expect(await see('tool run', `/v1/tools/run/${runId}/status`)).toMatchObject({ status })
    expect(await see('tool result', `/v1/tools/run/${runId}/result`)).toMatchObject({ status })
  }
  for (const status of ['Completed', 'Failed']) {
    const runId = await start()
    await scene.finished(runId, 'tools')
    await seeTool(runId, status)
  }
  const working = await start()
  await receiver.until(3)
  await seeTool(working, 'Running')
  await paused(async () => {
    const waiting = await start()
    await seeTool(waiting, 'Pending')
    for (const runId of [waiting, working]) {
      await app.request('POST', `/v1/runs/${runId}/cancel`, {})
      await scene.finished(runId, 'tools')
      await seeTool(runId, 'Cancelled')
    }
  })
})

const capped = async (work: () => Promise<void>) => {
  await app.request('PATCH', '/v1/credits', { caps: { tokens: 0, actions: null, credits: null } })
  await work()
  await app.request('PATCH', '/v1/credits', { caps: { tokens: null, actions: null, credits: null } })
}
const message = { userMessage: 'Go.' }

test('starts of agents and tools are refused as documented', async () => {
  const toolId = await makeTool('http://127.0.0.1:1/')
  const [agent, tool] = [`/v1/agents/run/${agentId}`, `/v1/tools/run/${toolId}`]
  const refused = async (
    name: string,
    path: string,
    body?: unknown,
    client = scene as Pick<typeof scene, 'call'>,
  ) => witness.refused(name, await client.call(body === undefined ? 'GET' : 'POST', path, body))
  await refused('agent: invalid request', agent, {})
  await refused('tool: invalid request', tool, {})
  await refused('agent: not found', `/v1/agents/run/${unknown}`, message)
  await refused('tool: not found', `/v1/tools/run/${unknown}`, {})
  await capped(async () => {
    await refused('agent: insufficient credits', agent, message)
    await refused('tool: insufficient credits', tool, { what: 'x' })
  })
  const stranger = flowybleClient(app, 'flw_key_unknown')
  witness.refused('agent: no key', await app.request('POST', agent, message, { key: null }))
  await refused('agent: bad key', agent, message, stranger)
  await refused('tool: bad key', tool, { what: 'x' }, stranger)
  await refused('agent run: bad key', `/v1/agents/run/${unknown}/status`, undefined, stranger)
  for (const path of ['agents', 'tools'])
    witness.chose('unknown run', await call('GET', `/v1/${path}/run/${unknown}/status`))
  const { body: made } = await app.request<{ key: string }>('POST', '/v1/keys', {
    name: 'r',
    scopes: ['read'],
  })
  const reader = flowybleClient(app, made.key)
  witness.chose('agent: the plan has no API access', await reader.call('POST', agent, message))
  witness.chose('tool: the plan has no API access', await reader.call('POST', tool, { what: 'x' }))
  expect((await app.request('PATCH', `/v1/agents/${agentId}`, { status: 'inactive' })).status).toBe(200)
  await refused('agent: inactive', agent, message)
  await app.request('PATCH', `/v1/agents/${agentId}`, { status: 'active' })
})

test('webhooks are taken and refused as documented', async () => {
  const toolId = await makeTool('http://127.0.0.1:1/')
  const { body: sleeper } = await app.request<{ id: string }>('POST', '/v1/agents', {
    name: 'Asleep',
    instructions: '',
  })
  const makeTrigger = async (target: object, added: object = {}): Promise<string> => {
    const { body } = await app.request<{ token: string }>('POST', '/v1/triggers', {
      name: 't',
      target,
      ...added,
    })
    return `/webhooks/${body.token}`
  }
  const post = (path: string, body: unknown, headers = {}) =>
    app.request('POST', path, body, { key: null, headers })
  const tool = await makeTrigger({ type: 'tool', id: toolId })
  const agent = await makeTrigger({ type: 'agent', id: sleeper.id })
  witness.see('webhook taken', (await post(agent, message)).body)
  await app.request('PATCH', `/v1/agents/${sleeper.id}`, { status: 'inactive' })
  witness.refused('webhook: misconfigured', await post(agent, message))
  witness.refused('webhook: invalid', await post(tool, {}))
  await capped(async () => witness.refused('webhook: insufficient credits', await post(tool, { what: 'x' })))
  const signed = await makeTrigger({ type: 'tool', id: toolId }, { secret: 'a-secret-of-the-shop' })
  const wrong = { 'x-signature': '0'.repeat(64) }
  witness.refused('webhook: bad signature', await post(signed, { what: 'x' }, wrong))
  witness.refused('webhook: unknown token', await post('/webhooks/trg_unknown', {}))

  const often = await makeTrigger({ type: 'tool', id: toolId })
  let takenCount = 0
  // Two windows admit sixty, wherever in a minute this begins.
  for (
    let answer = await post(often, { what: 'x' });
    takenCount <= 60;
    answer = await post(often, { what: 'x' })
  ) {
    if (answer.status !== 200) {
      witness.refused('webhook: too often', answer)
      break
    }
    witness.see('webhook taken', answer.body)
    takenCount++
  }
  expect(takenCount).toBeGreaterThanOrEqual(30)
  expect(takenCount).toBeLessThanOrEqual(60)
})

test('requests are not counted by the minute; what waits is bounded', async () => {
  await using full = await openFlowybleScene([], {}, { limits: { queueDepthMax: 1 } })
  const runId = await full.app
    .request('POST', '/v1/project/pause', {})
    .then(() => full.start(full.agentId, 'Go.'))
  const answers = await Promise.all(
    Array.from({ length: 101 }, () => full.call('GET', `/v1/agents/run/${runId}/status`)),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  witness.chose('agent: rate limit', await full.call('POST', `/v1/agents/run/${full.agentId}`, message))
  const steps = [{ name: 'find', action: { type: 'memory_search', name: 'find' } }]
  const { body } = await full.app.request<{ id: string }>('POST', '/v1/tools', { name: 'Find', steps })
  witness.chose('tool: rate limit', await full.call('POST', `/v1/tools/run/${body.id}`, {}))
})

test('nothing that is documented was left out', () => {
  expect(witness.unseen()).toEqual([])
})
