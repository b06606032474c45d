/** What is past its retention goes, a bounded number of rows at a time; what must stay stays, and no number is given twice. */
import { describe, expect, test } from 'vitest'
import { runCounts, runError, startAt } from '../../testing/storage-factories.ts'
import { type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'
import type { PruneKind } from '../administration.ts'
import type { ProjectStorage } from '../storage.ts'

export const describeRetentionConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: retention`, () => {
    const scene = useScene(engine)

    /** Prunes to the end, `limit` rows at a time; answers how many went. */
    const prune = async (
      kind: PruneKind,
      before: number,
      { limit = 3, in: project = scene.project } = {},
    ) => {
      let [removed, cursor]: [number, string | null] = [0, null]
      do {
        const pruned: Awaited<ReturnType<ProjectStorage['prune']>> = await project.prune({
          kind,
          before,
          limit,
          cursor,
        })
        expect(pruned.removed).toBeLessThanOrEqual(limit)
        removed += pruned.removed
        cursor = pruned.next
      } while (cursor !== null)
      return removed
    }
    const eventsOf = (runId: string, project = scene.project) =>
      project.listEvents({ runId, after: 0, limit: 100 })
    const numbersOf = async (runId: string) => (await eventsOf(runId)).map(({ seq }) => seq)
    const greatestNumber = async (...runIds: string[]) =>
      Math.max(
        ...(await Promise.all(runIds.map((runId) => eventsOf(runId))))
          .flat()
          .map(({ projectSeq }) => projectSeq),
      )
    const end = async (user: string, now: number) => {
      const claimed = await scene.begin({ user, now })
      await scene.commit(
        claimed,
        [scene.creation(`Statement of ${user}.`, { scope: scene.scope({ user }) })],
        { now },
      )
      return claimed.run.runId
    }
    const healthy = async () =>
      expect((await scene.storage.examine()).filter(({ wrongCount }) => wrongCount > 0)).toEqual([])

    test('ended runs go with all that is kept of them; what they made stays and names them', async () => {
      const old = await end('ada', startAt)
      const young = await end('ben', startAt + 10)
      const [memory] = (
        await scene.project.listMemories({
          partitions: [{ groupId: scene.groupIdOf(scene.project.projectId), userKey: 'ada' }],
          topics: [{ topic: 'facts', properties: {} }],
          limit: 10,
          cursor: null,
        })
      ).items
      expect(await prune('runs', startAt + 10)).toBe(1)
      expect(await scene.project.getRun(old)).toBeNull()
      expect(await scene.project.readPayload(old)).toBeNull()
      expect(await scene.project.listSteps(old)).toEqual([])
      expect(await eventsOf(old)).toEqual([])
      expect(await scene.storage.findRunProject(old)).toBeNull()
      expect(await scene.project.getRun(young)).not.toBeNull()
      expect(await scene.project.getMemory(memory?.memoryId ?? '')).toEqual(memory)
      expect(await scene.project.getUser('ada')).toMatchObject({ runCount: 0, memoryCount: 1 })
      await healthy()
    })

    test('what waits or is worked on stays, however old; what failed goes like the rest', async () => {
      const failed = await scene.begin({ user: 'ada' })
      await scene.project.failRun({
        claim: failed.claim,
        error: runError,
        step: null,
        counts: runCounts(),
        now: startAt,
      })
      const held = await scene.begin({ user: 'ben' })
      const waiting = await scene.add({ user: 'ben' })
      const retried = await scene.begin({ user: 'cleo' })
      await scene.project.retryRun({
        claim: retried.claim,
        error: runError,
        step: null,
        now: startAt,
        retryAt: startAt + 5,
      })
      expect(await prune('runs', startAt + 1_000)).toBe(1)
      for (const { runId } of [held.run, waiting, retried.run])
        expect(await scene.project.getRun(runId)).not.toBeNull()
      expect(await scene.commit(held)).toEqual({ kind: 'committed' })
      await healthy()
    })

    test('a bounded number of rows goes at a time, and another project keeps its own', async () => {
      const other = await scene.createProject()
      const foreign = await scene.begin({ in: other })
      await scene.commit(foreign)
      for (const user of ['a', 'b', 'c', 'd', 'e']) await end(user, startAt)
      const params = { kind: 'runs', before: startAt + 1, limit: 2, cursor: null } as const
      expect(await scene.project.prune(params)).toMatchObject({ removed: 2, next: expect.any(String) })
      expect(await prune('runs', startAt + 1, { limit: 2 })).toBe(3)
      expect(await prune('runs', startAt + 1)).toBe(0)
      expect(await other.getRun(foreign.run.runId)).not.toBeNull()
    })

    test('no number of an event is given again after its run is gone, also after a restart', async () => {
      const old = await end('ada', startAt)
      const last = await greatestNumber(old)
      await prune('runs', startAt + 1)
      await scene.reopen()
      const { runId } = await scene.add()
      expect(await eventsOf(runId)).toMatchObject([{ seq: 1, projectSeq: last + 1 }])
    })

    test('old events go but for the last of a run, and numbers go on after it', async () => {
      const ended = await end('ada', startAt)
      const { run, claim } = await scene.begin({ user: 'ben', now: startAt })
      const last = await greatestNumber(ended, run.runId)
      const before = (await eventsOf(ended)).at(-1)?.seq
      expect(await prune('events', startAt + 1)).toBeGreaterThan(3)
      expect(await numbersOf(ended)).toEqual([before])
      expect(await numbersOf(run.runId)).toEqual([2])
      await scene.commit({ run, claim }, [], { now: startAt + 1 })
      expect(await numbersOf(run.runId)).toEqual([2, 3, 4])
      expect((await eventsOf(run.runId)).map(({ projectSeq }) => projectSeq)).toEqual([
        last,
        last + 1,
        last + 2,
      ])
      await healthy()
      expect(await prune('events', startAt + 1)).toBe(2)
      expect(await numbersOf(run.runId)).toEqual([4])
      expect(await numbersOf(ended)).toEqual([before])
    })

    test('events of the retention’s time and later stay', async () => {
      const runId = await end('ada', startAt)
      const all = await numbersOf(runId)
      expect(await prune('events', startAt)).toBe(0)
      expect(await numbersOf(runId)).toEqual(all)
    })

    test('a version goes once the one after it is past the retention; the newest never does', async () => {
      const [memory] = await scene.remember(['One.', 'Another.'], { now: startAt })
      for (const [age, content] of ['Two.', 'Three.', 'Four.'].entries()) {
        const current = await scene.project.getMemory(memory?.memoryId ?? '')
        if (current === null) throw new Error('the memory is gone')
        const claimed = await scene.begin({ now: startAt + 10 * (age + 1) })
        await scene.commit(claimed, [scene.update(current, content)], { now: startAt + 10 * (age + 1) })
      }
      // Replaced at 10, 20 and 30: until 20 is past, who asks for 15 needs the second.
      expect(await prune('versions', startAt + 10, { limit: 2 })).toBe(0)
      expect(await prune('versions', startAt + 20, { limit: 2 })).toBe(1)
      expect(await prune('versions', startAt + 1_000, { limit: 2 })).toBe(2)
      expect(await scene.project.getMemory(memory?.memoryId ?? '')).toMatchObject({
        content: 'Four.',
        version: 4,
      })
      await healthy()
    })

    test('the text of what was deleted goes too; that it was there stays', async () => {
      const [memory] = await scene.remember(['A secret.'], { now: startAt })
      if (memory === undefined) throw new Error('nothing was remembered')
      const { memoryId } = memory
      await scene.project.deleteMemory({ runId: scene.nextId(), memoryId, laneId: 'x', now: startAt + 10 })
      expect(await prune('versions', startAt + 10)).toBe(0)
      expect(await prune('versions', startAt + 11)).toBe(1)
      const versions = await scene.project.listVersions({ memoryId, limit: 10, cursor: null })
      expect(versions.items.map(({ version }) => [version.version, version.kind, version.content])).toEqual([
        [2, 'delete', ''],
      ])
      await healthy()
    })

    test('a project’s own limits go before those of the server, until they are taken back', async () => {
      const none = {
        queueDepthMax: null,
        runRetentionMs: null,
        eventRetentionMs: null,
        versionRetentionMs: null,
        deliveryRetentionMs: null,
        ledgerRetentionMs: null,
      }
      const other = await scene.createProject()
      expect(await scene.project.getLimits()).toEqual(none)
      const own = { ...none, queueDepthMax: 1, runRetentionMs: 5, eventRetentionMs: 0 }
      await scene.project.setLimits(own)
      await scene.reopen()
      expect(await scene.project.getLimits()).toEqual(own)
      expect(await scene.storage.project(other.projectId).getLimits()).toEqual(none)
      await scene.add()
      expect(await scene.accept()).toEqual({ kind: 'queue_full', depth: 1 })
      await scene.project.setLimits(none)
      expect(await scene.accept()).toMatchObject({ kind: 'accepted' })
      expect(await scene.project.getLimits()).toEqual(none)
    })
  })
