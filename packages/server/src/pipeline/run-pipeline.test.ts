/** Pipelines of several commits: what goes on from one to the next, and what is done again after a crash or a failure. */
import { expect, test } from 'vitest'
import { StepError } from '../kernel/step-error.ts'
import type { Extractor } from '../models/model.ts'
import type { Pipeline } from '../projects/pipeline.ts'
import { makeTopic } from '../testing/factories.ts'
import { echoExtractor, fakeExtractor } from '../testing/fake-extractor.ts'
import { openPipelineScene } from '../testing/pipeline-scene.ts'

const scoping = { userScoped: true, scopeProperties: [] }
const topics = [makeTopic('facts', { scoping }), makeTopic('digest', { isBounded: true, scoping })]

const pipeline: Pipeline = {
  steps: [
    { name: 'extract', type: 'extract', next: 'transform', inputs: null },
    { name: 'transform', type: 'transform', next: 'commit', topics: ['facts'] },
    { name: 'commit', type: 'commit', next: 'aggregate' },
    { name: 'aggregate', type: 'transform', next: 'commit digest', topics: ['digest'] },
    { name: 'commit digest', type: 'commit', next: null },
  ],
}

test('behind a commit goes on what it created or changed, into the bounded topics of the next transform', async () => {
  await using scene = await openPipelineScene({ topics, pipeline })
  await scene.add({ type: 'string', content: ['Ada keeps bees.', 'Ada sails.', 'Ada keeps bees.'] })
  const run = await scene.attempt()
  expect(run).toMatchObject({
    state: 'completed',
    outcome: 'committed',
    counts: { candidates: 3, created: 3, updated: 0, unchanged: 1 },
  })
  expect((await scene.memories('facts')).map(({ content }) => content)).toEqual([
    'Ada keeps bees.',
    'Ada sails.',
  ])
  const [digest] = await scene.memories('digest')
  expect(digest?.content).toBe('Ada keeps bees. Ada sails.')
  expect(digest?.sources.map(({ input }) => input)).toEqual([0, 2, 1])
  const steps = await scene.project.listSteps(run.runId)
  expect(steps.map(({ name }) => name)).toEqual(pipeline.steps.map(({ name }) => name))
  expect((await scene.project.getRun(run.runId))?.operations).toHaveLength(3)
})

test('when nothing goes on, the run ends at its commit', async () => {
  await using scene = await openPipelineScene({ topics, pipeline })
  await scene.add('Ada keeps bees.')
  await scene.attempt()
  await scene.add('Ada keeps bees.')
  const run = await scene.attempt()
  expect(run).toMatchObject({
    state: 'completed',
    outcome: 'unchanged',
    counts: { created: 0, unchanged: 1 },
  })
  expect(await scene.project.listSteps(run.runId)).toHaveLength(3)
})

test('what fails behind a commit leaves it committed, and a retry goes on from there', async () => {
  let isBroken = true
  const extractor: Extractor = {
    ...echoExtractor,
    summarise: async ({ statements }) => {
      if (isBroken) throw new StepError('invalid_output', 'nonsense')
      return statements.join(' ')
    },
  }
  await using scene = await openPipelineScene({ topics, pipeline, extractor })
  const runId = await scene.add('Ada keeps bees.')
  expect(await scene.attempt()).toMatchObject({
    state: 'partial',
    error: { stage: 'transformation', code: 'invalid_output' },
    counts: { created: 1 },
  })
  expect((await scene.project.getRun(runId))?.operations).toHaveLength(1)
  isBroken = false
  await scene.project.requeueRun({ runId, voidSteps: [], queueDepthMax: 10, now: scene.clock.now() })
  expect(await scene.attempt()).toMatchObject({ state: 'completed', error: null, counts: { created: 2 } })
  expect((await scene.project.getRun(runId))?.operations).toHaveLength(2)
  expect(await scene.memories('digest')).toMatchObject([{ content: 'Ada keeps bees.', version: 1 }])
})

test('a process that dies between two commits does neither of them twice', async () => {
  let extracted = 0
  const extractor = fakeExtractor((text) => {
    extracted++
    return [text]
  })
  const dying = new AbortController()
  await using scene = await openPipelineScene({
    topics,
    pipeline,
    extractor: {
      ...extractor,
      summarise: async ({ statements }) => {
        if (!dying.signal.aborted) {
          dying.abort(new Error('the process ends'))
          dying.signal.throwIfAborted()
        }
        return statements.join(' ')
      },
    },
  })
  const runId = await scene.add('Ada keeps bees.')
  expect(await scene.attempt(dying.signal)).toMatchObject({ state: 'running', counts: { created: 1 } })
  await scene.restart()
  expect(await scene.attempt()).toMatchObject({ state: 'completed', counts: { candidates: 1, created: 2 } })
  expect((await scene.project.getRun(runId))?.operations).toHaveLength(2)
  expect(extracted).toBe(1)
})
