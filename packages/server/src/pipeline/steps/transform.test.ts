/** What the transform decides, seen in what is committed. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { boundedMemoryId } from '../../projects/scope.ts'
import { makeTopic } from '../../testing/factories.ts'
import { fakeExtractor } from '../../testing/fake-extractor.ts'
import { openPipelineScene, type PipelineScene } from '../../testing/pipeline-scene.ts'
import { topics } from '../../testing/storage-factories.ts'

let scene: PipelineScene
beforeEach(async () => {
  scene = await openPipelineScene({ topics })
})
afterEach(() => scene[Symbol.asyncDispose]())

const say = async (
  contents: readonly string[],
  topic = 'facts',
  options: Parameters<PipelineScene['add']>[1] = {},
) => {
  await scene.add({ type: 'pre_extracted', items: contents.map((content) => ({ content, topic })) }, options)
  return scene.attempt()
}
const known = async (topic = 'facts', userKey: string | null = 'ada') =>
  (await scene.memories(topic, userKey)).map(({ content, version, sources }) => [
    content,
    version,
    sources.length,
  ])

test('a new statement becomes a memory', async () => {
  const run = await say(['Ada keeps bees.'])
  expect(run).toMatchObject({
    state: 'completed',
    outcome: 'committed',
    counts: { candidates: 1, created: 1, unchanged: 0 },
  })
  expect(await known()).toEqual([['Ada keeps bees.', 1, 1]])
})

test('the same statement again changes nothing but the sources', async () => {
  await say(['Ada keeps bees.'])
  const run = await say(['ada keeps  bees'])
  expect(run).toMatchObject({ outcome: 'unchanged', counts: { created: 0, updated: 0, unchanged: 1 } })
  expect(await known()).toEqual([['Ada keeps bees.', 1, 2]])
})

test('a statement that a memory says already changes nothing', async () => {
  await say(['Ada keeps bees in Graz since 2020.'])
  expect(await say(['Ada keeps bees in Graz.'])).toMatchObject({ outcome: 'unchanged' })
  expect(await known()).toEqual([['Ada keeps bees in Graz since 2020.', 1, 2]])
})

test('a statement that says more rewrites the memory', async () => {
  await say(['Ada keeps bees in Graz.'])
  expect(await say(['Ada keeps bees in Graz since 2020.'])).toMatchObject({
    outcome: 'committed',
    counts: { updated: 1, created: 0 },
  })
  expect(await known()).toEqual([['Ada keeps bees in Graz since 2020.', 2, 2]])
})

test('a statement that says something else stands beside it', async () => {
  await say(['Ada keeps bees in Graz.'])
  await say(['Ada keeps no bees in Graz.'])
  expect(await known()).toEqual([
    ['Ada keeps bees in Graz.', 1, 1],
    ['Ada keeps no bees in Graz.', 1, 1],
  ])
})

test('candidates of one run are compared with each other as with what is stored', async () => {
  const run = await say([
    'Ada keeps bees in Graz.',
    'Ben sails boats.',
    'Ada keeps bees in Graz since 2020.',
    'ben sails boats',
  ])
  expect(run.counts).toMatchObject({ candidates: 4, created: 2, updated: 0, unchanged: 1 })
  expect(await known()).toEqual(
    expect.arrayContaining([
      ['Ada keeps bees in Graz since 2020.', 1, 2],
      ['Ben sails boats.', 1, 2],
    ]),
  )
})

test('a stored memory said, said more of and said again in one run is rewritten once', async () => {
  await say(['Ada keeps bees in Graz.'])
  const run = await say([
    'Ada keeps bees in Graz.',
    'Ada keeps bees in Graz since 2020.',
    'Ada keeps bees in Graz.',
  ])
  expect(run.counts).toMatchObject({ created: 0, updated: 1, unchanged: 2 })
  expect(await known()).toEqual([['Ada keeps bees in Graz since 2020.', 2, 4]])
})

test('what another user said, or another topic holds, is not compared', async () => {
  await say(['Ada keeps bees.'])
  await say(['Ada keeps bees.'], 'facts', { userKey: 'ben' })
  await say(['Ada keeps bees.'], 'news')
  expect(await known('facts', 'ada')).toHaveLength(1)
  expect(await known('facts', 'ben')).toHaveLength(1)
  expect(await known('news', null)).toHaveLength(1)
})

test('a topic scoped by a property has a scope for each of its values', async () => {
  for (const trip of ['rome', 'oslo', 'rome'])
    await say(['The hotel has a view.'], 'trips', { properties: { trip } })
  expect((await scene.memories('trips')).map(({ scope }) => scope.properties.trip)).toEqual(['rome', 'oslo'])
})

test('a bounded topic has one memory in a scope, with an id that follows from it, rewritten in place', async () => {
  await say(['Ada keeps bees.', 'Ada sails.'], 'summary')
  const [memory] = await scene.memories('summary')
  const scope = { groupId: scene.groupId, topic: 'summary', userKey: 'ada', properties: {} }
  expect(memory).toMatchObject({
    memoryId: boundedMemoryId(scene.project.projectId, scope),
    content: 'Ada keeps bees. Ada sails.',
    version: 1,
  })
  expect(await say(['Ada reads.'], 'summary')).toMatchObject({ counts: { created: 0, updated: 1 } })
  expect(await known('summary')).toEqual([['Ada keeps bees. Ada sails. Ada reads.', 2, 3]])
})

test('a bounded memory that was deleted comes back', async () => {
  await say(['Ada keeps bees.'], 'summary')
  const [memory] = await scene.memories('summary')
  await scene.project.deleteMemory({
    runId: crypto.randomUUID(),
    memoryId: memory?.memoryId ?? '',
    laneId: 'lane',
    now: 0,
  })
  expect(await say(['Ada sails.'], 'summary')).toMatchObject({ state: 'completed', counts: { created: 1 } })
  expect(await known('summary')).toEqual([['Ada sails.', 3, 1]])
})

test('a summary that stays what it is, or is empty, changes nothing', async () => {
  const summaries = ['So far: bees.', 'So far: bees.', '']
  const extractor = { ...fakeExtractor(() => []), summarise: async () => summaries.shift() ?? '' }
  await using own = await openPipelineScene({ topics, extractor })
  const outcomes: unknown[] = []
  for (const content of ['one', 'two', 'three']) {
    await own.add({ type: 'pre_extracted', items: [{ content, topic: 'summary' }] })
    outcomes.push((await own.attempt()).outcome)
  }
  expect(outcomes).toEqual(['committed', 'unchanged', 'unchanged'])
  expect(await own.memories('summary')).toMatchObject([{ content: 'So far: bees.', version: 1 }])
})

test('what is decided for a topic that was removed since is not committed, and the run says so', async () => {
  await scene.add({
    type: 'pre_extracted',
    items: [
      { content: 'gone', topic: 'news' },
      { content: 'kept', topic: 'facts' },
    ],
  })
  const rest = [...topics.filter(({ name }) => name !== 'news'), makeTopic('others')]
  await scene.project.putGroup({ groupId: scene.groupId, name: 'default', topics: rest, now: 0 })
  expect(await scene.attempt()).toMatchObject({
    state: 'failed',
    error: { stage: 'commit', code: 'unknown_topic', detail: expect.stringContaining('"news" was removed') },
    counts: { created: 0 },
  })
  expect(await known()).toEqual([])
})

test('a run is worked off by the topics it was accepted with', async () => {
  await scene.add({ type: 'pre_extracted', items: [{ content: 'kept', topic: 'facts' }] })
  const rest = [...topics.filter(({ name }) => name !== 'news'), makeTopic('others')]
  await scene.project.putGroup({ groupId: scene.groupId, name: 'default', topics: rest, now: 0 })
  expect(await scene.attempt()).toMatchObject({ state: 'completed', groupVersion: 1 })
  expect(await known()).toEqual([['kept', 1, 1]])
})

test('a thousand statements of one run are placed in bounded time, each found again', async () => {
  const contents = Array.from(
    { length: 1_000 },
    (_, n) => `Visitor ${n} bought ${n % 7} jars of honey in shop ${n % 31}.`,
  )
  const startedAt = performance.now()
  const run = await say(contents)
  expect(run.counts).toMatchObject({ candidates: 1_000, created: 1_000 })
  expect(await say(contents)).toMatchObject({ outcome: 'unchanged', counts: { unchanged: 1_000 } })
  expect(performance.now() - startedAt).toBeLessThan(15_000)
})
