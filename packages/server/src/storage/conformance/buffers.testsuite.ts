/** Runs that wait for each other in buffers, and go on together. */
import { describe, expect, test } from 'vitest'
import type { Trigger } from '../../projects/pipeline.ts'
import type { RunCounts } from '../../runs/run.ts'
import { runCounts, runError, startAt, stepRecord } from '../../testing/storage-factories.ts'
import { type Claimed, type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'
import type { EndedCompanion, JoinBuffer } from '../buffer-storage.ts'

const never: Trigger = { count: null, ageMs: null, idleMs: null }
const found: RunCounts = runCounts({ candidates: 1 })

export const describeBuffersConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: buffers`, () => {
    const scene = useScene(engine)

    const record = (attempt: number) =>
      stepRecord({ name: 'gather', type: 'buffer', attempt, output: { candidates: [] } })

    const join = ({ claim, run }: Claimed, trigger: Partial<Trigger>, over: Partial<JoinBuffer> = {}) =>
      scene.project.joinBuffer({
        ...{ claim, step: 'gather', trigger: { ...never, ...trigger }, now: startAt },
        scope: { userKey: run.userKey, properties: {} },
        joining: [{ runId: run.runId, bufferId: scene.nextId(), counts: found, step: record(claim.attempt) }],
        ending: [],
        ...over,
      })

    /** A run that has been accepted, claimed, and waits. */
    const wait = async (trigger: Partial<Trigger>, over: Partial<JoinBuffer> & { user?: string } = {}) => {
      const { user = 'ada', now = startAt } = over
      const claimed = await scene.begin({ user, now })
      expect(await join(claimed, trigger, over)).toEqual({ kind: 'done' })
      return claimed.run.runId
    }

    const view = async (runId: string) => {
      const found = await scene.project.getRun(runId)
      if (found === null) throw new Error(`run ${runId} is lost`)
      return found
    }
    const state = async (runId: string) => (await view(runId)).run.state
    const companion = (runId: string): EndedCompanion => ({
      ...{ runId, counts: found, state: 'completed', outcome: 'unchanged', error: null },
      step: stepRecord(),
    })
    const leader = async (now = startAt): Promise<Claimed> => {
      const [claimed] = await scene.claim(1, now)
      if (claimed === undefined) throw new Error('nobody leads')
      return claimed
    }

    test('a run that joins leaves its lane, and the next one may come', async () => {
      const first = await wait({ count: 3 })
      const second = await wait({ count: 3 })
      expect([await state(first), await state(second)]).toEqual(['buffered', 'buffered'])
      expect((await view(first)).buffer).toEqual({
        ...{ step: 'gather', count: 2, trigger: { ...never, count: 3 }, flushAt: null },
      })
      expect(await scene.claim()).toEqual([])
      expect(await scene.project.getQueue()).toMatchObject({ depth: 2 })
    })

    test('the one that fills it makes the first of them go on, with all that each has brought', async () => {
      const first = await wait({ count: 2 })
      const second = await wait({ count: 2 })
      expect([await state(first), await state(second)]).toEqual(['queued', 'buffered'])
      const { run } = await leader()
      expect(run).toMatchObject({ runId: first, attempt: 2, attemptBase: 1, failures: 0 })
      const company = await scene.project.listCompany({ bufferId: run.bufferId ?? '', step: 'gather' })
      expect(company.map(({ run: { runId }, output }) => [runId, output])).toEqual([
        [first, { candidates: [] }],
        [second, { candidates: [] }],
      ])
    })

    test('age and idle time say when, the earlier of them, over a restart', async () => {
      const runId = await wait({ ageMs: 1_000, idleMs: 400 })
      await wait({ ageMs: 1_000, idleMs: 400 }, { now: startAt + 300 })
      expect((await view(runId)).buffer?.flushAt).toBe(startAt + 700)
      await wait({ ageMs: 1_000, idleMs: 400 }, { now: startAt + 690 })
      await scene.reopen()
      expect(await scene.storage.nextDueAt()).toBe(startAt + 1_000)
      expect(await scene.claim(1, startAt + 999)).toEqual([])
      expect((await leader(startAt + 1_000)).run.runId).toBe(runId)
      expect(await scene.storage.nextDueAt()).not.toBeNull()
    })

    test('who comes when it is due opens another one', async () => {
      const early = await wait({ ageMs: 1_000 })
      const claimed = await scene.begin()
      await join(claimed, { ageMs: 1_000 }, { now: startAt + 1_000 })
      expect([await state(early), await state(claimed.run.runId)]).toEqual(['queued', 'buffered'])
      expect((await view(claimed.run.runId)).buffer).toMatchObject({ count: 1, flushAt: startAt + 2_000 })
    })

    test('scopes are apart: users, and values of properties', async () => {
      await wait({ count: 2 })
      const bob = await wait({ count: 2 }, { user: 'bob' })
      const abroad = await wait({ count: 2 }, { scope: { userKey: 'ada', properties: { trip: 'rovinj' } } })
      expect(await Promise.all([bob, abroad].map(state))).toEqual(['buffered', 'buffered'])
      const group = await scene.project.getGroup('default')
      const scope = { groupId: group?.groupId ?? '', limit: 10, now: startAt }
      const flush = (over: object) => scene.project.flushBuffers({ ...scope, properties: {}, ...over })
      expect(await flush({ properties: { trip: 'rovinj' } })).toEqual({ buffers: 1, runs: 1 })
      expect(await flush({ userKey: 'bob', properties: { trip: 'rovinj' } })).toEqual({ buffers: 0, runs: 0 })
      expect(await flush({ userKey: 'ada' })).toEqual({ buffers: 1, runs: 1 })
      expect(await flush({})).toEqual({ buffers: 1, runs: 1 })
      expect(await flush({})).toEqual({ buffers: 0, runs: 0 })
      await scene.claim(1)
      expect(await state(abroad)).toMatch(/queued|running/)
    })

    test('a commit of the leader ends all, with the operations that are theirs', async () => {
      const first = await wait({ count: 2 })
      const second = await wait({ count: 2 })
      const lead = await leader()
      const [shared, own] = [scene.creation('Ada keeps bees.'), scene.creation('Ada sails.')]
      const companions = [companion(second)]
      const owners = { [shared.memoryId]: [first, second], [own.memoryId]: [second] }
      expect(await scene.commit(lead, [shared, own], { companions, owners })).toEqual({ kind: 'committed' })
      const told = async (runId: string) => (await view(runId)).operations.map(({ memoryId }) => memoryId)
      expect(await told(first)).toEqual([shared.memoryId])
      expect(await told(second)).toEqual([shared.memoryId, own.memoryId])
      expect([await state(first), await state(second)]).toEqual(['completed', 'completed'])
      expect((await view(second)).run.bufferId).toBeNull()
      expect(await scene.project.getQueue()).toMatchObject({ depth: 0 })
    })

    test('a commit that does not know all of them is refused', async () => {
      await wait({ count: 2 })
      const second = await wait({ count: 2 })
      const lead = await leader()
      expect(await scene.commit(lead, [scene.creation('Ada sails.')])).toEqual({ kind: 'company_changed' })
      await scene.project.cancelRun({ runId: second, reason: null, now: startAt })
      const companions = [companion(second)]
      expect(await scene.commit(lead, [], { companions })).toEqual({ kind: 'company_changed' })
      expect(await scene.commit(lead)).toEqual({ kind: 'committed' })
    })

    test('cancelled, the leader is followed by the next one, and the last one takes the buffer with it', async () => {
      const [first, second, third] = [
        await wait({ count: 3 }),
        await wait({ count: 3 }),
        await wait({ count: 3 }),
      ]
      const lead = await leader()
      await scene.project.cancelRun({ runId: first, reason: null, now: startAt })
      expect(await scene.commit(lead, [], { companions: [companion(second), companion(third)] })).toEqual({
        kind: 'cancelling',
      })
      await scene.project.cancelAttempt({ claim: lead.claim, now: startAt })
      expect(await Promise.all([first, second, third].map(state))).toEqual([
        'cancelled',
        'queued',
        'buffered',
      ])
      for (const runId of [second, third])
        await scene.project.cancelRun({ runId, reason: null, now: startAt })
      expect(await scene.claim()).toEqual([])
      expect(await scene.storage.nextDueAt()).toBeNull()
    })

    test('a final failure of the leader is that of all', async () => {
      const first = await wait({ count: 2 })
      const second = await wait({ count: 2 })
      const { claim } = await leader()
      await scene.project.failRun({ claim, error: runError, step: null, now: startAt })
      for (const runId of [first, second])
        expect((await view(runId)).run).toMatchObject({ state: 'failed', error: runError, bufferId: null })
      const requeue = { runId: second, voidSteps: [], queueDepthMax: 10, now: startAt }
      expect(await scene.project.requeueRun(requeue)).toMatchObject({ kind: 'done' })
      expect((await leader()).run).toMatchObject({ runId: second, bufferId: null })
    })

    test('what the leader worked out for other users does not stay in its journal, however it ends', async () => {
      const ends = ['commit', 'failure', 'departure'] as const
      for (const [index, end] of ends.entries()) {
        const now = startAt + index * 1_000
        const scope = { userKey: null, properties: {} }
        const first = await wait({ count: 2 }, { user: 'ada', scope, now })
        const second = await wait({ count: 2 }, { user: 'ben', scope, now })
        const led = await leader(now)
        const step = stepRecord({
          name: 'transform',
          type: 'transform',
          attempt: 2,
          output: { said: 'by ben' },
        })
        await scene.project.recordStep({ claim: led.claim, step })
        if (end === 'commit') await scene.commit(led, [], { companions: [companion(second)] })
        if (end === 'failure')
          await scene.project.failRun({ claim: led.claim, error: runError, step: null, now })
        if (end === 'departure') await scene.project.cancelRun({ runId: second, reason: null, now })
        const outputs = (await scene.project.listSteps(first)).map(({ name, output }) => [name, output])
        expect(outputs).toContainEqual(['transform', null])
        expect(outputs).toContainEqual(['gather', { candidates: [] }])
      }
    })

    test('flushed by hand it goes on, once', async () => {
      const runId = await wait({ ageMs: 1_000 })
      const flush = () => scene.project.flushRun({ runId, now: startAt })
      expect(await flush()).toMatchObject({ kind: 'done', run: { state: 'queued' } })
      expect(await flush()).toMatchObject({ kind: 'unchanged' })
      expect(await scene.project.flushRun({ runId: scene.nextId(), now: startAt })).toEqual({
        kind: 'unknown',
      })
    })

    test('a claim that is lost joins nothing, and nor does a run that is to be cancelled', async () => {
      const claimed = await scene.begin()
      const lost = { ...claimed, claim: { ...claimed.claim, attempt: 7 } }
      expect(await join(lost, { count: 2 })).toEqual({ kind: 'claim_lost' })
      await scene.project.cancelRun({ runId: claimed.run.runId, reason: null, now: startAt })
      expect(await join(claimed, { count: 2 })).toEqual({ kind: 'cancelling' })
    })

    test('a project that drains waits for nobody', async () => {
      const early = await wait({ ageMs: 1_000 })
      await scene.project.setQueueState('draining')
      expect((await leader()).run.runId).toBe(early)
    })

    test('an old run that goes on does not make the queue look old', async () => {
      await wait({ count: 1 })
      expect(await scene.storage.queueStatus()).toMatchObject({ openCount: 1, oldestWaitingAt: null })
    })
  })
