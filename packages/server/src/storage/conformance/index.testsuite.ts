/** The search index: what of a partition holds a term, and the numbers ranking needs. */
import { describe, expect, test } from 'vitest'
import type { IndexDocument } from '../../search/document.ts'
import { startAt } from '../../testing/storage-factories.ts'
import { type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'
import type { MemoryFilter } from '../storage.ts'

export const describeIndexConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: index`, () => {
    const scene = useScene(engine)

    const document = (terms: IndexDocument['terms'], over: Partial<IndexDocument> = {}): IndexDocument => ({
      terms,
      length: terms.reduce((sum, [, weight]) => sum + weight, 0),
      speaker: 'ada',
      session: 'session',
      turn: 0,
      saidAt: startAt,
      ...over,
    })
    const remember = async (
      content: string,
      terms: IndexDocument['terms'],
      over: Parameters<typeof scene.scope>[0] = {},
    ) => {
      const [memory] = await scene.remember([content], {
        scope: scene.scope(over),
        document: document(terms),
      })
      if (memory === undefined) throw new Error('nothing was remembered')
      return memory
    }
    const find = (terms: readonly string[], over: Partial<MemoryFilter & { window: number }> = {}) =>
      scene.project.findDocuments({
        partitions: [scene.scope({})],
        topics: [{ topic: 'facts', properties: {} }],
        terms,
        window: 0,
        ...over,
      })

    test('a document comes with its weights in the order of the terms, 0 where absent', async () => {
      const place = { speaker: 'ada', session: 'talk', turn: 4, saidAt: startAt - 5, length: 3.5 }
      const [memory] = await scene.remember(['one'], {
        document: document(
          [
            ['bee', 2],
            ['graz', 1.5],
          ],
          place,
        ),
      })
      expect(await find(['graz', 'boat', 'bee'])).toEqual({
        documents: [
          { memoryId: memory?.memoryId, partition: 0, position: 0, weights: [1.5, 0, 2], ...place },
        ],
        documentCount: 1,
        averageLength: 3.5,
        documentFrequencies: [1, 0, 1],
      })
    })

    test('frequencies and averages are those of the searched partitions', async () => {
      await remember('one', [['bee', 1]])
      await remember('two', [
        ['bee', 1],
        ['boat', 2],
      ])
      await remember('three', [['bee', 1]], { user: 'ben' })
      expect(await find(['bee', 'boat'])).toMatchObject({
        documentCount: 2,
        averageLength: 2,
        documentFrequencies: [2, 1],
      })
      const both = await find(['bee'], { partitions: [scene.scope({}), scene.scope({ user: 'ben' })] })
      expect(both).toMatchObject({ documentCount: 3, averageLength: 5 / 3, documentFrequencies: [3] })
      expect(both.documents.map(({ partition, position }) => [partition, position])).toEqual([
        [0, 0],
        [0, 1],
        [1, 0],
      ])
      expect(await find(['bee'], { partitions: [scene.scope({ user: 'nobody' })] })).toEqual({
        documents: [],
        documentCount: 0,
        averageLength: 0,
        documentFrequencies: [0],
      })
    })

    test('neighbours within the window come along, each once, without weights', async () => {
      for (let position = 0; position < 10; position++) {
        await remember(
          `statement ${position}`,
          position === 4 || position === 5 ? [['bee', 1]] : [['other', 1]],
        )
      }
      const found = async (window: number) =>
        (await find(['bee'], { window })).documents.map(({ position }) => position)
      expect(await found(0)).toEqual([4, 5])
      expect(await found(2)).toEqual([2, 3, 4, 5, 6, 7])
      expect(await found(100)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
      const { documents } = await find(['bee'], { window: 1 })
      expect(documents.map(({ weights }) => weights)).toEqual([[0], [1], [1], [0]])
    })

    test('topics and properties filter the documents', async () => {
      await remember('a fact', [['bee', 1]])
      await remember('a trip', [['bee', 1]], { topic: 'trips', properties: { trip: 'rome' } })
      const count = async (topic: string, properties = {}) =>
        (await find(['bee'], { topics: [{ topic, properties }], window: 8 })).documents.length
      expect(await count('facts')).toBe(1)
      expect(await count('trips')).toBe(1)
      expect(await count('trips', { trip: 'rome' })).toBe(1)
      expect(await count('trips', { trip: 'oslo' })).toBe(0)
      expect(await count('news')).toBe(0)
    })

    test('an update keeps the position and forgets the old terms', async () => {
      await remember('before', [['first', 1]])
      const memory = await remember('old', [
        ['old', 1],
        ['both', 1],
      ])
      await remember('after', [['last', 1]])
      const update = scene.update(memory, 'new', {
        document: document([
          ['new', 3],
          ['both', 1],
        ]),
      })
      await scene.commit(await scene.begin(), [update])
      const hits = await find(['old', 'new', 'both'])
      expect(hits.documents).toMatchObject([
        { memoryId: memory.memoryId, position: 1, weights: [0, 3, 1], length: 4 },
      ])
      expect(hits).toMatchObject({ documentCount: 3, averageLength: 2, documentFrequencies: [0, 1, 1] })
    })

    test('a deleted document is gone, and its position is not given again', async () => {
      const memory = await remember('one', [['bee', 1]])
      await remember('two', [['bee', 3]])
      await scene.project.deleteMemory({
        runId: scene.nextId(),
        memoryId: memory.memoryId,
        laneId: 'lane',
        now: startAt,
      })
      await remember('three', [['bee', 1]])
      const hits = await find(['bee'])
      expect(hits).toMatchObject({ documentCount: 2, averageLength: 2, documentFrequencies: [2] })
      expect(hits.documents.map(({ position }) => position)).toEqual([1, 2])
    })

    test('a partition emptied is as one that never was', async () => {
      const memory = await remember('one', [
        ['bee', 0.1],
        ['boat', 0.2],
      ])
      await scene.project.deleteMemory({
        runId: scene.nextId(),
        memoryId: memory.memoryId,
        laneId: 'lane',
        now: startAt,
      })
      expect(await find(['bee'], { window: 8 })).toEqual({
        documents: [],
        documentCount: 0,
        averageLength: 0,
        documentFrequencies: [0],
      })
    })

    test("a run's end is searchable at once", async () => {
      const claimed = await scene.begin()
      const committing = scene.commit(claimed, [scene.creation('one', { document: document([['bee', 1]]) })])
      expect((await committing).kind).toBe('committed')
      expect((await find(['bee'])).documents).toHaveLength(1)
    })
  })
