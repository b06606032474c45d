/** Runs that wait for each other: by count, age and idle time, over restarts. */
import { expect, test } from 'vitest'
import type { Pipeline } from '../projects/pipeline.ts'
import {
  add,
  committed,
  digest,
  digesting,
  gathering,
  HOUR_MS,
  healthy,
  never,
  openBufferScene,
  settle,
  states,
  topics,
  types,
} from '../testing/buffer-scene.ts'

test('the run that fills a buffer makes all go on, and all end with what is theirs', async () => {
  await using scene = await openBufferScene(digesting({ count: 3 }))
  const first = await add(scene, 'Ada keeps bees.')
  const second = await add(scene, 'Ada sails.')
  expect(await states(scene, [first, second])).toEqual(['buffered', 'buffered'])
  expect((await scene.project.getRun(first))?.buffer).toEqual({
    ...{ step: 'gather', count: 2, flushAt: null },
    trigger: { ...never, count: 3 },
  })
  expect(await committed(scene, first)).toEqual(['create'])
  expect(await digest(scene)).toEqual([])
  await healthy(scene)
  const third = await add(scene, 'Ada bakes.')
  const all = [first, second, third]
  expect(await states(scene, all)).toEqual(['completed', 'completed', 'completed'])
  expect(await digest(scene)).toEqual(['Ada keeps bees. Ada sails. Ada bakes.'])
  for (const runId of all) {
    expect(await committed(scene, runId)).toEqual(['create', 'create'])
    expect(await scene.run(runId)).toMatchObject({
      outcome: 'committed',
      counts: { created: 2, candidates: 1 },
    })
  }
  expect(await types(scene, second)).toEqual([
    ...[
      'run.accepted',
      'run.started',
      'step.completed',
      'step.completed',
      'memory.created',
      'step.completed',
    ],
    ...['step.completed', 'run.buffered', 'run.resumed', 'step.completed', 'run.completed'],
  ])
  expect((await scene.memories('digest'))[0]?.sources.map(({ runId }) => runId)).toEqual(all)
  expect(await add(scene, 'Ada knits.').then((runId) => states(scene, [runId]))).toEqual(['buffered'])
  await healthy(scene)
})

test('users have buffers of their own', async () => {
  await using scene = await openBufferScene(digesting({ count: 2 }))
  const ada = await add(scene, 'Ada keeps bees.')
  const bob = await add(scene, 'Bob sails.', 'bob')
  expect(await states(scene, [ada, bob])).toEqual(['buffered', 'buffered'])
  await add(scene, 'Bob knits.', 'bob')
  expect(await states(scene, [ada, bob])).toEqual(['buffered', 'completed'])
  expect(await digest(scene, 'bob')).toEqual(['Bob sails. Bob knits.'])
})

test('age counts from the first run, over restarts, and exactly', async () => {
  await using scene = await openBufferScene(digesting({ ageMs: HOUR_MS }))
  const first = await add(scene, 'Ada keeps bees.')
  const flushAt = (await scene.project.getRun(first))?.buffer?.flushAt ?? 0
  scene.clock.advance(HOUR_MS / 2)
  await scene.restart()
  const second = await add(scene, 'Ada sails.')
  expect((await scene.project.getRun(second))?.buffer?.flushAt).toBe(flushAt)
  scene.clock.advance(flushAt - scene.clock.now() - 5_000)
  await scene.restart()
  await settle(scene)
  expect(await states(scene, [first, second])).toEqual(['buffered', 'buffered'])
  expect(await scene.storage.nextDueAt()).toBe(flushAt)
  scene.clock.advance(5_000)
  await settle(scene)
  expect(await states(scene, [first, second])).toEqual(['completed', 'completed'])
  expect(await digest(scene)).toEqual(['Ada keeps bees. Ada sails.'])
  expect(await scene.storage.nextDueAt()).toBeNull()
  await healthy(scene)
})

test('idle time counts from the last run, and never past the age', async () => {
  await using scene = await openBufferScene(digesting({ idleMs: HOUR_MS, ageMs: 2.5 * HOUR_MS }))
  const runIds = [await add(scene, 'Ada keeps bees.')]
  for (const text of ['Ada sails.', 'Ada bakes.']) {
    scene.clock.advance(0.9 * HOUR_MS)
    await settle(scene)
    runIds.push(await add(scene, text))
  }
  expect(await states(scene, runIds)).toEqual(['buffered', 'buffered', 'buffered'])
  scene.clock.advance(0.8 * HOUR_MS)
  await scene.restart()
  await settle(scene)
  expect(await states(scene, runIds)).toEqual(['completed', 'completed', 'completed'])
})

test('who comes when the time is over opens another buffer, whether or not anybody has looked', async () => {
  await using scene = await openBufferScene(digesting({ ageMs: HOUR_MS }))
  const early = await add(scene, 'Ada keeps bees.')
  const late = await scene.add('Ada sails.')
  const { leaseMs, runTimeoutMs } = scene.limits
  const [claimed] = await scene.storage.claimRuns({ limit: 1, leaseMs, runTimeoutMs, now: scene.clock.now() })
  if (claimed === undefined) throw new Error('nothing was claimed')
  scene.clock.advance(HOUR_MS)
  await scene.execute(claimed, new AbortController().signal)
  expect((await scene.project.getRun(late))?.buffer).toMatchObject({ count: 1 })
  await settle(scene)
  expect(await states(scene, [early, late])).toEqual(['completed', 'buffered'])
})

test('a run that brings nothing waits for nobody', async () => {
  await using scene = await openBufferScene(digesting({ count: 2 }))
  await add(scene, 'Ada keeps bees.')
  const again = await add(scene, 'Ada keeps bees.')
  expect(await scene.run(again)).toMatchObject({ state: 'completed', outcome: 'unchanged' })
})

test('what nobody has committed yet is compared when all are together', async () => {
  await using scene = await openBufferScene(gathering({ count: 3 }), { topics: topics.slice(0, 1) })
  const runIds = []
  for (const text of ['Ada keeps bees.', 'Ada sails.', 'Ada keeps bees.']) runIds.push(await add(scene, text))
  expect(await states(scene, runIds)).toEqual(['completed', 'completed', 'completed'])
  const memories = await scene.memories('facts')
  expect(memories.map(({ content, sources }) => [content, sources.map(({ runId }) => runId)])).toEqual([
    ['Ada keeps bees.', [runIds[0], runIds[2]]],
    ['Ada sails.', [runIds[1]]],
  ])
  expect(await Promise.all(runIds.map((runId) => scene.run(runId)))).toMatchObject([
    { counts: { created: 1, unchanged: 0 }, outcome: 'committed' },
    { counts: { created: 1, unchanged: 0 } },
    { counts: { created: 1, unchanged: 1 } },
  ])
  await healthy(scene)
})

test('time in a buffer is not time of the run', async () => {
  await using scene = await openBufferScene(digesting({ ageMs: 48 * HOUR_MS }))
  const runId = await add(scene, 'Ada keeps bees.')
  expect((await scene.run(runId)).deadlineAt).toBeNull()
  scene.clock.advance(48 * HOUR_MS)
  await settle(scene)
  expect((await scene.run(runId)).state).toBe('completed')
})

test('after a buffer and a commit another buffer gathers those that came together, each by itself', async () => {
  const { steps } = gathering({ count: 2 })
  const pipeline: Pipeline = {
    steps: [
      ...steps.slice(0, 2),
      { name: 'transform', type: 'transform', next: 'commit', topics: ['facts'] },
      { name: 'commit', type: 'commit', next: 'gather more' },
      { name: 'gather more', type: 'buffer', next: 'aggregate', trigger: { ...never, count: 3 } },
      { name: 'aggregate', type: 'transform', next: 'commit digest', topics: ['digest'] },
      { name: 'commit digest', type: 'commit', next: null },
    ],
  }
  await using scene = await openBufferScene(pipeline)
  const runIds: string[] = []
  for (const text of ['Ada keeps bees.', 'Ada sails.']) runIds.push(await add(scene, text))
  expect(await states(scene, runIds)).toEqual(['buffered', 'buffered'])
  expect((await scene.project.getRun(runIds[1] ?? ''))?.buffer).toMatchObject({
    step: 'gather more',
    count: 2,
  })
  await healthy(scene)
  for (const text of ['Ada keeps bees.', 'Ada bakes.']) runIds.push(await add(scene, text))
  expect(await states(scene, runIds)).toEqual(Array(4).fill('completed'))
  expect(await scene.run(runIds[2] ?? '')).toMatchObject({ outcome: 'unchanged', counts: { unchanged: 1 } })
  expect(await digest(scene)).toEqual(['Ada keeps bees. Ada sails. Ada bakes.'])
  await healthy(scene)
})

test('runs go on by the pipeline they were accepted with, and do not wait for ever for others of their time', async () => {
  await using scene = await openBufferScene(digesting({ count: 2 }))
  const early = await add(scene, 'Ada keeps bees.')
  const group = { groupId: scene.groupId, name: 'default', topics, now: scene.clock.now() }
  await scene.project.putGroup(group)
  const late = await add(scene, 'Ada sails.')
  expect(await states(scene, [early, late])).toEqual(['buffered', 'completed'])
  await scene.restart()
  scene.clock.advance(HOUR_MS)
  await settle(scene)
  expect(await states(scene, [early])).toEqual(['completed'])
  expect(await digest(scene)).toEqual([expect.stringContaining('Ada keeps bees.')])
  await healthy(scene)
})
