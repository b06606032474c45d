/** Claiming: order in a lane, at most one run of a lane, fairness over lanes and projects, leases. */
import { describe, expect, test } from 'vitest'
import { leaseMs, runError, startAt } from '../../testing/storage-factories.ts'
import { type Claimed, type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'

export const describeClaimingConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: claiming`, () => {
    const scene = useScene(engine)

    const only = (claimed: readonly Claimed[]): Claimed => {
      const [one] = claimed
      if (one === undefined || claimed.length !== 1) throw new Error(`${claimed.length} runs were claimed`)
      return one
    }
    const park = (claimed: Claimed, retryAt: number) =>
      scene.storage
        .project(claimed.claim.projectId)
        .retryRun({ claim: claimed.claim, error: runError, step: null, now: startAt, retryAt })

    test('an empty store has nothing to claim', async () => {
      expect(await scene.claim(10)).toEqual([])
      expect(await scene.storage.nextDueAt()).toBeNull()
      expect(await scene.storage.queueStatus()).toEqual({ openCount: 0, oldestWaitingAt: null })
    })

    test('what is open is counted by state, up to a bound', async () => {
      const counts = async (countMax = 10) =>
        (await scene.storage.census({ countMax })).openRuns.filter(({ count }) => count > 0)
      expect(await counts()).toEqual([])
      for (let user = 0; user < 4; user++)
        for (let n = 0; n < 2; n++) await scene.add({ user: `user ${user}` })
      expect(await counts()).toEqual([{ state: 'queued', count: 8 }])
      const [first, ...others] = await scene.claim(3)
      if (first === undefined) throw new Error('nothing was claimed')
      expect(await counts()).toEqual([
        { state: 'queued', count: 5 },
        { state: 'running', count: 3 },
      ])
      expect(await counts(2)).toContainEqual({ state: 'running', count: 2 })
      await park(first, startAt + 5_000)
      await Promise.all(others.map((claimed) => scene.commit(claimed)))
      expect(await counts()).toEqual([
        { state: 'queued', count: 5 },
        { state: 'running', count: 1 },
      ])
      expect((await scene.storage.census({ countMax: 10 })).pendingDeliveries).toBe(0)
    })

    test('the store tells what it takes on its disk', async () => {
      const { dataBytes, logBytes } = await scene.storage.sizes()
      expect(logBytes).toBeGreaterThanOrEqual(0)
      expect(dataBytes + logBytes).toBeGreaterThan(0)
    })

    test('a claimed run is running, at its first attempt, under a lease', async () => {
      const { runId } = await scene.add()
      const { claim, run } = only(await scene.claim(10, startAt + 5))
      expect(claim).toEqual({
        projectId: scene.project.projectId,
        runId,
        attempt: 1,
        leaseUntil: startAt + 5 + leaseMs,
      })
      expect(run).toMatchObject({ runId, state: 'running', attempt: 1, startedAt: startAt + 5 })
      expect((await scene.project.getRun(runId))?.run).toEqual(run)
      expect(await scene.storage.nextDueAt()).toBe(startAt + 5 + leaseMs)
      expect(await scene.storage.queueStatus()).toEqual({ openCount: 1, oldestWaitingAt: null })
    })

    test('of a lane one run at a time, in order of acceptance', async () => {
      const runs = [await scene.add(), await scene.add(), await scene.add()]
      const order: string[] = []
      for (const _ of runs) {
        const claimed = only(await scene.claim(10))
        expect(await scene.claim(10)).toEqual([])
        order.push(claimed.run.runId)
        await scene.commit(claimed)
      }
      expect(order).toEqual(runs.map(({ runId }) => runId))
      expect(await scene.storage.nextDueAt()).toBeNull()
    })

    test('claims that come at once never get the same run', async () => {
      for (let user = 0; user < 12; user++)
        for (let n = 0; n < 2; n++) await scene.add({ user: `user ${user}` })
      const claimed = (await Promise.all(Array.from({ length: 8 }, () => scene.claim(4)))).flat()
      expect(new Set(claimed.map(({ run }) => run.runId)).size).toBe(claimed.length)
      expect(new Set(claimed.map(({ run }) => run.laneId)).size).toBe(12)
      expect(claimed).toHaveLength(12)
    })

    test('a claim answers no more than its limit', async () => {
      for (const user of ['ada', 'ben', 'cleo']) await scene.add({ user })
      expect(await scene.claim(2)).toHaveLength(2)
      expect(await scene.claim(2)).toHaveLength(1)
    })

    test('a user with ten thousand queued runs delays a newcomer by one turn', async () => {
      await Promise.all(Array.from({ length: 10_000 }, () => scene.add({ user: 'busy' })))
      const busy = only(await scene.claim())
      const newcomer = await scene.add({ user: 'new' })
      await scene.commit(busy)
      const served: (string | null)[] = []
      for (let turn = 0; turn < 3; turn++) {
        const claimed = only(await scene.claim())
        served.push(claimed.run.userId)
        await scene.commit(claimed)
      }
      expect(served).toEqual(['new', 'busy', 'busy'])
      expect((await scene.project.getRun(newcomer.runId))?.run.state).toBe('completed')
    })

    test('a newcomer project and one with a thousand busy lanes take turns from then on', async () => {
      await Promise.all(Array.from({ length: 1_000 }, (_, n) => scene.add({ user: `user ${n}` })))
      for (let turn = 0; turn < 10; turn++) await scene.commit(only(await scene.claim()))
      const other = await scene.createProject()
      for (let n = 0; n < 20; n++) await scene.add({ in: other, user: `new ${n}` })
      const served: boolean[] = []
      for (let turn = 0; turn < 12; turn++) {
        const claimed = only(await scene.claim())
        served.push(claimed.claim.projectId === other.projectId)
        await scene.commit(claimed)
      }
      const turns = served.flatMap((isNewcomer, turn) => (isNewcomer ? [turn] : []))
      expect(turns).toHaveLength(6)
      for (const [index, turn] of turns.entries()) expect(Math.abs(turn - 2 * index)).toBeLessThanOrEqual(1)
    })

    test('lanes of a project take turns, whatever each has queued', async () => {
      for (const user of ['ada', 'ada', 'ada', 'ben', 'ben', 'ben']) await scene.add({ user })
      const served: (string | null)[] = []
      for (let turn = 0; turn < 6; turn++) {
        const claimed = only(await scene.claim())
        served.push(claimed.run.userId)
        await scene.commit(claimed)
      }
      expect(served).toEqual(['ada', 'ben', 'ada', 'ben', 'ada', 'ben'])
    })

    test("a lane that waits for a retry holds back its own later runs and nobody else's", async () => {
      const first = await scene.begin({ user: 'ada' })
      await scene.add({ user: 'ada' })
      await scene.add({ user: 'ben' })
      await park(first, startAt + 1_000)
      expect(only(await scene.claim(10)).run.userId).toBe('ben')
      expect(await scene.claim(10, startAt + 999)).toEqual([])
      expect(await scene.storage.nextDueAt()).toBe(startAt + 1_000)
      const again = only(await scene.claim(10, startAt + 1_000))
      expect(again.run).toMatchObject({
        runId: first.run.runId,
        attempt: 2,
        failures: 1,
        retryAt: null,
        state: 'running',
      })
    })

    test('a run added behind a parked or busy one does not make the lane claimable', async () => {
      const first = await scene.begin({ user: 'ada' })
      await scene.add({ user: 'ada' })
      expect(await scene.claim(10)).toEqual([])
      await park(first, startAt + 1_000)
      await scene.add({ user: 'ada' })
      expect(await scene.claim(10)).toEqual([])
    })

    test('an expired lease gives the same run to the next claim, as another attempt', async () => {
      const lost = await scene.begin()
      await scene.add()
      expect(await scene.claim(10, startAt + leaseMs - 1)).toEqual([])
      const taken = only(await scene.claim(10, startAt + leaseMs))
      expect(taken.run).toMatchObject({ runId: lost.run.runId, attempt: 2, failures: 0, startedAt: startAt })
    })

    test('a renewed lease is not expired', async () => {
      const { claim } = await scene.begin()
      const leaseUntil = startAt + 5 * leaseMs
      expect(await scene.project.renewLease({ claim, leaseUntil })).toEqual({ kind: 'done' })
      expect(await scene.claim(10, leaseUntil - 1)).toEqual([])
      expect(await scene.storage.nextDueAt()).toBe(leaseUntil)
      expect(await scene.claim(10, leaseUntil)).toHaveLength(1)
    })

    test('the next due instant is the earliest of leases and retries, and the past while a lane is ready', async () => {
      await scene.begin({ user: 'ada' })
      await park(await scene.begin({ user: 'ben' }), startAt + 10)
      expect(await scene.storage.nextDueAt()).toBe(startAt + 10)
      await scene.add({ user: 'cleo' })
      expect(await scene.storage.nextDueAt()).toBeLessThanOrEqual(startAt)
    })

    test('the oldest waiting run is the oldest that nobody has begun', async () => {
      await scene.begin({ user: 'ada', now: startAt })
      await scene.add({ user: 'ada', now: startAt + 3 })
      await scene.add({ user: 'ben', now: startAt + 2, in: await scene.createProject() })
      expect(await scene.storage.queueStatus()).toEqual({ openCount: 3, oldestWaitingAt: startAt + 2 })
    })

    test('runs survive a restart: those waiting wait, those claimed are claimed again', async () => {
      const first = await scene.begin({ user: 'ada' })
      const second = await scene.add({ user: 'ada' })
      await scene.reopen()
      const again = only(await scene.claim(10, startAt + leaseMs))
      expect(again.run).toMatchObject({ runId: first.run.runId, attempt: 2 })
      await scene.commit(again)
      expect(only(await scene.claim(10, startAt + leaseMs)).run.runId).toBe(second.runId)
    })
  })
