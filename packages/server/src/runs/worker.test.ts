/** The claim loop: leases, lost claims, stopping, and a store that is away for a while. */
import { expect, test } from 'vitest'
import { fakeExtractor } from '../testing/fake-extractor.ts'
import { openPipelineScene } from '../testing/pipeline-scene.ts'
import type { Run } from './run.ts'

const isDone = ({ completedAt }: Run) => completedAt !== null

/** An extractor that waits for the test to let it go on, and shows the signals it was given. */
const blocking = () => {
  const gate = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const signals: AbortSignal[] = []
  const asked: string[] = []
  const extractor = fakeExtractor(async (text, { signal }) => {
    signals.push(signal)
    asked.push(text)
    begun.resolve()
    await gate.promise
    return [text]
  })
  return { extractor, begun: begun.promise, release: gate.resolve, signals, asked }
}

const aborted = (signal: AbortSignal | undefined) =>
  new Promise<unknown>((resolve) => {
    if (signal?.aborted) resolve(signal.reason)
    signal?.addEventListener('abort', () => resolve(signal.reason), { once: true })
  })

test('it works on what is there at its start and on what comes later', async () => {
  await using scene = await openPipelineScene()
  const early = await scene.add('Ada keeps bees.')
  scene.startWork()
  expect(await scene.until(early, isDone)).toMatchObject({ state: 'completed' })
  const late = await scene.add('Ada sails.')
  expect(await scene.until(late, isDone)).toMatchObject({ state: 'completed' })
})

test('it works on no more runs at once than it may, and on all in the end', async () => {
  const block = blocking()
  await using scene = await openPipelineScene({
    extractor: block.extractor,
    limits: { runConcurrencyMax: 3 },
  })
  const runIds: string[] = []
  for (let user = 0; user < 8; user++) runIds.push(await scene.add('text', { userKey: `user ${user}` }))
  scene.startWork()
  await expect.poll(() => block.asked.length).toBe(3)
  const states = await Promise.all(runIds.map(async (runId) => (await scene.run(runId)).state))
  expect(states.filter((state) => state === 'running')).toHaveLength(3)
  block.release()
  for (const runId of runIds) await scene.until(runId, isDone)
})

test('a failed run is tried again when its time has come', async () => {
  let isBroken = true
  const extractor = fakeExtractor((text) => {
    if (isBroken) throw new Error('out of order')
    return [text]
  })
  const limits = { retryBaseMs: 600_000, retryMaxMs: 600_000, leaseMs: 3_600_000 }
  await using scene = await openPipelineScene({ extractor, limits })
  scene.startWork()
  const runId = await scene.add('Ada keeps bees.')
  const { retryAt, updatedAt } = await scene.until(runId, (run) => run.retryAt !== null)
  expect((retryAt ?? 0) - updatedAt).toBe(300_000)
  isBroken = false
  scene.clock.advance(300_000)
  expect(await scene.until(runId, isDone)).toMatchObject({ state: 'completed', attempt: 2, failures: 1 })
})

test('a run in hand keeps its lease, however long it takes', async () => {
  const block = blocking()
  await using scene = await openPipelineScene({ extractor: block.extractor, limits: { leaseMs: 90 } })
  scene.startWork()
  const runId = await scene.add('Ada keeps bees.')
  await block.begun
  const firstLease = await scene.storage.nextDueAt()
  await expect.poll(() => scene.storage.nextDueAt(), { interval: 5 }).toBeGreaterThan((firstLease ?? 0) + 90)
  block.release()
  expect(await scene.until(runId, isDone)).toMatchObject({ state: 'completed', attempt: 1 })
})

test('a worker that lost its claim stops its step and changes nothing', async () => {
  const block = blocking()
  await using scene = await openPipelineScene({ extractor: block.extractor, limits: { leaseMs: 300 } })
  scene.startWork()
  const runId = await scene.add('Ada keeps bees.')
  await block.begun
  const [stolen] = await scene.storage.claimRuns({
    limit: 1,
    leaseMs: 600_000,
    runTimeoutMs: 600_000,
    now: scene.clock.now() + 60_000,
  })
  expect(stolen?.claim).toMatchObject({ runId, attempt: 2 })
  expect(await aborted(block.signals[0])).toMatchObject({ message: 'the claim was lost' })
  block.release()
  await new Promise(setImmediate)
  expect(await scene.run(runId)).toEqual(stolen?.run)
  expect(await scene.project.listSteps(runId)).toEqual([])
  expect(await scene.memories()).toEqual([])
})

test('stopping waits for the runs in hand and claims no others', async () => {
  const block = blocking()
  await using scene = await openPipelineScene({ extractor: block.extractor })
  const worker = scene.startWork()
  const first = await scene.add('Ada keeps bees.')
  const second = await scene.add('Ada sails.')
  await block.begun
  const stopped = worker.stop()
  block.release()
  await stopped
  expect(await scene.run(first)).toMatchObject({ state: 'completed' })
  expect(await scene.run(second)).toMatchObject({ state: 'queued' })
})

test('what is not done within the drain time is aborted and goes on at the next start', async () => {
  const block = blocking()
  await using scene = await openPipelineScene({ extractor: block.extractor, limits: { drainMs: 20 } })
  const worker = scene.startWork()
  const runId = await scene.add('Ada keeps bees.')
  await block.begun
  await worker.stop()
  expect(block.signals[0]?.reason).toMatchObject({ message: 'the server is stopping' })
  expect(await scene.run(runId)).toMatchObject({ state: 'running', attempt: 1, failures: 0, retryAt: null })
  await scene.restart()
  block.release()
  scene.startWork()
  expect(await scene.until(runId, isDone)).toMatchObject({ state: 'completed', attempt: 2, failures: 0 })
})

test('a store that fails for a while ends neither the loop nor what was accepted', async () => {
  let failures = 3
  await using scene = await openPipelineScene({
    wrap: (storage) => ({
      ...storage,
      claimRuns: async (params) => {
        if (failures-- > 0) throw new Error('the store is away')
        return storage.claimRuns(params)
      },
    }),
  })
  const runId = await scene.add('Ada keeps bees.')
  scene.startWork()
  await expect
    .poll(
      async () => {
        scene.clock.advance(1_000)
        return (await scene.run(runId)).state
      },
      { interval: 5 },
    )
    .toBe('completed')
  expect(failures).toBeLessThan(0)
})

test('an end that the store could not record is made good by the next attempt', async () => {
  let isAway = true
  await using scene = await openPipelineScene({
    wrap: (storage) => ({
      ...storage,
      project: (projectId) => ({
        ...storage.project(projectId),
        ...(isAway && { commitRun: () => Promise.reject(new Error('the store is away')) }),
        ...(isAway && { retryRun: () => Promise.reject(new Error('the store is away')) }),
      }),
    }),
  })
  const runId = await scene.add('Ada keeps bees.')
  scene.startWork()
  await expect.poll(async () => (await scene.project.listSteps(runId)).length).toBe(2)
  expect(await scene.run(runId)).toMatchObject({ state: 'running', attempt: 1 })
  isAway = false
  await expect
    .poll(
      async () => {
        scene.clock.advance(scene.limits.leaseMs)
        return await scene.run(runId)
      },
      { interval: 20 },
    )
    .toMatchObject({ state: 'completed', counts: { created: 1 } })
})

test('an idle worker asks rarely', async () => {
  let claims = 0
  await using scene = await openPipelineScene({
    wrap: (storage) => ({
      ...storage,
      claimRuns: (params) => {
        claims++
        return storage.claimRuns(params)
      },
    }),
  })
  const worker = scene.startWork()
  await scene.until(await scene.add('Ada keeps bees.'), isDone)
  await new Promise((resolve) => setTimeout(resolve, 50))
  const before = claims
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(claims).toBe(before)
  worker.wake()
  await expect.poll(() => claims).toBe(before + 1)
})
