/** Accepting runs: order, idempotency, the bound of the queue, and reading what was accepted. */
import { describe, expect, test } from 'vitest'
import { defaultRunOptions } from '../../runs/run.ts'
import { everyRun, type RunFilter } from '../../runs/run-filter.ts'
import { runCounts, runError, startAt } from '../../testing/storage-factories.ts'
import { type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'
import type { AcceptResult } from '../storage.ts'

const runIdOf = (result: AcceptResult): string => ('runId' in result ? result.runId : result.kind)

export const describeAcceptingConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: accepting`, () => {
    const scene = useScene(engine)

    describe('a key with a rule', () => {
      const key = { key: 'k', digest: 'd' }

      test('that was accepted before an instant is given to a new run', async () => {
        const first = await scene.begin({ idempotency: key })
        const at = { renew: { acceptedBefore: startAt } }
        expect(await scene.accept({ idempotency: { ...key, ...at } })).toMatchObject({ kind: 'replayed' })
        const later = { renew: { acceptedBefore: startAt + 1 } }
        const second = await scene.accept({ idempotency: { ...key, ...later } })
        expect(second).toMatchObject({ kind: 'accepted' })
        expect(second).not.toMatchObject({ runId: first.run.runId })
        expect(await scene.project.findRunByKey('k')).toMatchObject({ runId: runIdOf(second) })
      })

      test('whose run failed is given to a new run, and one whose run did not is not', async () => {
        const renewed = { ...key, renew: { isFailed: true } }
        const { claim } = await scene.begin({ idempotency: renewed })
        expect(await scene.accept({ idempotency: renewed })).toMatchObject({ kind: 'replayed' })
        await scene.project.failRun({ claim, error: runError, step: null, now: startAt })
        expect(await scene.accept({ idempotency: renewed })).toMatchObject({ kind: 'accepted' })
        expect(await scene.accept({ idempotency: renewed })).toMatchObject({ kind: 'replayed' })
      })

      test('may be given to another request, and is refused to it otherwise', async () => {
        await scene.accept({ idempotency: key })
        const other = { key: 'k', digest: 'e' }
        expect(await scene.accept({ idempotency: other })).toEqual({ kind: 'idempotency_mismatch' })
        const renewed = { ...other, renew: { isOther: true } }
        const second = await scene.accept({ idempotency: renewed })
        expect(second).toMatchObject({ kind: 'accepted' })
        expect(await scene.accept({ idempotency: other })).toEqual({
          kind: 'replayed',
          runId: runIdOf(second),
        })
      })

      test('renewed by thirty-two requests at once, it gives one run', async () => {
        await scene.accept({ idempotency: key })
        const idempotency = { key: 'k', digest: 'e', renew: { isOther: true } }
        const results = await Promise.all(Array.from({ length: 32 }, () => scene.accept({ idempotency })))
        expect(results.filter(({ kind }) => kind === 'accepted')).toHaveLength(1)
        expect(new Set(results.map(runIdOf)).size).toBe(1)
      })

      test('that is kept outlives the others, and goes with its run', async () => {
        const { claim } = await scene.begin({ idempotency: { ...key, isKept: true } })
        await scene.project.failRun({ claim, error: runError, step: null, now: startAt })
        await scene.accept({ idempotency: { key: 'other', digest: 'd' } })
        expect(await scene.storage.prune({ idempotencyBefore: startAt + 1, limit: 10 })).toBe(1)
        expect(await scene.project.findRunByKey('other')).toBeNull()
        expect(await scene.project.findRunByKey('k')).toMatchObject({
          runId: claim.runId,
          acceptedAt: startAt,
        })
        await scene.project.prune({ kind: 'runs', before: startAt + 1, limit: 10, cursor: null })
        expect(await scene.project.findRunByKey('k')).toBeNull()
      })

      test('is one of its project', async () => {
        await scene.accept({ idempotency: key })
        const other = await scene.createProject()
        expect(await other.findRunByKey('k')).toBeNull()
      })
    })

    test('an accepted run is queued, with its payload and its first event', async () => {
      const run = await scene.add({ user: 'Ada', text: 'Ada keeps bees.' })
      expect(run).toMatchObject({
        projectId: scene.project.projectId,
        userId: 'Ada',
        userKey: 'ada',
        inputType: 'string',
        state: 'queued',
        attempt: 0,
        failures: 0,
        retryAt: null,
        outcome: null,
        error: null,
        createdAt: startAt,
        startedAt: null,
        completedAt: null,
      })
      expect(run.counts).toMatchObject({ inputs: 1, created: 0 })
      expect(await scene.project.getRun(run.runId)).toEqual({
        ...{ run, operations: [], eventSeq: 1, buffer: null },
      })
      expect(await scene.project.readPayload(run.runId)).toEqual({
        input: { type: 'string', content: ['Ada keeps bees.'] },
        properties: {},
      })
      expect(await scene.project.listEvents({ runId: run.runId, after: 0, limit: 10 })).toMatchObject([
        { seq: 1, type: 'run.accepted', at: startAt },
      ])
      expect(await scene.project.listSteps(run.runId)).toEqual([])
    })

    test('seq is the order of acceptance', async () => {
      const first = await scene.add()
      const second = await scene.add({ user: 'ben' })
      const third = await scene.add({ in: await scene.createProject() })
      expect(second.seq).toBeGreaterThan(first.seq)
      expect(third.projectId).not.toBe(first.projectId)
    })

    test('sixty-four runs accepted at once are all there, each once', async () => {
      const runs = await Promise.all(
        Array.from({ length: 64 }, (_, n) => scene.add({ user: `user ${n % 8}` })),
      )
      expect(new Set(runs.map(({ seq }) => seq)).size).toBe(64)
      const { items } = await scene.project.listRuns({
        filter: everyRun,
        limit: 100,
        cursor: null,
      })
      expect(items.map(({ run }) => run.runId).sort()).toEqual(runs.map(({ runId }) => runId).sort())
      expect((await scene.storage.queueStatus()).openCount).toBe(64)
    })

    test('the same key and digest give the same run, 32 times at once and after it has ended', async () => {
      const idempotency = { key: 'k', digest: 'd' }
      const results = await Promise.all(Array.from({ length: 32 }, () => scene.accept({ idempotency })))
      expect(results.filter(({ kind }) => kind === 'accepted')).toHaveLength(1)
      const runIds = results.map((result) => ('runId' in result ? result.runId : result.kind))
      expect(new Set(runIds).size).toBe(1)
      const [claimed] = await scene.claim(10)
      if (claimed === undefined) throw new Error('nothing was claimed')
      await scene.commit(claimed)
      expect(await scene.accept({ idempotency })).toEqual({ kind: 'replayed', runId: runIds[0] })
      expect((await scene.storage.queueStatus()).openCount).toBe(0)
    })

    test('the same key with another digest is refused and accepts nothing', async () => {
      await scene.accept({ idempotency: { key: 'k', digest: 'd' } })
      expect(await scene.accept({ idempotency: { key: 'k', digest: 'e' } })).toEqual({
        kind: 'idempotency_mismatch',
      })
      expect((await scene.storage.queueStatus()).openCount).toBe(1)
    })

    test('a full queue refuses, but still replays, until a run has ended', async () => {
      const idempotency = { key: 'k', digest: 'd' }
      const first = await scene.begin({ idempotency })
      await scene.add()
      expect(await scene.accept({ queueDepthMax: 2 })).toEqual({ kind: 'queue_full', depth: 2 })
      expect(await scene.accept({ queueDepthMax: 2, idempotency })).toMatchObject({ kind: 'replayed' })
      expect(await scene.accept({ queueDepthMax: 2, in: await scene.createProject() })).toMatchObject({
        kind: 'accepted',
      })
      await scene.commit(first)
      expect(await scene.accept({ queueDepthMax: 2 })).toMatchObject({ kind: 'accepted' })
    })

    test('the queue is never deeper than its bound, however many add at once', async () => {
      const results = await Promise.all(Array.from({ length: 20 }, () => scene.accept({ queueDepthMax: 7 })))
      expect(results.filter(({ kind }) => kind === 'accepted')).toHaveLength(7)
      expect(results.filter(({ kind }) => kind === 'queue_full')).toHaveLength(13)
    })

    test('pruned keys are forgotten: old ones only, and no more than asked', async () => {
      for (const [age, key] of ['a', 'b', 'c'].entries()) {
        await scene.add({ idempotency: { key, digest: 'd' }, now: startAt + age })
      }
      expect(await scene.storage.prune({ idempotencyBefore: startAt + 2, limit: 1 })).toBe(1)
      expect(await scene.storage.prune({ idempotencyBefore: startAt + 2, limit: 10 })).toBe(1)
      const again = await Promise.all(
        ['a', 'b', 'c'].map((key) => scene.accept({ idempotency: { key, digest: 'd' } })),
      )
      expect(again.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'replayed'])
    })

    test("keys are the project's own", async () => {
      const idempotency = { key: 'k', digest: 'd' }
      await scene.add({ idempotency })
      expect(await scene.accept({ idempotency, in: await scene.createProject() })).toMatchObject({
        kind: 'accepted',
      })
    })
  })

export const describeRunListConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: list of runs`, () => {
    const scene = useScene(engine)
    const all = { filter: everyRun, limit: 100, cursor: null }

    test('newest first, page by page, each run once while others are added', async () => {
      const runs = [
        await scene.add(),
        await scene.add(),
        await scene.add(),
        await scene.add(),
        await scene.add(),
      ]
      const first = await scene.project.listRuns({ ...all, limit: 2 })
      await scene.add()
      const second = await scene.project.listRuns({ ...all, limit: 2, cursor: first.nextCursor })
      const third = await scene.project.listRuns({ ...all, limit: 2, cursor: second.nextCursor })
      const listed = [first, second, third].flatMap(({ items }) => items.map(({ run }) => run.runId))
      expect(listed).toEqual(runs.map(({ runId }) => runId).reverse())
      expect(third.nextCursor).toBeNull()
    })

    test('a last page that is just full has no next one', async () => {
      await scene.add()
      await scene.add()
      expect((await scene.project.listRuns({ ...all, limit: 2 })).nextCursor).toBeNull()
    })

    test('filters by state and by user, together too', async () => {
      const done = await scene.begin({ user: 'ada' })
      await scene.commit(done, [scene.creation('Ada keeps bees.')])
      const running = await scene.begin({ user: 'ben' })
      const queued = await scene.add({ user: 'Ada' })
      const ids = async (filter: object) =>
        (await scene.project.listRuns({ ...all, filter: { ...everyRun, ...filter } })).items.map(
          ({ run }) => run.runId,
        )
      expect(await ids({ states: ['completed'] })).toEqual([done.run.runId])
      expect(await ids({ states: ['queued', 'running'] })).toEqual([queued.runId, running.run.runId])
      expect(await ids({ userKey: 'ada' })).toEqual([queued.runId, done.run.runId])
      expect(await ids({ userKey: 'ada', states: ['running'] })).toEqual([])
      expect(await ids({ states: [] })).toEqual([])
      const [view] = (
        await scene.project.listRuns({ ...all, filter: { ...everyRun, states: ['completed'] } })
      ).items
      expect(view?.operations).toMatchObject([{ kind: 'create', committedAt: startAt }])
    })

    test('filters by group, input, tag, times, error and dismissal; every member narrows', async () => {
      const tagged = await scene.begin({ options: { ...defaultRunOptions, tags: ['red'] }, now: startAt })
      await scene.commit(tagged, [], { now: startAt + 5 })
      const failed = await scene.begin({ now: startAt + 10 })
      const end = { error: runError, step: null, counts: runCounts(), now: startAt + 20 }
      await scene.project.failRun({ claim: failed.claim, ...end })
      const open = await scene.add({ now: startAt + 30 })
      const [first, second, third] = [tagged.run.runId, failed.run.runId, open.runId]
      const ids = async (filter: Partial<RunFilter>) =>
        (await scene.project.listRuns({ ...all, filter: { ...everyRun, ...filter } })).items.map(
          ({ run }) => run.runId,
        )
      expect(await ids({ groupId: open.groupId })).toEqual([third, second, first])
      expect(await ids({ groupId: scene.nextId() })).toEqual([])
      expect(await ids({ inputType: 'string', states: ['failed'] })).toEqual([second])
      expect(await ids({ inputType: 'delete' })).toEqual([])
      expect(await ids({ tag: 'red' })).toEqual([first])
      expect(await ids({ tag: 'blue' })).toEqual([])
      expect(await ids({ createdAfter: startAt + 10, createdBefore: startAt + 30 })).toEqual([second])
      expect(await ids({ completedAfter: startAt + 5, completedBefore: startAt + 20 })).toEqual([first])
      expect(await ids({ error: 'NOT finished' })).toEqual([second])
      expect(await ids({ error: 'timeout', tag: 'red' })).toEqual([])
      expect(await ids({ isDismissed: true })).toEqual([])
      await scene.project.dismissRun({ runId: second, now: startAt + 40 })
      expect(await ids({ isDismissed: true })).toEqual([second])
      expect(await ids({ isDismissed: false, states: ['failed'] })).toEqual([])
    })

    test('filters by the run that asked, the agent, and the conversation, together with others', async () => {
      const parent = await scene.add()
      const child = await scene.add({ options: { parentRunId: parent.runId, subjectId: 'b' } })
      const talks = [1, 2].map(() => ({ subjectId: 'a', conversationId: 'c' }))
      const [first, second] = [
        await scene.add({ options: talks[0] ?? {} }),
        await scene.add({ options: talks[1] ?? {}, user: 'ben' }),
      ]
      const ids = async (filter: Partial<RunFilter>, limit = 100) =>
        (await scene.project.listRuns({ ...all, limit, filter: { ...everyRun, ...filter } })).items.map(
          ({ run }) => run.runId,
        )
      expect(await ids({ parentRunId: parent.runId })).toEqual([child.runId])
      expect(await ids({ parentRunId: child.runId })).toEqual([])
      expect(await ids({ subjectId: 'a' })).toEqual([second.runId, first.runId])
      expect(await ids({ conversationId: 'c' }, 1)).toEqual([second.runId])
      expect(await ids({ conversationId: 'c', userKey: 'ada' })).toEqual([first.runId])
      expect(await ids({ subjectId: 'b', conversationId: 'c' })).toEqual([])
      expect(await ids({ subjectId: 'a', states: ['completed'] })).toEqual([])
      const other = await scene.createProject()
      expect((await other.listRuns({ ...all, filter: { ...everyRun, conversationId: 'c' } })).items).toEqual(
        [],
      )
      expect((await scene.project.getRun(child.runId))?.run).toMatchObject({
        ...{ parentRunId: parent.runId, subjectId: 'b', conversationId: null },
      })
    })

    test('counts runs by state, knows the oldest that waits, and gives the times of those that ended', async () => {
      const done = await scene.begin({ now: startAt })
      await scene.commit(done, [], { now: startAt + 7 })
      const oldest = await scene.add({ user: 'ben', now: startAt + 1 })
      await scene.add({ user: 'cyd', now: startAt + 2 })
      const counts = await scene.project.countRuns()
      expect([counts.get('completed'), counts.get('queued'), counts.get('failed') ?? 0]).toEqual([1, 2, 0])
      expect(await scene.project.oldestWaitingAt()).toBe(oldest.createdAt)
      const times = [{ createdAt: startAt, startedAt: startAt, completedAt: startAt + 7 }]
      expect(await scene.project.sampleEnded({ after: startAt })).toEqual({ every: 1, times })
      expect((await scene.project.sampleEnded({ after: startAt + 7 })).times).toEqual([])
      const other = await scene.createProject()
      expect([...(await other.countRuns()).values()].filter((count) => count > 0)).toEqual([])
      expect([await other.oldestWaitingAt(), (await other.sampleEnded({ after: 0 })).times]).toEqual([
        null,
        [],
      ])
    })

    test('a run is known to its own project; whose it is, is told to nobody but by findRunProject', async () => {
      const run = await scene.add()
      const other = await scene.createProject()
      expect(await other.getRun(run.runId)).toBeNull()
      expect(await other.readPayload(run.runId)).toBeNull()
      expect(await other.listEvents({ runId: run.runId, after: 0, limit: 10 })).toEqual([])
      expect(await other.listSteps(run.runId)).toEqual([])
      expect((await other.listRuns(all)).items).toEqual([])
      expect(await scene.storage.findRunProject(run.runId)).toBe(scene.project.projectId)
      expect(await scene.storage.findRunProject(scene.nextId())).toBeNull()
    })
  })
