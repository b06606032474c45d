/** Agents with the actions that their specs make. */
import { expect, test } from 'vitest'
import { makeAgent } from '../testing/agent-factories.ts'
import { openAgentScene } from '../testing/agent-scene.ts'
import { startReceiver } from '../testing/receiver.ts'
import type { ActionSpec } from './action-spec.ts'

const search: ActionSpec = { name: 'recollect', description: 'Searches.', type: 'memory_search', limit: 5 }
const add: ActionSpec = { name: 'memory_add', description: 'Keeps.', type: 'memory_add', topic: null }

test('without any model an agent answers from its memory, though it has no action for that', async () => {
  await using scene = await openAgentScene({ provider: 'none' })
  await scene.add('Mara keeps bees.')
  await scene.add('Jon keeps a badger.', { userKey: 'jon' })
  for (let runs = 0; runs < 2; runs++) await scene.attempt()
  const run = await scene.answer('What does Mara keep?')
  expect(run).toMatchObject({
    state: 'completed',
    result: { finalOutput: expect.stringMatching(/one memory was found.\n1. Mara keeps bees./) },
  })
  expect((await scene.steps(run.runId)).map(({ name }) => name)).toEqual([
    ...['model-1', 'action-1-1', 'model-2', 'finish run'],
  ])
  expect(scene.provider.requests).toEqual([])
})

test('what such an agent is told, it keeps when it may', async () => {
  await using scene = await openAgentScene({ provider: 'none' })
  const run = await scene.answer('Mara keeps bees.', { agent: { actions: [add] } })
  expect(run).toMatchObject({ state: 'completed', outcome: 'committed', counts: { created: 1 } })
  expect((await scene.memories()).map(({ content }) => content)).toEqual(['Mara keeps bees.'])
  expect((await scene.project.getRun(run.runId))?.operations).toMatchObject([{ kind: 'create' }])
})

test('a language model gets no search that its agent does not have, and is told of one that it has', async () => {
  await using scene = await openAgentScene({ answers: ['No.', 'Yes.'] })
  await scene.answer('What does Mara keep?')
  expect(scene.provider.requests[0]?.body).not.toHaveProperty('tools')
  expect(scene.messages(0)[0]?.content).not.toContain('Search it')
  await scene.answer('What does Mara keep?', { agent: { actions: [search] } })
  expect(scene.provider.requests[1]?.body).toMatchObject({ tools: [{ function: { name: 'recollect' } }] })
  expect(scene.messages(1)[0]?.content).toContain('Search it (recollect)')
})

test('a secret comes to the server that it is for, and neither to the model nor into a step', async () => {
  await using shop = await startReceiver(() => ({ status: 200, body: '{"open":true}' }))
  const ask: ActionSpec = {
    ...{ name: 'shop', description: 'Asks the shop.', type: 'http', timeoutMs: 5_000 },
    parameters: { type: 'object', properties: { day: { type: 'string' } }, required: ['day'] },
    request: {
      ...{ method: 'POST', url: `${shop.url}/open`, query: {}, body: { day: '{{args.day}}' } },
      headers: { authorization: 'Bearer {{secrets.SHOP_KEY}}' },
    },
  }
  await using scene = await openAgentScene({
    answers: [{ toolCalls: [{ name: 'shop', arguments: { day: 'Sunday' } }] }, 'It is open.'],
  })
  await scene.project.agents.putSecret({ name: 'SHOP_KEY', value: 'very-secret', countMax: 9, now: 1 })
  const run = await scene.answer('Is the shop open?', { agent: { actions: [ask] } })
  expect(run.result).toMatchObject({ finalOutput: 'It is open.' })
  expect(shop.received).toMatchObject([
    { json: { day: 'Sunday' }, headers: { authorization: 'Bearer very-secret' } },
  ])
  const seen = JSON.stringify([scene.provider.requests.map(({ body }) => body), await scene.steps(run.runId)])
  expect(seen).toContain('Sunday')
  expect(seen).not.toContain('very-secret')
})

test('an agent asks another one, and waits for it longer than a step may take', async () => {
  const helper = makeAgent({ agentId: 'helper', actions: [], instructions: 'You help.' })
  const ask: ActionSpec = { name: 'ask', description: 'Asks.', type: 'agent', agentId: 'helper' }
  const isHelper = (body: Readonly<Record<string, unknown>>) => JSON.stringify(body).includes('You help.')
  let calls = 0
  await using scene = await openAgentScene({
    limits: { stepTimeoutMs: 40 },
    answers: async ({ body }) => {
      if (isHelper(body)) {
        // Longer than a step.
        await new Promise((resolve) => setTimeout(resolve, 120))
        return 'Bees.'
      }
      return calls++ === 0
        ? { toolCalls: [{ name: 'ask', arguments: { message: 'What?' } }] }
        : 'It says bees.'
    },
  })
  await scene.project.agents.agents.put({ value: helper, expectedVersion: 0, countMax: 9, now: 1 })
  const runId = await scene.ask('Ask the other one.', { agent: { actions: [ask] } })
  scene.startWork()
  const run = await scene.until(runId, ({ completedAt }) => completedAt !== null)
  expect(run).toMatchObject({ state: 'completed', result: { finalOutput: 'It says bees.' } })
  const action = (await scene.steps(runId)).find(({ type }) => type === 'action')
  expect(action?.output).toMatchObject({ name: 'ask', output: 'Bees.', isError: false })
})
