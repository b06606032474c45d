/** Runs of tools that do not work, wholly or for a while, and what is not done twice then. */
import { expect, test } from 'vitest'
import { retryRun } from '../runs/steer-runs.ts'
import { type Reply, startReceiver } from '../testing/receiver.ts'
import { httpStep, runOf, stepsOf } from '../testing/tool-factories.ts'
import { openWorkingScene } from '../testing/working-scene.ts'
import type { Tool } from './tool.ts'

test.each<[string, Partial<Tool>, object]>([
  [
    'a step that a server refuses',
    {},
    { stage: 'action', code: 'action_failed', detail: 'step "two": the server answered 404' },
  ],
  [
    'a place without a value',
    { steps: [httpStep('one', { url: 'http://127.0.0.1:1/' }, { q: '{{steps.zero.body}}' })] },
    {
      stage: 'action',
      code: 'invalid_template',
      detail: 'step "one": {{steps.zero.body}} names nothing: there is no "zero"',
    },
  ],
  [
    'a target that is out of reach',
    { steps: [httpStep('one', { url: 'http://10.0.0.1/' })] },
    {
      stage: 'action',
      code: 'action_failed',
      detail: expect.stringContaining('step "one": the address 10.0.0.1 is private'),
    },
  ],
  [
    'an output that does not match its schema',
    {
      steps: [],
      output: { n: 'x' },
      outputSchema: { type: 'object', properties: { n: { type: 'number' } } },
    },
    {
      stage: 'processing',
      code: 'output_invalid',
      detail: 'the output is not what its schema asks for: n must be number',
    },
  ],
  [
    'an output with a place without a value',
    { steps: [], output: '{{steps.one}}' },
    { stage: 'processing', code: 'invalid_template' },
  ],
])('%s fails the run', async (_what, tool, error) => {
  await using receiver = await startReceiver(({ path }) => (path === '/two' ? 404 : 200))
  await using scene = await openWorkingScene()
  const steps = [
    httpStep('one', { url: `${receiver.url}/one` }),
    httpStep('two', { url: `${receiver.url}/two` }),
  ]
  const run = await runOf(scene, { steps: [...steps, httpStep('three', { url: receiver.url })], ...tool })
  expect(run).toMatchObject({ state: 'failed', error, result: null })
  expect(receiver.received.map(({ path }) => path)).toEqual('steps' in tool ? [] : ['/one', '/two'])
})

test('what may pass is tried again by itself, and finished steps are not repeated', async () => {
  let broken = 2
  await using receiver = await startReceiver(
    ({ path }): Reply => (path === '/two' && broken-- > 0 ? 503 : 200),
  )
  await using scene = await openWorkingScene({ limits: { retryBaseMs: 1, retryMaxMs: 1 } })
  const steps = ['one', 'two', 'three'].map((name) => httpStep(name, { url: `${receiver.url}/${name}` }))
  await scene.putTool({ toolId: 'tool', parameters: { type: 'object' }, steps })
  const runId = await scene.startTool('tool')
  const ended = await scene.until(runId, (run) => {
    scene.clock.advance(10)
    return run.completedAt !== null
  })
  expect(ended).toMatchObject({ state: 'completed', attempt: 3, failures: 2 })
  expect(receiver.received.map(({ path }) => path)).toEqual(['/one', '/two', '/two', '/two', '/three'])
  const keys = receiver.received.map(({ headers }) => headers['idempotency-key'])
  expect(new Set(keys)).toEqual(new Set(['one', 'two', 'three'].map((name) => `${runId}/${name}`)))
  expect(await stepsOf(scene, ended)).toEqual([
    ['one', 'action', 'completed', 1],
    ['two', 'action', 'failed', 1],
    ['two', 'action', 'failed', 2],
    ['two', 'action', 'completed', 3],
    ['three', 'action', 'completed', 3],
    ['finish run', 'apply', 'completed', 3],
  ])
})

test('tried again by hand, it goes on with the step that did not work', async () => {
  let isBroken = true
  await using receiver = await startReceiver(({ path }): Reply => (path === '/two' && isBroken ? 404 : 200))
  await using scene = await openWorkingScene()
  const steps = ['one', 'two'].map((name) => httpStep(name, { url: `${receiver.url}/${name}` }))
  const failed = await runOf(scene, { steps })
  expect(failed.state).toBe('failed')
  isBroken = false
  await retryRun(scene.starter(), scene.storage.findRunProject, { runId: failed.runId, startingStep: null })
  expect(await scene.until(failed.runId, ({ state }) => state === 'completed')).toMatchObject({ error: null })
  expect(receiver.received.map(({ path }) => path)).toEqual(['/one', '/two', '/two'])
})

test('a run that is cancelled in a step ends, and does no more', async () => {
  await using receiver = await startReceiver(({ path }) => (path === '/one' ? 'hang' : 200))
  await using scene = await openWorkingScene()
  const steps = ['one', 'two'].map((name) => httpStep(name, { url: `${receiver.url}/${name}` }))
  await scene.putTool({ toolId: 'tool', parameters: { type: 'object' }, steps })
  const runId = await scene.startTool('tool')
  await receiver.until(1)
  await scene.cancel(runId)
  expect(await scene.ended(runId)).toMatchObject({ state: 'cancelled' })
  expect(receiver.received).toHaveLength(1)
})
