/** The versions of memories: what was, by which run, and how it comes back. */
import { describe, expect, test } from 'vitest'
import { SOURCE_COUNT_MAX } from '../../kernel/limits.ts'
import type { Memory } from '../../memories/memory.ts'
import { origin, runCounts, source, startAt } from '../../testing/storage-factories.ts'
import { type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'
import type { EditParams, PlannedCommit } from '../taking-back.ts'

export const describeVersionsConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: versions`, () => {
    const scene = useScene(engine)

    const remembered = async (content: string): Promise<Memory> => {
      const [memory] = await scene.remember([content])
      if (memory === undefined) throw new Error('nothing was remembered')
      return memory
    }
    const commit = async (
      ...[operations, over]: [Parameters<typeof scene.commit>[1], Parameters<typeof scene.commit>[2]?]
    ) => {
      const claimed = await scene.begin()
      expect(await scene.commit(claimed, operations, over)).toEqual({ kind: 'committed' })
      return claimed.run.runId
    }
    const remove = (memoryId: string, now = startAt + 3) =>
      scene.project.deleteMemory({ runId: scene.nextId(), memoryId, laneId: 'lane', now })
    const editing = (operation: ReturnType<typeof scene.update>): EditParams => ({
      ...{ runId: scene.nextId(), memoryId: operation.memoryId, laneId: 'lane', operation },
      ...{ idempotency: null, traceparent: null, wire: 'native', now: startAt + 4 },
    })
    const versionsOf = async (memoryId: string) =>
      (await scene.project.listVersions({ memoryId, limit: 100, cursor: null })).items

    test('every change is a version, with its run, its time, its scope and what it came from; a deletion too', async () => {
      const memory = await remembered('Ada keeps bees.')
      const { memoryId } = memory
      const sources = [source({ input: 4 })]
      const runId = await commit([scene.update(memory, 'Ada keeps many bees.', { sources })], {
        now: startAt + 2,
      })
      const deletion = await remove(memoryId)
      const versions = await versionsOf(memoryId)
      const whose = {
        memoryId,
        scope: scene.scope({}),
        groupName: 'default',
        userId: 'ada',
        memoryCreatedAt: startAt,
      }
      expect(versions).toMatchObject([
        {
          version: {
            ...whose,
            version: 3,
            kind: 'delete',
            runId: deletion?.runId,
            content: '',
            sources: [],
            createdAt: startAt + 3,
          },
          inputType: 'delete',
        },
        {
          version: {
            ...{ ...whose, version: 2, kind: 'update', runId, content: 'Ada keeps many bees.', origin },
            ...{ createdAt: startAt + 2, sources: [source(), source({ input: 4 })], restores: null },
          },
          ...{ inputType: 'string', undoneBy: null },
        },
        {
          version: {
            ...whose,
            version: 1,
            kind: 'create',
            content: 'Ada keeps bees.',
            sources: [source()],
            origin,
          },
        },
      ])
      const [last, , first] = versions.map(({ version }) => version)
      expect(await scene.project.getVersion({ memoryId, version: null })).toEqual(last)
      expect(await scene.project.getVersion({ memoryId, version: 1 })).toEqual(first)
      expect(await scene.project.getVersion({ memoryId, version: 4 })).toBeNull()
      const other = await scene.createProject()
      expect(await other.getVersion({ memoryId, version: null })).toBeNull()
      expect(await other.listVersions({ memoryId, limit: 10, cursor: null })).toEqual({
        items: [],
        nextCursor: null,
      })
    })

    test('pages go down to the first version, none twice', async () => {
      let memory = await remembered('Ada has 0 bees.')
      for (let bees = 1; bees < 5; bees++) {
        await commit([scene.update(memory, `Ada has ${bees} bees.`)])
        memory = (await scene.project.getMemory(memory.memoryId)) ?? memory
      }
      const { memoryId } = memory
      const pages: number[][] = []
      let cursor: string | null = null
      do {
        const page = await scene.project.listVersions({ memoryId, limit: 2, cursor })
        pages.push(page.items.map(({ version }) => version.version))
        cursor = page.nextCursor
      } while (cursor !== null)
      expect(pages).toEqual([[5, 4], [3, 2], [1]])
    })

    test('a version tells what confirmed it while it was the last, and only then', async () => {
      const memory = await remembered('Ada keeps bees.')
      const { memoryId } = memory
      await commit([], { confirmations: [{ memoryId, source: source({ input: 5 }) }] })
      await commit([scene.update(memory, 'Ada keeps geese.')])
      await commit([], { confirmations: [{ memoryId, source: source({ input: 6 }) }] })
      const inputs = (await versionsOf(memoryId)).map(({ version }) =>
        [version.sources, version.lastSources].map((sources) => sources.map(({ input }) => input)),
      )
      expect(inputs).toEqual([
        [
          [0, 5],
          [0, 5, 6],
        ],
        [[0], [0, 5]],
      ])
    })

    test('a source that is retracted is gone, and the one that gave way to it is back in its place', async () => {
      const memory = await remembered('Ada keeps bees.')
      const { memoryId } = memory
      const confirm = (input: number) =>
        commit([], { confirmations: [{ memoryId, source: source({ input }) }] })
      for (let input = 1; input < SOURCE_COUNT_MAX; input++) await confirm(input)
      const full = await scene.project.getMemory(memoryId)
      await confirm(99)
      expect((await scene.project.getMemory(memoryId))?.sources).not.toContainEqual(source({ input: 1 }))
      const retraction = { memoryId, source: source({ input: 99 }), dropped: source({ input: 1 }) }
      await commit([], { retractions: [retraction] })
      expect(await scene.project.getMemory(memoryId)).toEqual(full)
      await commit([], { retractions: [retraction, { ...retraction, memoryId: scene.nextId() }] })
      expect(await scene.project.getMemory(memoryId), 'what is not there cannot go').toEqual(full)
      expect((await versionsOf(memoryId))[0]?.version.lastSources).toEqual(full?.sources)
    })

    test('a version that is brought back has its age and its place, and exactly the sources it is given', async () => {
      const [memory, later] = [await remembered('Ada keeps bees.'), await remembered('Ada sails.')]
      const { memoryId } = memory
      await remove(memoryId)
      const restored = scene.creation('Ada keeps bees.', {
        memoryId,
        restores: 1,
        sources: [source({ input: 8 })],
      })
      await commit([restored], { now: startAt + 9 })
      const back = await scene.project.getMemory(memoryId)
      expect(back).toEqual({ ...memory, version: 3, updatedAt: startAt + 9, sources: [source({ input: 8 })] })
      const hits = await scene.project.findDocuments({
        partitions: [scene.scope({})],
        topics: [{ topic: 'facts', properties: {} }],
        ...{ terms: ['ada'], window: 0 },
      })
      expect(hits.documents.map((hit) => hit.memoryId)).toEqual([memoryId, later?.memoryId])
      const update = scene.update(back ?? memory, 'Ada kept bees.', {
        restores: 1,
        sources: [source({ input: 9 })],
      })
      await commit([update])
      expect(await scene.project.getMemory(memoryId)).toMatchObject({ sources: [source({ input: 9 })] })
      expect((await versionsOf(memoryId)).map(({ version }) => version.restores)).toEqual([1, 1, null, null])
    })

    test('what was said again since is a conflict to who expects other sources', async () => {
      const memory = await remembered('Ada keeps bees.')
      const { memoryId, version: expectedVersion, sources: expectedSources } = memory
      await commit([], { confirmations: [{ memoryId, source: source({ input: 5 }) }] })
      const claimed = await scene.begin()
      const conflict = { kind: 'conflict', memoryId }
      const gone = { kind: 'delete', memoryId, expectedVersion } as const
      expect(await scene.commit(claimed, [{ ...gone, expectedSources }])).toEqual(conflict)
      expect(await scene.commit(claimed, [scene.update(memory, 'Geese.', { expectedSources })])).toEqual(
        conflict,
      )
      const sources = (await scene.project.getMemory(memoryId))?.sources ?? []
      expect(await scene.commit(claimed, [{ ...gone, expectedSources: sources }])).toEqual({
        kind: 'committed',
      })
    })

    test('what a run committed is told in order, its sources apart', async () => {
      const [kept, gone] = [await remembered('Ada keeps bees.'), await remembered('Ada sails.')]
      const creation = scene.creation('Ada rows.')
      const removal = { kind: 'delete', memoryId: gone.memoryId, expectedVersion: 1, restores: 0 } as const
      const said = { memoryId: kept.memoryId, source: source({ input: 7 }) }
      const runId = await commit([creation, removal], { confirmations: [said] })
      expect(await scene.project.readCommitted(runId)).toEqual({
        changes: [
          { kind: 'create', memoryId: creation.memoryId, before: null, after: 1 },
          { kind: 'delete', memoryId: gone.memoryId, before: 1, after: 2 },
        ],
        sources: [{ ...said, kind: 'add', dropped: null }],
      })
      const version = await scene.project.getVersion({ memoryId: gone.memoryId, version: null })
      expect(version).toMatchObject({ kind: 'delete', restores: 0 })
      const other = await commit([], { retractions: [{ ...said, dropped: null }], confirmations: [said] })
      expect((await scene.project.readCommitted(other)).sources).toEqual([
        { ...said, kind: 'remove', dropped: null },
      ])
      const foreign = await scene.createProject()
      expect(await foreign.readCommitted(runId)).toEqual({ changes: [], sources: [] })
    })

    test('a planned commit is made once, whole or not at all, and only of a dry run that has ended', async () => {
      const memory = await remembered('Ada keeps bees.')
      const claimed = await scene.begin({ options: { dryRun: true } })
      const { runId } = claimed.run
      const creation = scene.creation('Ada rows.')
      const planned: PlannedCommit = {
        ...{ runId, operations: [creation, scene.update(memory, 'Ada keeps geese.')], confirmations: [] },
        outcome: 'committed',
        ...{ counts: runCounts({ created: 1, updated: 1 }), now: startAt + 5 },
      }
      expect(await scene.project.commitPlanned(planned)).toEqual({ kind: 'not_planned' })
      await scene.commit(claimed, [], { outcome: 'planned' })
      const moved = { ...memory, version: 2 }
      const late = { ...planned, operations: [creation, scene.update(moved, 'Ada keeps geese.')] }
      const before = await scene.project.getRun(runId)
      expect(await scene.project.commitPlanned(late)).toEqual({ kind: 'conflict', memoryId: memory.memoryId })
      expect(await scene.project.getRun(runId)).toEqual(before)
      expect(await scene.project.getMemory(creation.memoryId)).toBeNull()
      const results = await Promise.all([1, 2, 3].map(() => scene.project.commitPlanned(planned)))
      expect(results.map(({ kind }) => kind)).toEqual(['committed', 'not_planned', 'not_planned'])
      expect(await scene.project.getRun(runId)).toMatchObject({
        run: { state: 'completed', outcome: 'committed', counts: { created: 1, updated: 1 } },
        operations: [
          { kind: 'create', memoryId: creation.memoryId, committedAt: startAt + 5 },
          { kind: 'update', memoryId: memory.memoryId },
        ],
      })
      const foreign = await scene.createProject()
      expect(await foreign.commitPlanned(planned)).toEqual({ kind: 'not_planned' })
    })

    test('the run that was taken back names the undo, until that is taken back itself', async () => {
      const accept = async (undoOf: string) => {
        const run = await scene.add({ options: { undoOf } })
        const [claimed] = await scene.claim()
        if (claimed?.run.runId !== run.runId) throw new Error('another run was claimed')
        return claimed
      }
      const undoneBy = async (runId: string) => (await scene.project.getRun(runId))?.run.undoneBy
      const first = await commit([scene.creation('Ada keeps bees.')])
      const undo = await accept(first)
      await scene.commit(undo, [])
      expect(await undoneBy(first), 'nothing was taken back').toBeNull()
      const second = await accept(first)
      await scene.commit(second, [scene.creation('Ada sails.')])
      expect(await undoneBy(first)).toBe(second.run.runId)
      const third = await accept(second.run.runId)
      await scene.commit(third, [scene.creation('Ada rows.')])
      expect([await undoneBy(first), await undoneBy(second.run.runId)]).toEqual([null, third.run.runId])
    })

    test('an edit is a run that is complete at once, with its version, source, events and end', async () => {
      const memory = await remembered('Ada keeps bees.')
      const { memoryId } = memory
      const edit = editing(scene.update(memory, 'Ada keeps geese.', { sources: [source({ input: 3 })] }))
      const result = await scene.project.editMemory(edit)
      const run = {
        runId: edit.runId,
        inputType: 'edit',
        state: 'completed',
        outcome: 'committed',
        userKey: 'ada',
      }
      expect(result).toMatchObject({
        kind: 'done',
        run: { ...run, counts: { inputs: 1, updated: 1, deleted: 0 } },
      })
      expect(await scene.project.getMemory(memoryId)).toMatchObject({
        ...{ content: 'Ada keeps geese.', version: 2, updatedAt: startAt + 4 },
        sources: [source(), source({ input: 3 })],
      })
      expect((await versionsOf(memoryId))[0]).toMatchObject({
        version: { runId: edit.runId },
        inputType: 'edit',
      })
      const events = await scene.project.listEvents({ runId: edit.runId, after: 0, limit: 10 })
      expect(events.map(({ type }) => type)).toEqual(['run.accepted', 'memory.updated', 'run.completed'])
      expect(await scene.claim(1)).toEqual([])
    })

    test('an edit of what has moved, is gone or is said elsewhere is a conflict, and leaves nothing', async () => {
      const [memory, other] = [await remembered('Ada keeps bees.'), await remembered('Ada sails.')]
      const { memoryId } = memory
      const moved = editing(scene.update(memory, 'Ada keeps geese.', { expectedVersion: 2 }))
      expect(await scene.project.editMemory(moved)).toEqual({ kind: 'conflict', memoryId })
      const twin = editing(scene.update(other, 'Ada keeps bees'))
      expect(await scene.project.editMemory(twin)).toEqual({ kind: 'conflict', memoryId })
      await remove(memoryId)
      const late = editing(scene.update(memory, 'Ada keeps geese.'))
      expect(await scene.project.editMemory(late)).toEqual({ kind: 'conflict', memoryId })
      for (const { runId } of [moved, twin, late]) expect(await scene.project.getRun(runId)).toBeNull()
    })

    test('the same key is the same edit, and an edit of nothing is a run without operations', async () => {
      const memory = await remembered('Ada keeps bees.')
      const idempotency = { key: 'k', digest: 'd' }
      const edit = { ...editing(scene.update(memory, 'Ada keeps geese.')), idempotency }
      expect(await scene.project.editMemory(edit)).toMatchObject({ kind: 'done' })
      const again = { ...edit, runId: scene.nextId() }
      expect(await scene.project.editMemory(again)).toEqual({ kind: 'replayed', runId: edit.runId })
      const other = { ...again, idempotency: { key: 'k', digest: 'other' } }
      expect(await scene.project.editMemory(other)).toEqual({ kind: 'idempotency_mismatch' })
      const nothing = { ...editing(scene.update(memory, '')), operation: null }
      expect(await scene.project.editMemory(nothing)).toMatchObject({
        run: { outcome: 'unchanged', counts: { unchanged: 1, updated: 0 } },
      })
      expect(await versionsOf(memory.memoryId)).toHaveLength(2)
    })
  })
