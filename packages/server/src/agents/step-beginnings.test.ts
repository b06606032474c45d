/** That a step begins is told before it does, and told truly whatever becomes of the attempt. */
import { expect, test } from 'vitest'
import { retryRun } from '../runs/steer-runs.ts'
import { type AgentScene, makeAction, openAgentScene } from '../testing/agent-scene.ts'
import { readPrometheusText } from '../testing/prometheus-text.ts'
import { startReceiver } from '../testing/receiver.ts'
import { startTestApp } from '../testing/test-app.ts'
import { httpStep, runOf } from '../testing/tool-factories.ts'
import { openWorkingScene } from '../testing/working-scene.ts'

type Eventful = Pick<AgentScene, 'project'>

const eventsOf = (scene: Eventful, runId: string) =>
  scene.project.listEvents({ runId, after: 0, limit: 1_000 })

/** `begins action-1-1 of attempt 1`, `action-1-1`, … */
const courseOf = async (scene: Eventful, runId: string) =>
  (await eventsOf(scene, runId)).flatMap(({ type, data }) => {
    if (type === 'step.started') return [`begins ${data.step} of attempt ${data.attempt}`]
    return type === 'step.completed' || type === 'step.failed' ? [String(data.step)] : []
  })

const twoCalls = {
  toolCalls: [
    { name: 'weather', arguments: {} },
    { name: 'whether\ud800', arguments: {} },
  ],
}

test('each call to the model and each action is told of, with what it is and its number', async () => {
  await using scene = await openAgentScene({
    actions: [makeAction({ name: 'weather' })],
    answers: [twoCalls, { toolCalls: [{ name: 'weather', arguments: {} }] }, 'Rain.'],
  })
  const { runId } = await scene.answer('How is the weather?')
  const begun = (await eventsOf(scene, runId)).filter(({ type }) => type === 'step.started')
  expect(begun.map(({ data }) => data)).toEqual([
    { step: 'model-1', attempt: 1, kind: 'model', name: 'small', number: 1 },
    { step: 'action-1-1', attempt: 1, kind: 'action', name: 'weather', number: 1 },
    { step: 'action-1-2', attempt: 1, kind: 'action', name: 'whether\ufffd', number: 2 },
    { step: 'model-2', attempt: 1, kind: 'model', name: 'small', number: 2 },
    { step: 'action-2-1', attempt: 1, kind: 'action', name: 'weather', number: 3 },
    { step: 'model-3', attempt: 1, kind: 'model', name: 'small', number: 3 },
  ])
  expect(await courseOf(scene, runId)).toEqual([
    ...['begins model-1 of attempt 1', 'model-1', 'begins action-1-1 of attempt 1', 'action-1-1'],
    ...['begins action-1-2 of attempt 1', 'action-1-2', 'begins model-2 of attempt 1', 'model-2'],
    ...['begins action-2-1 of attempt 1', 'action-2-1', 'begins model-3 of attempt 1', 'model-3'],
    'finish run',
  ])
})

test('it is written before the work begins, and a step whose attempt is broken off begins again', async () => {
  const place: { scene?: AgentScene; seen?: readonly string[] } = {}
  const stopping = new AbortController()
  const weather = makeAction({
    name: 'weather',
    perform: async ({ attempt: { run }, signal }) => {
      if (place.scene !== undefined && place.seen === undefined) {
        place.seen = await courseOf(place.scene, run.runId)
        stopping.abort(new Error('the server is stopping'))
        signal.throwIfAborted()
      }
      return { output: 'rain', isError: false }
    },
  })
  await using scene = await openAgentScene({
    ...{ actions: [weather], answers: [{ toolCalls: [{ name: 'weather', arguments: {} }] }, 'Rain.'] },
  })
  place.scene = scene
  const runId = await scene.ask('How is the weather?')
  await scene.attempt(stopping.signal)
  expect(place.seen?.at(-1)).toBe('begins action-1-1 of attempt 1')
  scene.clock.advance(scene.limits.leaseMs)
  expect(await scene.attempt()).toMatchObject({ state: 'completed', attempt: 2 })
  expect(await courseOf(scene, runId)).toEqual([
    ...['begins model-1 of attempt 1', 'model-1', 'begins action-1-1 of attempt 1'],
    ...['begins action-1-1 of attempt 2', 'action-1-1', 'begins model-2 of attempt 2', 'model-2'],
    'finish run',
  ])
})

test('a step of a run that somebody wants to end is not begun', async () => {
  const place: { scene?: AgentScene; runId: string; cancelled?: Promise<unknown> | undefined } = { runId: '' }
  const weather = makeAction({ name: 'weather' })
  await using scene = await openAgentScene({
    ...{ actions: [weather], answers: [{ toolCalls: [{ name: 'weather', arguments: {} }] }] },
    signals: {
      reached: (point) => {
        if (point !== 'after_step' || place.cancelled !== undefined) return
        // In another process: this one is not told.
        place.cancelled = place.scene?.project.cancelRun({ runId: place.runId, reason: null, now: 1 })
      },
    },
  })
  place.scene = scene
  place.runId = await scene.ask('How is the weather?')
  expect(await scene.attempt()).toMatchObject({ state: 'cancelled' })
  expect(weather.calls).toEqual([])
  expect(await scene.steps(place.runId)).toMatchObject([{ name: 'model-1', status: 'completed' }])
})

test('steps of a tool are counted in their order, also when one is tried again', async () => {
  let isBroken = true
  await using receiver = await startReceiver(({ path }) => (path === '/two' && isBroken ? 404 : 200))
  await using scene = await openWorkingScene()
  const steps = ['one', 'two'].map((name) => httpStep(name, { url: `${receiver.url}/${name}` }))
  const { runId } = await runOf(scene, { steps })
  isBroken = false
  await retryRun(scene.starter(), scene.storage.findRunProject, { runId, startingStep: null })
  await scene.until(runId, ({ state }) => state === 'completed')
  const begun = (await eventsOf(scene, runId)).filter(({ type }) => type === 'step.started')
  expect(begun.map(({ data }) => data)).toEqual([
    { step: 'one', attempt: 1, kind: 'action', name: 'call_one', number: 1 },
    { step: 'two', attempt: 1, kind: 'action', name: 'call_two', number: 2 },
    { step: 'two', attempt: 2, kind: 'action', name: 'call_two', number: 2 },
  ])
})

test('the disk is waited for no more often, however many steps there are', async () => {
  await using app = await startTestApp()
  const syncCount = async (): Promise<number> => {
    const name = 'remanence_storage_transaction_duration_seconds'
    const { text } = await app.request('GET', '/metrics')
    const samples = readPrometheusText(text).get(name)?.samples ?? []
    const of = (sample: (typeof samples)[number]) =>
      sample.name === `${name}_count` && sample.labels.synced === 'true'
    return samples.find(of)?.value ?? 0
  }
  const syncsWith = async (stepCount: number): Promise<number> => {
    const steps = Array.from({ length: stepCount }, (_, index) => ({
      ...{ name: `find_${index}`, action: { type: 'memory_search', name: 'search' } },
      arguments: { query: 'bees' },
    }))
    const made = await app.request<{ id: string }>('POST', '/v1/tools', { name: 'look', steps })
    const before = await syncCount()
    const path = `/v1/tools/${made.body.id}/runs`
    const { body } = await app.request<{ run_id: string }>('POST', path, { input: {} })
    expect(await app.finished(body.run_id)).toMatchObject({
      state: 'completed',
      event_seq: 2 * stepCount + 4,
    })
    return (await syncCount()) - before
  }
  expect(await syncsWith(8)).toBe(await syncsWith(1))
})
