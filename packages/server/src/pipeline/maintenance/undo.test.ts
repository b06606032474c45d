/** Whatever comes between the look of an undo and its commit is seen: it looks again, and tells of it. */
import { expect, test } from 'vitest'
import { createRandomIds } from '../../kernel/ids.ts'
import type { Run } from '../../runs/run.ts'
import type { NewRun, ProjectStorage, Storage } from '../../storage/storage.ts'
import { openPipelineScene, type PipelineScene } from '../../testing/pipeline-scene.ts'
import { topics } from '../../testing/storage-factories.ts'

type Interference = (scene: PipelineScene) => Promise<unknown>

const ids = createRandomIds()

/** A store in which something happens right before an undo commits, as often as told. */
const interfered = (interfere: () => Promise<unknown>, times = 1) => {
  let count = 0
  const wrapProject = (project: ProjectStorage): ProjectStorage => ({
    ...project,
    commitRun: async (params) => {
      if (params.step.name === 'undo' && count++ < times) await interfere()
      return project.commitRun(params)
    },
  })
  return {
    count: () => count,
    wrap: (storage: Storage): Storage => ({
      ...storage,
      project: (projectId) => wrapProject(storage.project(projectId)),
    }),
  }
}

type Accepted = Pick<NewRun, 'laneId' | 'inputType' | 'options'> & {
  readonly input: NewRun['payload']['input']
}

/** Accepts a run and executes one attempt of it. */
const attempt = async (scene: PipelineScene, { input, ...run }: Accepted): Promise<Run> => {
  const result = await scene.project.acceptRun({
    ...{ ...run, runId: ids.next(), groupId: scene.groupId, userId: 'ada', userKey: 'ada' },
    payload: { input, properties: {} },
    ...{ inputCount: 1, idempotency: null, queueDepthMax: 100, now: scene.clock.now() },
  })
  expect(result.kind).toBe('accepted')
  return scene.attempt()
}

const undo = (scene: PipelineScene, { runId }: Pick<Run, 'runId'>, force = false): Promise<Run> =>
  attempt(scene, {
    ...{ laneId: 'undo', inputType: 'undo', options: { undoOf: runId } },
    input: { type: 'undo', runId, force },
  })

/** A run of another lane, while the undo is in work. */
const say = (scene: PipelineScene, text: string): Promise<Run> =>
  attempt(scene, { laneId: 'other', inputType: 'string', input: { type: 'string', content: [text] } })

const theMemory = async (scene: PipelineScene) => {
  const [memory] = await scene.memories()
  if (memory === undefined) throw new Error('there is no memory')
  return memory
}

const edit: Interference = async (scene) => {
  const { memoryId, version, content } = await theMemory(scene)
  const origin = { speaker: null, session: 's', turn: 0, saidAt: 0 }
  const text = `${content} Or not.`
  const result = await scene.project.editMemory({
    ...{ runId: ids.next(), memoryId, laneId: 'other', idempotency: null, traceparent: null, wire: 'native' },
    operation: {
      ...{ kind: 'update', memoryId, expectedVersion: version, content: text, contentKey: text, sources: [] },
      ...{ origin, document: { ...origin, terms: [], length: 0, speaker: '' } },
    },
    now: scene.clock.now(),
  })
  expect(result.kind).toBe('done')
}

/** Deletes the memory, and answers the run that did it. */
const remove = async (scene: PipelineScene): Promise<Run> => {
  const { memoryId } = await theMemory(scene)
  const now = scene.clock.now()
  const run = await scene.project.deleteMemory({ runId: ids.next(), memoryId, laneId: 'other', now })
  if (run === null) throw new Error('there was no memory')
  return run
}

const sayAgain: Interference = async (scene) => {
  const { content } = await theMemory(scene)
  expect((await say(scene, content)).outcome).toBe('unchanged')
}

test.each<[what: string, interference: Interference, reason: string]>([
  ['changed', edit, 'changed'],
  ['deleted', remove, 'deleted'],
  ['said again', sayAgain, 'said_again'],
])(
  'a memory that is %s in the last moment is a conflict, and stays so',
  async (_what, interference, reason) => {
    const ground = interfered(() => interference(scene))
    await using scene: PipelineScene = await openPipelineScene({ wrap: ground.wrap })
    await scene.add('Ada keeps bees.')
    const target = await scene.attempt()
    const run = await undo(scene, target)
    expect(ground.count()).toBe(2)
    expect(run).toMatchObject({
      state: 'completed',
      outcome: 'unchanged',
      result: { conflicts: [{ reason }] },
    })
    expect(await scene.memories()).toHaveLength(reason === 'deleted' ? 0 : 1)
  },
)

test('a statement that comes up elsewhere in the last moment stays where it is', async () => {
  const ground = interfered(async () => expect((await say(scene, 'Ada keeps bees.')).counts.created).toBe(1))
  await using scene: PipelineScene = await openPipelineScene({ wrap: ground.wrap })
  await scene.add('Ada keeps bees.')
  await scene.attempt()
  const run = await undo(scene, await remove(scene))
  expect(run).toMatchObject({ outcome: 'unchanged', result: { conflicts: [{ reason: 'said_elsewhere' }] } })
  expect(await scene.memories()).toHaveLength(1)
})

test('a topic that goes in the last moment takes nothing back', async () => {
  const ground = interfered(() =>
    scene.project.putGroup({
      ...{ groupId: scene.groupId, name: 'default', topics: topics.slice(1, 2) },
      now: scene.clock.now(),
    }),
  )
  await using scene: PipelineScene = await openPipelineScene({ wrap: ground.wrap })
  await scene.add('Ada keeps bees.')
  await scene.attempt()
  const run = await undo(scene, await remove(scene))
  expect(run).toMatchObject({ state: 'completed', result: { conflicts: [{ reason: 'topic_gone' }] } })
})

test('memories that never stand still fail an attempt, which is tried again', async () => {
  const ground = interfered(() => edit(scene), Number.POSITIVE_INFINITY)
  await using scene: PipelineScene = await openPipelineScene({ wrap: ground.wrap })
  await scene.add('Ada keeps bees.')
  const target = await scene.attempt()
  const run = await undo(scene, target, true)
  expect(run).toMatchObject({ state: 'running', failures: 1, error: { code: 'conflict' } })
})
