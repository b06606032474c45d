/** The commit: everything or nothing, once, and never on top of what has changed. */
import { describe, expect, test } from 'vitest'
import { SOURCE_COUNT_MAX } from '../../kernel/limits.ts'
import type { Memory } from '../../memories/memory.ts'
import { contentKey } from '../../search/content-key.ts'
import { runCounts, runError, source, startAt } from '../../testing/storage-factories.ts'
import { type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'

export const describeCommitConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: commit`, () => {
    const scene = useScene(engine)

    const remembered = async (content: string): Promise<Memory> => {
      const [memory] = await scene.remember([content])
      if (memory === undefined) throw new Error('nothing was remembered')
      return memory
    }
    const listFacts = async (user = 'ada') =>
      (
        await scene.project.listMemories({
          partitions: [scene.scope({ user })],
          topics: [{ topic: 'facts', properties: {} }],
          limit: 100,
          cursor: null,
        })
      ).items
    const remove = (memory: Memory, expectedVersion = memory.version) =>
      ({ kind: 'delete', memoryId: memory.memoryId, expectedVersion }) as const

    test('a commit writes memories, operations, the step, the events and the end of the run', async () => {
      const kept = await remembered('Ada keeps bees.')
      const gone = await remembered('Ada owns a boat.')
      const claimed = await scene.begin({ user: 'ada' })
      const creation = scene.creation('Ada lives in Graz.', {
        sources: [source({ message: 3, role: 'user' })],
      })
      const counts = runCounts({ candidates: 3, created: 1, updated: 1, deleted: 1 })
      const operations = [creation, scene.update(kept, 'Ada keeps bees in Graz.'), remove(gone)]
      expect(await scene.commit(claimed, operations, { counts, now: startAt + 9 })).toEqual({
        kind: 'committed',
      })
      const run = {
        state: 'completed',
        outcome: 'committed',
        error: null,
        counts,
        completedAt: startAt + 9,
        updatedAt: startAt + 9,
      }
      expect(await scene.project.getRun(claimed.run.runId)).toMatchObject({
        run,
        operations: [
          { kind: 'create', memoryId: creation.memoryId, committedAt: startAt + 9 },
          { kind: 'update', memoryId: kept.memoryId, committedAt: startAt + 9 },
          { kind: 'delete', memoryId: gone.memoryId, committedAt: startAt + 9 },
        ],
      })
      expect(await scene.project.listSteps(claimed.run.runId)).toMatchObject([
        { name: 'commit', status: 'completed' },
      ])
      expect(await scene.project.getMemory(creation.memoryId)).toEqual({
        memoryId: creation.memoryId,
        scope: scene.scope({}),
        userId: 'ada',
        groupName: 'default',
        content: 'Ada lives in Graz.',
        version: 1,
        createdAt: startAt + 9,
        updatedAt: startAt + 9,
        sources: [source({ message: 3, role: 'user' })],
      })
      expect(await scene.project.getMemory(kept.memoryId)).toMatchObject({
        content: 'Ada keeps bees in Graz.',
        version: 2,
        createdAt: startAt,
        updatedAt: startAt + 9,
      })
      expect(await scene.project.getMemory(gone.memoryId)).toBeNull()
    })

    test('a partial run keeps what it committed and names what failed', async () => {
      const claimed = await scene.begin()
      const operations = [scene.creation('Ada keeps bees.')]
      await scene.commit(claimed, operations, { state: 'partial', error: runError })
      const view = await scene.project.getRun(claimed.run.runId)
      expect(view).toMatchObject({
        run: { state: 'partial', error: runError },
        operations: [{ kind: 'create' }],
      })
      expect(await listFacts()).toHaveLength(1)
    })

    test('a conflict in the third operation leaves nothing of the first two, and the claim stands', async () => {
      const kept = await remembered('Ada keeps bees.')
      const claimed = await scene.begin()
      const before = await scene.project.getRun(claimed.run.runId)
      const operations = [
        scene.creation('Ada lives in Graz.'),
        scene.update(kept, 'Ada keeps many bees.'),
        scene.creation('Ada owns a boat.', { memoryId: kept.memoryId }),
      ]
      expect(await scene.commit(claimed, operations)).toEqual({ kind: 'conflict', memoryId: kept.memoryId })
      expect(await listFacts()).toEqual([kept])
      expect(await scene.project.getRun(claimed.run.runId)).toEqual(before)
      expect(await scene.project.listSteps(claimed.run.runId)).toEqual([])
      const search = {
        partitions: [scene.scope({})],
        topics: [{ topic: 'facts', properties: {} }],
        window: 0,
      }
      const hits = await scene.project.findDocuments({ ...search, terms: ['graz', 'mani'] })
      expect(hits).toMatchObject({ documents: [], documentCount: 1, documentFrequencies: [0, 0] })
      expect(await scene.commit(claimed, operations.slice(0, 2))).toMatchObject({ kind: 'committed' })
    })

    test('a memory that moved, a twin and a memory that is gone are conflicts', async () => {
      const memory = await remembered('Ada keeps bees.')
      const twin = await remembered('Ada owns a boat.')
      const claimed = await scene.begin()
      const conflict = { kind: 'conflict', memoryId: memory.memoryId }
      const moved = scene.update(memory, 'Ada keeps geese.', { expectedVersion: 2 })
      expect(await scene.commit(claimed, [moved])).toEqual(conflict)
      expect(await scene.commit(claimed, [remove(memory, 2)])).toEqual(conflict)
      expect(await scene.commit(claimed, [scene.creation('ada  keeps bees')])).toEqual(conflict)
      expect(await scene.commit(claimed, [scene.update(twin, 'Ada keeps bees')])).toEqual(conflict)
      const unknown = { ...memory, memoryId: scene.nextId() }
      const gone = { kind: 'conflict', memoryId: unknown.memoryId }
      expect(await scene.commit(claimed, [scene.update(unknown, 'Ada keeps geese.')])).toEqual(gone)
      expect(await scene.commit(claimed, [remove(unknown)])).toEqual(gone)
      const confirmations = [{ memoryId: unknown.memoryId, source: source() }]
      expect(await scene.commit(claimed, [], { confirmations })).toEqual(gone)
      expect(await listFacts()).toHaveLength(2)
    })

    test('two in one commit with the same statement are a conflict as well', async () => {
      const first = scene.creation('Ada keeps bees.')
      const result = await scene.commit(await scene.begin(), [first, scene.creation('Ada keeps bees')])
      expect(result).toEqual({ kind: 'conflict', memoryId: first.memoryId })
      expect(await listFacts()).toEqual([])
    })

    test('an update may keep its statement, and a statement given up may be taken', async () => {
      const memory = await remembered('Ada keeps bees.')
      const claimed = await scene.begin()
      const operations = [scene.update(memory, 'Ada keeps geese.'), scene.creation('Ada keeps bees.')]
      expect((await scene.commit(claimed, operations)).kind).toBe('committed')
      const [again] = await scene.project.getMemories([memory.memoryId])
      const same = scene.update(again ?? memory, 'ADA keeps geese.')
      expect((await scene.commit(await scene.begin(), [same])).kind).toBe('committed')
      expect((await listFacts()).map(({ content }) => content).sort()).toEqual([
        'ADA keeps geese.',
        'Ada keeps bees.',
      ])
    })

    test('a memory deleted and created again under its id keeps counting its versions', async () => {
      const scope = scene.scope({ topic: 'summary' })
      const [memory] = await scene.remember(['So far: bees.'], { scope })
      if (memory === undefined) throw new Error('nothing was remembered')
      const { memoryId } = memory
      await scene.project.deleteMemory({ runId: scene.nextId(), memoryId, laneId: 'lane', now: startAt })
      const again = scene.creation('So far: boats.', { scope, memoryId })
      expect((await scene.commit(await scene.begin(), [again])).kind).toBe('committed')
      expect(await scene.project.getMemory(memoryId)).toMatchObject({ content: 'So far: boats.', version: 3 })
    })

    test('32 lanes that commit the same project-wide statement at once make one memory', async () => {
      const users = Array.from({ length: 32 }, (_, n) => `user ${n}`)
      for (const user of users) await scene.add({ user })
      const claimed = await scene.claim(32)
      const scope = scene.scope({ topic: 'news', user: null })
      const results = await Promise.all(
        claimed.map((one) => scene.commit(one, [scene.creation('The sun is out.', { scope })])),
      )
      const kinds = results.map(({ kind }) => kind)
      expect(kinds.filter((kind) => kind === 'committed')).toHaveLength(1)
      expect(kinds.filter((kind) => kind === 'conflict')).toHaveLength(31)
      const known = await scene.project.findByContentKey({ scope, contentKey: contentKey('The sun is out.') })
      const conflicting = results.flatMap((result) => (result.kind === 'conflict' ? [result.memoryId] : []))
      expect(new Set(conflicting)).toEqual(new Set([known?.memoryId]))
    })

    test('of 32 commits under one claim one is done', async () => {
      const claimed = await scene.begin()
      const results = await Promise.all(
        Array.from({ length: 32 }, (_, n) => scene.commit(claimed, [scene.creation(`Ada has ${n} bees.`)])),
      )
      expect(results.filter(({ kind }) => kind === 'committed')).toHaveLength(1)
      expect(results.filter(({ kind }) => kind === 'claim_lost')).toHaveLength(31)
      expect(await listFacts()).toHaveLength(1)
    })

    test('a confirmation adds a source and nothing else', async () => {
      const memory = await remembered('Ada keeps bees.')
      const confirmations = [{ memoryId: memory.memoryId, source: source({ input: 7 }) }]
      await scene.commit(await scene.begin(), [], { confirmations, now: startAt + 5 })
      expect(await scene.project.getMemory(memory.memoryId)).toEqual({
        ...memory,
        sources: [...memory.sources, source({ input: 7 })],
      })
    })

    test('a memory keeps its first source and the latest, a bounded number', async () => {
      const memory = await remembered('Ada keeps bees.')
      const confirmations = Array.from({ length: 40 }, (_, input) => ({
        memoryId: memory.memoryId,
        source: source({ input: input + 1 }),
      }))
      await scene.commit(await scene.begin(), [], { confirmations })
      const sources = Array.from({ length: 40 }, (_, input) => source({ input: input + 41 }))
      const confirmed = await scene.project.getMemory(memory.memoryId)
      await scene.commit(await scene.begin(), [
        scene.update(confirmed ?? memory, 'Ada keeps geese.', { sources }),
      ])
      const kept = (await scene.project.getMemory(memory.memoryId))?.sources.map(({ input }) => input) ?? []
      expect(kept).toHaveLength(SOURCE_COUNT_MAX)
      expect([kept[0], kept[1], kept.at(-1)]).toEqual([0, 80 - SOURCE_COUNT_MAX + 2, 80])
    })
  })
