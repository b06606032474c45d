/** A document that takes the place of an earlier one: what is not said any more goes, and nothing else. */
import { expect, test } from 'vitest'
import type { SignalPoint } from '../kernel/signals.ts'
import { StepError } from '../kernel/step-error.ts'
import { defaultPipeline, type Pipeline } from '../projects/pipeline.ts'
import { fakeExtractor } from '../testing/fake-extractor.ts'
import {
  openPipelineScene,
  type PipelineScene,
  type PipelineSceneOptions,
} from '../testing/pipeline-scene.ts'

const tag = 'document:1'

const open = (options: PipelineSceneOptions = {}) => {
  const extractor = fakeExtractor((text) => {
    if (text.includes('nonsense')) throw new StepError('invalid_output', 'nonsense')
    return text.split('\n')
  })
  return openPipelineScene({ extractor, ...options })
}

const put = (scene: PipelineScene, statements: readonly string[]) =>
  scene.add(
    { type: 'document', content: { text: statements.join('\n') }, replaces: tag },
    { options: { tags: [tag] } },
  )

const contentsOf = async (scene: PipelineScene) => (await scene.memories()).map(({ content }) => content)

const [alder, birch, cedar, doum, elm] = ['alder', 'birch', 'cedar', 'doum', 'elm'].map(
  (tree) => `Ada planted the ${tree} herself.`,
) as [string, string, string, string, string]

test('what only the earlier one had said goes, what is said again stays, and what others have said stays too', async () => {
  await using scene = await open()
  await scene.add(elm)
  await scene.attempt()
  await put(scene, [alder, birch, cedar, elm])
  await scene.attempt()
  const before = await scene.memories()
  await put(scene, [birch, doum])
  expect(await scene.attempt()).toMatchObject({
    state: 'completed',
    counts: { created: 1, unchanged: 1, deleted: 2 },
  })
  const after = await scene.memories()
  expect(after.map(({ content }) => content)).toEqual([elm, birch, doum])
  const idOf = (memories: typeof after, content: string) =>
    memories.find((memory) => memory.content === content)?.memoryId
  expect(idOf(after, birch)).toBe(idOf(before, birch))
  // Each is known from one run only by now, so the next one to take the place can tell as well.
  expect(after.map(({ sources }) => sources.length)).toEqual([1, 1, 1])
  await put(scene, [cedar])
  await scene.attempt()
  expect(await contentsOf(scene)).toEqual([elm, cedar])
})

test('an undo brings back what had to go', async () => {
  await using scene = await open()
  await put(scene, [alder, birch])
  await scene.attempt()
  const runId = await put(scene, [birch, cedar])
  await scene.attempt()
  const { changes, sources } = await scene.project.readCommitted(runId)
  expect(changes.map(({ kind }) => kind).toSorted()).toEqual(['create', 'delete'])
  expect(sources.map(({ kind }) => kind).toSorted()).toEqual(['add', 'remove'])
})

test('while parts are missing, nothing has to go', async () => {
  await using scene = await open()
  await put(scene, [alder])
  await scene.attempt()
  await put(scene, ['nonsense'])
  expect((await scene.attempt()).state).toBe('failed')
  expect(await contentsOf(scene)).toEqual([alder])
})

test('of several that come at once the last one counts', async () => {
  await using scene = await open()
  for (const statement of [alder, birch, cedar]) await put(scene, [statement])
  for (let count = 0; count < 3; count++) await scene.attempt()
  expect(await contentsOf(scene)).toEqual([cedar])
})

test.each<SignalPoint>(['before_commit', 'after_commit'])(
  'interrupted at %s of any of its commits, it loses nothing and ends as if it had not been',
  async (point) => {
    for (let times = 1; times <= 3; times++) {
      let left = Number.POSITIVE_INFINITY
      const interruption = new AbortController()
      const signals = {
        reached: (reached: SignalPoint) => {
          if (reached === point && --left === 0) interruption.abort(new Error('the process died'))
        },
      }
      await using scene = await open({ signals })
      await put(scene, [alder, birch])
      await scene.attempt()
      const runId = await put(scene, [birch, cedar])
      left = times
      await scene.attempt(interruption.signal)
      const found = await contentsOf(scene)
      expect([found.includes(birch), found.includes(alder) || found.includes(cedar)]).toEqual([true, true])
      await scene.restart()
      scene.clock.advance(scene.limits.leaseMs + 1)
      if ((await scene.run(runId)).state !== 'completed') await scene.attempt()
      expect(await scene.run(runId)).toMatchObject({
        state: 'completed',
        counts: { created: 1, deleted: 1, unchanged: 1 },
      })
      expect(await contentsOf(scene)).toEqual([birch, cedar])
    }
  },
)

test('one that waits in a buffer is cancelled, and behind a buffer the earlier goes first', async () => {
  const pipeline: Pipeline = {
    steps: [
      { name: 'extract', type: 'extract', next: 'gather', inputs: null },
      { name: 'gather', type: 'buffer', next: 'transform', trigger: { count: 1, ageMs: null, idleMs: null } },
      ...defaultPipeline.steps.slice(1),
    ],
  }
  const waiting: Pipeline = {
    steps: pipeline.steps.map((step) =>
      step.type === 'buffer' ? { ...step, trigger: { count: 2, ageMs: null, idleMs: null } } : step,
    ),
  }
  await using scene = await open({ pipeline: waiting })
  const first = await put(scene, [alder])
  expect((await scene.attempt()).state).toBe('buffered')
  const second = await put(scene, [birch])
  expect((await scene.attempt()).state).toBe('buffered')
  expect(await scene.run(first)).toMatchObject({
    state: 'cancelled',
    cancelReason: null,
    error: { detail: `cancelled: replaced by run ${second}` },
  })
})
