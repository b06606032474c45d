/** Reading and deleting memories. */
import { describe, expect, test } from 'vitest'
import type { Memory } from '../../memories/memory.ts'
import { analyse } from '../../search/analyse.ts'
import { contentKey } from '../../search/content-key.ts'
import { indexDocument } from '../../search/index-document.ts'
import { startAt } from '../../testing/storage-factories.ts'
import { type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'
import type { MemoryFilter, ProjectStorage } from '../storage.ts'

export const describeMemoriesConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: memories`, () => {
    const scene = useScene(engine)

    const facts = (): MemoryFilter => ({
      partitions: [scene.scope({})],
      topics: [{ topic: 'facts', properties: {} }],
    })
    const list = async (filter: MemoryFilter, limit = 100, project: ProjectStorage = scene.project) =>
      (await project.listMemories({ ...filter, limit, cursor: null })).items.map(({ content }) => content)
    const remove = (memoryId: string, project: ProjectStorage = scene.project) =>
      project.deleteMemory({ runId: scene.nextId(), memoryId, laneId: 'lane', now: startAt + 3 })

    test('newest first, each once over the pages, however many are of one instant and come in between', async () => {
      const contents = Array.from({ length: 7 }, (_, n) => `Ada has ${n} bees.`)
      await scene.remember(contents.slice(0, 5))
      await scene.remember(contents.slice(5), { now: startAt + 10 })
      const pages: Memory[][] = []
      let cursor: string | null = null
      do {
        const page = await scene.project.listMemories({ ...facts(), limit: 2, cursor })
        pages.push([...page.items])
        cursor = page.nextCursor
        await scene.remember([`Ada read page ${pages.length}.`], { now: startAt + 20 })
      } while (cursor !== null)
      const listed = pages.flat()
      expect(pages.map(({ length }) => length)).toEqual([2, 2, 2, 1])
      expect(listed.map(({ content }) => content).sort()).toEqual(contents)
      expect(listed.map(({ createdAt }) => createdAt)).toEqual(
        listed.map(({ createdAt }) => createdAt).sort((a, b) => b - a),
      )
    })

    test('a deletion is found by its key, and none is remembered for what is not there', async () => {
      const [memory] = await scene.remember(['Ada has one bee.'])
      const removeBy = (memoryId: string, key: string) =>
        scene.project.deleteMemory({
          ...{ runId: scene.nextId(), memoryId, laneId: 'lane', now: startAt + 3 },
          idempotency: { key, digest: '' },
        })
      const run = await removeBy(memory?.memoryId ?? '', 'first')
      expect(await scene.project.findRunByKey('first')).toMatchObject({ runId: run?.runId })
      expect(await removeBy(memory?.memoryId ?? '', 'second')).toBeNull()
      expect(await scene.project.findRunByKey('second')).toBeNull()
    })

    test('a page that is just full has no next one', async () => {
      await scene.remember(['one bee', 'two bees'])
      expect((await scene.project.listMemories({ ...facts(), limit: 2, cursor: null })).nextCursor).toBeNull()
    })

    test('several partitions are one list; a topic and its properties filter', async () => {
      await scene.remember(['a fact'])
      await scene.remember(['a flight to Rome'], {
        scope: scene.scope({ topic: 'trips', properties: { trip: 'rome' } }),
        now: startAt + 1,
      })
      await scene.remember(['a flight to Oslo'], {
        scope: scene.scope({ topic: 'trips', properties: { trip: 'oslo' } }),
        now: startAt + 2,
      })
      await scene.remember(['the news'], {
        scope: scene.scope({ topic: 'news', user: null }),
        now: startAt + 3,
      })
      const { partitions } = facts()
      const both = [...partitions, scene.scope({ user: null })]
      const trips = (properties: Record<string, string>) => [{ topic: 'trips', properties }]
      expect(
        await list({
          partitions: both,
          topics: ['facts', 'trips', 'news'].map((topic) => ({ topic, properties: {} })),
        }),
      ).toEqual(['the news', 'a flight to Oslo', 'a flight to Rome', 'a fact'])
      expect(await list({ partitions, topics: trips({}) })).toEqual(['a flight to Oslo', 'a flight to Rome'])
      expect(await list({ partitions, topics: trips({ trip: 'rome' }) })).toEqual(['a flight to Rome'])
      expect(await list({ partitions, topics: trips({ trip: 'rome', day: 'one' }) })).toEqual([])
      expect(await list({ partitions, topics: [] })).toEqual([])
      expect(await list({ partitions: [], topics: trips({}) })).toEqual([])
    })

    test('memories are got in the order asked for, and only those there are', async () => {
      const [one, two] = await scene.remember(['one bee', 'two bees'])
      if (one === undefined || two === undefined) throw new Error('nothing was remembered')
      expect(await scene.project.getMemories([two.memoryId, scene.nextId(), one.memoryId])).toEqual([
        two,
        one,
      ])
    })

    test('deleting is a run of its own, complete at once', async () => {
      const [memory] = await scene.remember(['Ada keeps bees.'])
      const run = await remove(memory?.memoryId ?? '')
      expect(run).toMatchObject({
        inputType: 'delete',
        state: 'completed',
        outcome: 'committed',
        userKey: 'ada',
        counts: { deleted: 1 },
      })
      expect(await scene.project.getRun(run?.runId ?? '')).toMatchObject({
        operations: [{ kind: 'delete', memoryId: memory?.memoryId, committedAt: startAt + 3 }],
      })
      const events = await scene.project.listEvents({ runId: run?.runId ?? '', after: 0, limit: 10 })
      expect(events.map(({ type }) => type)).toEqual(['run.accepted', 'memory.deleted', 'run.completed'])
      expect(await list(facts())).toEqual([])
      expect(await remove(memory?.memoryId ?? '')).toBeNull()
      expect((await scene.storage.queueStatus()).openCount).toBe(0)
    })

    test('a deleted statement may be remembered again', async () => {
      const [memory] = await scene.remember(['Ada keeps bees.'])
      await remove(memory?.memoryId ?? '')
      await scene.remember(['Ada keeps bees.'])
      expect(await list(facts())).toEqual(['Ada keeps bees.'])
    })

    test('a statement is found by its key in its own scope only', async () => {
      const [memory] = await scene.remember(['Ada keeps bees.'])
      const find = (over: Parameters<typeof scene.scope>[0]) =>
        scene.project.findByContentKey({ scope: scene.scope(over), contentKey: contentKey('ada keeps bees') })
      expect(await find({})).toEqual(memory)
      expect(await find({ user: 'ben' })).toBeNull()
      expect(await find({ topic: 'summary' })).toBeNull()
      expect(await find({ topic: 'trips', properties: { trip: 'rome' } })).toBeNull()
    })

    test('similar are those that share enough terms of the shorter, most first', async () => {
      await scene.remember([
        'Ada keeps bees in Graz',
        'Ada keeps bees',
        'Ada keeps geese in Rome',
        'Ben sails boats',
      ])
      const similar = async (content: string, share: number, limit = 8) =>
        (
          await scene.project.findSimilar({ scope: scene.scope({}), terms: analyse(content), share, limit })
        ).map((memory) => memory.content)
      expect(await similar('Ada keeps bees in Graz since 2020', 0.7)).toEqual([
        'Ada keeps bees in Graz',
        'Ada keeps bees',
      ])
      expect(await similar('Ada keeps bees in Graz since 2020', 0.7, 1)).toEqual(['Ada keeps bees in Graz'])
      expect(await similar('Ada keeps bees in Graz since 2020', 0.4)).toHaveLength(3)
      expect(await similar('nothing alike', 0.1)).toEqual([])
      expect(await similar('', 0.1)).toEqual([])
      const elsewhere = { scope: scene.scope({ user: 'ben' }), terms: ['bee'], share: 0.1, limit: 8 }
      expect(await scene.project.findSimilar(elsewhere)).toEqual([])
    })

    test('what stands only in the context makes nothing similar', async () => {
      const content = 'Yes, since 2020'
      const context = 'Do you keep bees in Graz'
      const place = { speaker: null, session: 's', turn: 0, saidAt: startAt }
      const document = indexDocument({ content, context, ...place })
      await scene.commit(await scene.begin(), [scene.creation(content, { document })])
      const terms = analyse('bees in Graz')
      expect(
        await scene.project.findSimilar({ scope: scene.scope({}), terms, share: 0.1, limit: 8 }),
      ).toEqual([])
    })

    test('no verb reaches a memory of another project', async () => {
      const [memory] = await scene.remember(['Ada keeps bees.'])
      const other = await scene.createProject()
      const memoryId = memory?.memoryId ?? ''
      const scope = scene.scope({})
      expect(await other.getMemory(memoryId)).toBeNull()
      expect(await other.getMemories([memoryId])).toEqual([])
      expect(await remove(memoryId, other)).toBeNull()
      expect(await list(facts(), 100, other)).toEqual([])
      expect(await other.findByContentKey({ scope, contentKey: contentKey('Ada keeps bees.') })).toBeNull()
      expect(await other.findSimilar({ scope, terms: ['bee'], share: 0.1, limit: 8 })).toEqual([])
      const hits = await other.findDocuments({ ...facts(), terms: ['bee'], window: 8 })
      expect(hits).toEqual({ documents: [], documentCount: 0, averageLength: 0, documentFrequencies: [0] })
      expect(await scene.project.getMemory(memoryId)).toEqual(memory)
    })
  })
