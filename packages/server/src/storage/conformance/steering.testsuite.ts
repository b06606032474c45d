/** Steering: when a run may start, who goes first, and what becomes of it when somebody wants it cancelled or tried again. */
import { describe, expect, test } from 'vitest'
import { leaseMs, runCounts, runError, startAt, stepRecord } from '../../testing/storage-factories.ts'
import { type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'
import type { NewRun } from '../storage.ts'

export const describeSteeringConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: steering`, () => {
    const scene = useScene(engine)

    const add = (options: NewRun['options'], user = 'ada') => scene.add({ user, ...(options && { options }) })
    const claimedIds = async (limit = 10, now = startAt) =>
      (await scene.claim(limit, now)).map(({ run }) => run.runId)
    const stateOf = async (runId: string) => (await scene.project.getRun(runId))?.run.state
    const eventsOf = async (runId: string) =>
      (await scene.project.listEvents({ runId, after: 0, limit: 100 })).map(({ type }) => type)
    const cancel = (runId: string, reason: string | null = null) =>
      scene.project.cancelRun({ runId, reason, now: startAt + 1 })
    const requeue = (runId: string, voidSteps: readonly string[] = []) =>
      scene.project.requeueRun({ runId, voidSteps, queueDepthMax: 100, now: startAt + 2 })

    describe('waiting', () => {
      test('a delayed run begins at its time, not before, and others of its lane do not wait for it', async () => {
        const late = await add({ delayedUntil: startAt + 500 })
        const early = await add({})
        expect(await claimedIds()).toEqual([early.runId])
        await scene.project.cancelRun({ runId: early.runId, reason: null, now: startAt })
        expect(await scene.storage.queueStatus()).toEqual({ openCount: 2, oldestWaitingAt: null })
        expect(await claimedIds(10, startAt + 499)).toEqual([])
        expect(await scene.storage.nextDueAt()).toBe(startAt + 500)
        const [claimed] = await scene.claim(1, startAt + leaseMs)
        if (claimed === undefined) throw new Error('nothing was claimed')
        await scene.project.cancelAttempt({ claim: claimed.claim, now: startAt + leaseMs })
        expect(await claimedIds(10, startAt + leaseMs)).toEqual([late.runId])
      })

      test('a run that is not started in time is cancelled, once started it is not', async () => {
        const [first, second] = [
          await add({ expiresAt: startAt + 10 }),
          await add({ expiresAt: startAt + 20 }),
        ]
        expect(await claimedIds(1, startAt + 9)).toEqual([first.runId])
        expect(await scene.storage.nextDueAt()).toBe(startAt + 20)
        expect(await claimedIds(10, startAt + 20)).toEqual([])
        expect(await stateOf(first.runId)).toBe('running')
        expect((await scene.project.getRun(second.runId))?.run).toMatchObject({
          state: 'cancelled',
          error: { code: 'expired' },
          completedAt: startAt + 20,
        })
        expect(await eventsOf(second.runId)).toEqual(['run.accepted', 'run.cancelled'])
      })

      test('of a lane the run of the highest priority goes first, equals in their order', async () => {
        const runs = [
          await add({}),
          await add({ priority: 5 }),
          await add({ priority: 9 }),
          await add({ priority: 5 }),
        ]
        const order: string[] = []
        for (const _ of runs) {
          const [claimed] = await scene.claim(1)
          if (claimed === undefined) throw new Error('nothing was claimed')
          order.push(claimed.run.runId)
          await scene.commit(claimed)
        }
        expect(order).toEqual([runs[2], runs[1], runs[3], runs[0]].map((run) => run?.runId))
      })

      test('of the lanes of a project the most urgent takes the turn; other projects keep theirs', async () => {
        const other = await scene.createProject()
        for (let user = 0; user < 5; user++) await add({}, `user ${user}`)
        const [foreign, urgent] = [await scene.add({ in: other }), await add({ priority: 1 }, 'urgent')]
        expect(await claimedIds(2)).toEqual([urgent.runId, foreign.runId])
        expect(await claimedIds(10)).toHaveLength(5)
      })

      test('a run that failed an attempt keeps its lane from more urgent ones', async () => {
        const failing = await scene.begin()
        await scene.project.retryRun({
          claim: failing.claim,
          error: runError,
          step: null,
          now: startAt,
          retryAt: startAt + 9,
        })
        await add({ priority: 100 })
        expect(await claimedIds(10, startAt + 8)).toEqual([])
        expect(await claimedIds(10, startAt + 9)).toEqual([failing.run.runId])
      })

      test('the time a run may take counts from its first attempt', async () => {
        const { runId } = await add({ timeoutMs: 50 })
        const [claimed] = await scene.claim(1, startAt + 7)
        expect(claimed?.run.deadlineAt).toBe(startAt + 57)
        const [again] = await scene.claim(1, startAt + leaseMs + 7)
        expect(again?.run).toMatchObject({ runId, attempt: 2, deadlineAt: startAt + 57 })
      })
    })

    describe('a rule for conflicts', () => {
      test('reject refuses while a run of the lane has not ended, and names it', async () => {
        const first = await add({})
        expect(await scene.accept({ onConflict: 'reject' })).toEqual({
          kind: 'scope_busy',
          runId: first.runId,
        })
        expect((await scene.accept({ user: 'ben', onConflict: 'reject' })).kind).toBe('accepted')
        await cancel(first.runId)
        expect((await scene.accept({ onConflict: 'reject' })).kind).toBe('accepted')
        expect((await scene.project.getQueue()).depth).toBe(2)
      })

      test('supersede cancels what waits in the lane, and leaves what is worked on', async () => {
        const [active, waiting] = [await scene.begin(), await add({})]
        const delayed = await add({ delayedUntil: startAt + 5 })
        const result = await scene.accept({ onConflict: 'supersede' })
        expect(result.kind).toBe('accepted')
        expect(await Promise.all([active.run, waiting, delayed].map(({ runId }) => stateOf(runId)))).toEqual([
          'running',
          'cancelled',
          'cancelled',
        ])
        await scene.commit(active)
        expect(await claimedIds()).toEqual(['runId' in result ? result.runId : ''])
        expect(await claimedIds()).toEqual([])
      })
    })

    describe('runs that others wait for', () => {
      const ask = (options: NewRun['options'], user: string) =>
        scene.add({ user, inputType: 'agent', ...(options && { options }) })
      /** A parent in hand, a child in hand, and a grandchild that waits. */
      const family = async () => {
        const parent = await ask({}, 'parent')
        const child = await ask({ parentRunId: parent.runId }, 'child')
        const claimed = await scene.claim(2)
        const grandchild = await ask({ parentRunId: child.runId }, 'grandchild')
        const [first, second] = claimed
        if (first === undefined || second === undefined) throw new Error('two were to be claimed')
        return { first, second, grandchild }
      }

      test('are asked to end with it, however deep; what waits ends at once', async () => {
        const { first, second, grandchild } = await family()
        await cancel(first.run.runId, 'enough')
        expect((await scene.project.getRun(second.run.runId))?.run).toMatchObject({
          ...{ state: 'running', cancelRequestedAt: startAt + 1, cancelReason: 'enough' },
        })
        expect((await scene.project.getRun(grandchild.runId))?.run).toMatchObject({
          ...{ state: 'cancelled', error: { detail: 'cancelled: enough' } },
        })
        expect(await cancel(first.run.runId)).toMatchObject({ kind: 'unchanged' })
      })

      test('end when it ends in another way, and those that have ended stay as they are', async () => {
        const { first, second, grandchild } = await family()
        const done = await ask({ parentRunId: first.run.runId }, 'done')
        const [claimed] = await scene
          .claim(10)
          .then((all) => all.filter(({ run }) => run.runId === done.runId))
        if (claimed === undefined) throw new Error('nothing was claimed')
        await scene.commit(claimed)
        const other = await ask({}, 'other')
        await scene.project.failRun({ claim: first.claim, error: runError, step: null, now: startAt })
        expect(await stateOf(done.runId)).toBe('completed')
        expect(await stateOf(other.runId)).toBe('queued')
        expect((await scene.project.getRun(second.run.runId))?.run).toMatchObject({
          ...{ state: 'running', cancelReason: `run ${first.run.runId}, which asked for it, has ended` },
        })
        expect((await scene.project.getRun(grandchild.runId))?.run.cancelRequestedAt).toBe(startAt)
        expect((await scene.storage.examine()).filter(({ wrongCount }) => wrongCount > 0)).toEqual([])
      })

      test('of another project do not end', async () => {
        const parent = await ask({}, 'parent')
        const other = await scene.createProject()
        const foreign = await scene.add({ in: other, options: { parentRunId: parent.runId } })
        await cancel(parent.runId)
        expect((await other.getRun(foreign.runId))?.run.state).toBe('queued')
      })
    })

    describe('cancelling', () => {
      test('ends a run that waits at once, with its reason, and its lane goes on', async () => {
        const [first, second] = [await add({}), await add({})]
        expect(await cancel(first.runId, 'not wanted')).toMatchObject({
          kind: 'done',
          run: { state: 'cancelled', error: { code: 'cancelled', detail: 'cancelled: not wanted' } },
        })
        expect(await eventsOf(first.runId)).toEqual(['run.accepted', 'run.cancelled'])
        expect(await claimedIds()).toEqual([second.runId])
        expect((await scene.project.getQueue()).depth).toBe(1)
      })

      test('leaves no lane behind when nothing else waits', async () => {
        await cancel((await add({})).runId)
        expect(await claimedIds()).toEqual([])
        expect(await scene.storage.nextDueAt()).toBeNull()
      })

      test('asks a claimed run to end: it commits nothing more and ends by its worker', async () => {
        const claimed = await scene.begin()
        const { claim, run } = claimed
        expect(await cancel(run.runId, 'stop')).toMatchObject({
          kind: 'done',
          run: { state: 'running', cancelRequestedAt: startAt + 1, cancelReason: 'stop' },
        })
        expect(await cancel(run.runId, 'again')).toMatchObject({
          kind: 'unchanged',
          run: { cancelReason: 'stop' },
        })
        expect(await scene.project.renewLease({ claim, leaseUntil: startAt + leaseMs })).toEqual({
          kind: 'cancelling',
        })
        expect(await scene.project.recordStep({ claim, step: stepRecord() })).toEqual({ kind: 'cancelling' })
        expect(await scene.commit(claimed, [scene.creation('Ada keeps bees.')])).toEqual({
          kind: 'cancelling',
        })
        expect(await scene.project.cancelAttempt({ claim, now: startAt + 2 })).toEqual({ kind: 'done' })
        expect((await scene.project.getRun(run.runId))?.run).toMatchObject({
          state: 'cancelled',
          outcome: null,
        })
        expect(await scene.project.cancelAttempt({ claim, now: startAt + 3 })).toEqual({ kind: 'claim_lost' })
      })

      test('ends a run between two attempts at once', async () => {
        const { claim, run } = await scene.begin()
        await scene.project.retryRun({
          claim,
          error: runError,
          step: null,
          now: startAt,
          retryAt: startAt + 9,
        })
        expect(await cancel(run.runId)).toMatchObject({
          kind: 'done',
          run: { state: 'cancelled', retryAt: null },
        })
        expect(await scene.storage.nextDueAt()).toBeNull()
      })

      test('a failure after the wish is the end, not another attempt', async () => {
        const { claim, run } = await scene.begin()
        await cancel(run.runId)
        await scene.project.retryRun({
          claim,
          error: runError,
          step: null,
          now: startAt,
          retryAt: startAt + 9,
        })
        expect(await stateOf(run.runId)).toBe('cancelled')
      })

      test('changes nothing of a run that has ended, and knows no run that never was', async () => {
        const claimed = await scene.begin()
        await scene.commit(claimed)
        const before = await scene.project.getRun(claimed.run.runId)
        expect(await cancel(claimed.run.runId)).toEqual({ kind: 'unchanged', run: before?.run })
        expect(await scene.project.getRun(claimed.run.runId)).toEqual(before)
        expect(await cancel(scene.nextId())).toEqual({ kind: 'unknown' })
      })
    })

    describe('trying again', () => {
      const fail = async () => {
        const claimed = await scene.begin()
        const { claim } = claimed
        const step = stepRecord({ name: 'extract', type: 'extract', output: { kept: true } })
        await scene.project.recordStep({ claim, step })
        await scene.project.failRun({ claim, error: runError, step: null, now: startAt, counts: runCounts() })
        return claimed.run.runId
      }

      test('opens a failed run as the same run, which goes on counting attempts', async () => {
        const runId = await fail()
        expect(await requeue(runId)).toMatchObject({
          kind: 'done',
          run: { state: 'queued', attempt: 1, attemptBase: 1, failures: 0, error: null, completedAt: null },
        })
        const [claimed] = await scene.claim()
        expect(claimed?.run).toMatchObject({ runId, attempt: 2, state: 'running' })
        expect(await scene.project.listSteps(runId)).toMatchObject([{ name: 'extract', isVoid: false }])
        expect(await eventsOf(runId)).toContain('run.requeued')
        if (claimed !== undefined) await scene.commit(claimed)
        expect((await scene.project.getQueue()).depth).toBe(0)
      })

      test('voids the outputs it is not to go on from', async () => {
        const runId = await fail()
        await requeue(runId, ['extract'])
        expect(await scene.project.listSteps(runId)).toMatchObject([{ name: 'extract', isVoid: true }])
      })

      test('is not for runs that have not ended, or ended well, nor where there is no room', async () => {
        const claimed = await scene.begin()
        expect((await requeue(claimed.run.runId)).kind).toBe('unchanged')
        await scene.commit(claimed)
        expect((await requeue(claimed.run.runId)).kind).toBe('unchanged')
        expect((await requeue(scene.nextId())).kind).toBe('unknown')
        const runId = await fail()
        await scene.project.setQueueState('draining')
        expect((await requeue(runId)).kind).toBe('no_room')
        expect(await stateOf(runId)).toBe('failed')
      })

      test('a second commit adds to what the run tells of the first', async () => {
        const claimed = await scene.begin()
        await scene.commit(claimed, [scene.creation('Ada keeps bees.')], { state: 'partial' })
        await requeue(claimed.run.runId)
        const [again] = await scene.claim()
        if (again === undefined) throw new Error('nothing was claimed')
        await scene.commit(again, [scene.creation('Ada lives in Graz.')])
        expect((await scene.project.getRun(claimed.run.runId))?.operations).toHaveLength(2)
      })

      test('dismissing marks a failure as seen, once, and nothing else', async () => {
        const runId = await fail()
        const dismiss = (id: string) => scene.project.dismissRun({ runId: id, now: startAt + 5 })
        expect(await dismiss(runId)).toMatchObject({
          kind: 'done',
          run: { state: 'failed', dismissedAt: startAt + 5 },
        })
        expect((await dismiss(runId)).kind).toBe('unchanged')
        expect((await dismiss((await add({})).runId)).kind).toBe('unchanged')
        expect((await dismiss(scene.nextId())).kind).toBe('unknown')
      })
    })

    describe('a project', () => {
      test('that is paused accepts and starts nothing, and others go on', async () => {
        const other = await scene.createProject()
        await add({}, 'early')
        await scene.project.setQueueState('paused')
        await add({}, 'late')
        const foreign = await scene.add({ in: other })
        expect(await claimedIds()).toEqual([foreign.runId])
        expect(await scene.storage.nextDueAt()).toBe(startAt + leaseMs)
        expect(await scene.storage.queueStatus()).toEqual({ openCount: 3, oldestWaitingAt: null })
        await scene.project.setQueueState('active')
        expect(await claimedIds()).toHaveLength(2)
      })

      test('goes on after a restart as it was', async () => {
        const { runId } = await add({})
        await scene.project.setQueueState('paused')
        expect(await claimedIds()).toEqual([])
        await scene.reopen()
        expect(await claimedIds()).toEqual([])
        expect(await scene.project.getQueue()).toEqual({ state: 'paused', depth: 1 })
        await scene.project.setQueueState('active')
        expect(await claimedIds()).toEqual([runId])
      })

      test('that drains works off what waits and takes nothing more', async () => {
        const { runId } = await add({})
        await scene.project.setQueueState('draining')
        expect(await scene.accept()).toEqual({ kind: 'draining' })
        expect(await claimedIds()).toEqual([runId])
      })
    })
  })
