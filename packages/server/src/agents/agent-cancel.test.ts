import { expect, test } from 'vitest'
import type { Worker } from '../runs/worker.ts'
import { type AgentScene, makeAction, openAgentScene } from '../testing/agent-scene.ts'

const cancel = async (scene: AgentScene, worker: Worker, runId: string) => {
  await scene.project.cancelRun({ runId, reason: null, now: scene.clock.now() })
  worker.abort(runId)
}

test('a cancellation closes the connection of a model that is answering, and keeps what it said', async () => {
  await using scene = await openAgentScene({
    provider: 'anthropic',
    answers: [{ text: 'Mara keeps bees', usage: { input: 100 }, ending: 'hang' }],
  })
  await scene.project.agents.setCredits({
    rates: { models: { '*': { input: '1', output: '0' } }, action: '0' },
  })
  let said = ''
  const runId = await scene.ask('What does Mara keep?')
  const heard = Promise.withResolvers<void>()
  scene.liveOutput.follow(runId, ({ text }) => {
    said += text
    if (said === 'Mara keeps bees') heard.resolve()
  })
  const worker = scene.startWork()
  await heard.promise
  await cancel(scene, worker, runId)
  expect(await scene.until(runId, ({ state }) => state === 'cancelled')).toMatchObject({ result: null })
  await scene.provider.requests[0]?.closed
  expect(await scene.steps(runId)).toMatchObject([
    {
      name: 'model-1',
      status: 'failed',
      error: { stage: 'model call', code: 'cancelled' },
      output: { text: 'Mara keeps bees' },
      charge: { amount: '0.1', tokens: 101 },
    },
  ])
})

test('a cancellation ends the action in hand at once, and what was done before stays', async () => {
  const begun = Promise.withResolvers<void>()
  let wasAborted = false
  const slow = makeAction({
    name: 'slow',
    perform: ({ signal }) =>
      new Promise(() => {
        signal.addEventListener('abort', () => (wasAborted = true), { once: true })
        begun.resolve()
      }),
  })
  const quick = makeAction({ name: 'quick' })
  const toolCalls = ['quick', 'slow', 'quick'].map((name) => ({ name, arguments: {} }))
  await using scene = await openAgentScene({ actions: [slow, quick], answers: [{ toolCalls }] })
  const runId = await scene.ask('Do it.')
  const worker = scene.startWork()
  await begun.promise
  await cancel(scene, worker, runId)
  await scene.until(runId, ({ state }) => state === 'cancelled')
  expect(wasAborted).toBe(true)
  expect(quick.calls).toHaveLength(1)
  expect((await scene.steps(runId)).map(({ name, status }) => `${name} ${status}`)).toEqual([
    ...['model-1 completed', 'action-1-1 completed'],
  ])
})

test('an action that ends although it is too late is recorded, and nothing comes after it', async () => {
  const [begun, open] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const gated = makeAction({ name: 'gated' }, async () => {
    begun.resolve()
    await open.promise
    return 'done'
  })
  await using scene = await openAgentScene({
    ...{ actions: [gated], answers: [{ toolCalls: [{ name: 'gated', arguments: {} }] }, 'Done.'] },
  })
  const runId = await scene.ask('Do it.')
  const attempt = scene.attempt()
  await begun.promise
  // Asked in another process: this one finds out by the record.
  await scene.project.cancelRun({ runId, reason: 'enough', now: scene.clock.now() })
  open.resolve()
  expect(await attempt).toMatchObject({ state: 'cancelled', error: { detail: 'cancelled: enough' } })
  expect((await scene.steps(runId)).map(({ name, status }) => `${name} ${status}`)).toEqual([
    ...['model-1 completed', 'action-1-1 completed'],
  ])
  expect(scene.provider.requests).toHaveLength(1)
})

test('a server that stops in the middle of an answer keeps what it took, and goes on at its next start', async () => {
  await using scene = await openAgentScene({
    provider: 'anthropic',
    answers: [{ text: 'Mara', usage: { input: 100 }, ending: 'hang' }, 'Bees.'],
  })
  const runId = await scene.ask('What does Mara keep?')
  const stopping = new AbortController()
  scene.liveOutput.follow(runId, () => stopping.abort(new Error('the server is stopping')))
  expect(await scene.attempt(stopping.signal)).toMatchObject({ state: 'running', failures: 0 })
  scene.clock.advance(scene.limits.leaseMs)
  expect(await scene.attempt()).toMatchObject({ state: 'completed', attempt: 2, failures: 0 })
  expect(await scene.steps(runId)).toMatchObject([
    {
      name: 'model-1',
      attempt: 1,
      status: 'failed',
      error: { code: 'interrupted' },
      use: { inputTokens: 100 },
    },
    { name: 'model-1', attempt: 2, status: 'completed' },
    { name: 'finish run' },
  ])
})
