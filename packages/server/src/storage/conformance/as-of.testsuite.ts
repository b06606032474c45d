/** What was: reads of the past see each memory as it was then, and nothing that came later. */
import { describe, expect, test } from 'vitest'
import type { Memory } from '../../memories/memory.ts'
import { origin, source, startAt } from '../../testing/storage-factories.ts'
import { type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'
import type { MemoryFilter } from '../storage.ts'

export const describeAsOfConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: as of`, () => {
    const scene = useScene(engine)

    const facts = (): MemoryFilter => ({
      partitions: [scene.scope({})],
      topics: [{ topic: 'facts', properties: {} }],
    })
    const commit = async (
      ...[operations, over]: [Parameters<typeof scene.commit>[1], Parameters<typeof scene.commit>[2]?]
    ) => expect(await scene.commit(await scene.begin(), operations, over)).toEqual({ kind: 'committed' })
    const listAt = async (at: number, filter = facts()) =>
      (await scene.project.listMemoriesAt({ ...filter, at, limit: 100, cursor: null })).items
    const foundAt = (at: number, limit = 100, partitions = facts().partitions) =>
      scene.project.findVersionsAt({ partitions, at, limit })

    /** Made, said again, changed, deleted and brought back, each a second later. */
    const live = async (): Promise<readonly (Memory | null)[]> => {
      const [memory] = await scene.remember(['Ada keeps bees.'])
      if (memory === undefined) throw new Error('nothing was remembered')
      const { memoryId } = memory
      const states: (Memory | null)[] = [memory]
      const next = async () => states.push(await scene.project.getMemory(memoryId))
      const now = () => startAt + states.length * 1_000
      await commit([], { confirmations: [{ memoryId, source: source({ input: 4 }) }], now: now() })
      await next()
      await commit([scene.update(memory, 'Ada keeps geese.', { sources: [source({ input: 5 })] })], {
        now: now(),
      })
      await next()
      await scene.project.deleteMemory({ runId: scene.nextId(), memoryId, laneId: 'lane', now: now() })
      await next()
      await commit([scene.creation('Ada keeps bees.', { memoryId, restores: 1 })], { now: now() })
      await next()
      return states
    }

    test('a memory is as it was at every instant of its life, and not there before and in between', async () => {
      const states = await live()
      const memoryId = states[0]?.memoryId ?? ''
      for (const [second, state] of states.entries())
        for (const at of [startAt + second * 1_000, startAt + second * 1_000 + 999]) {
          expect(await scene.project.getMemoryAt({ memoryId, at })).toEqual(state)
          expect(await listAt(at)).toEqual(state === null ? [] : [state])
          const found =
            state === null ? [] : [{ memoryId, version: state.version, content: state.content, origin }]
          expect(await foundAt(at)).toMatchObject(found)
          expect(await foundAt(at)).toHaveLength(found.length)
        }
      expect(await scene.project.getMemoryAt({ memoryId, at: startAt - 1 })).toBeNull()
      expect([await listAt(startAt - 1), await foundAt(startAt - 1)]).toEqual([[], []])
      const other = await scene.createProject()
      expect(await other.getMemoryAt({ memoryId, at: startAt })).toBeNull()
      const page = { ...facts(), at: startAt, limit: 10, cursor: null }
      expect((await other.listMemoriesAt(page)).items).toEqual([])
      expect(await other.findVersionsAt({ ...facts(), at: startAt, limit: 10 })).toEqual([])
    })

    test('as of now a list is the list, page by page, over partitions, topics and properties', async () => {
      for (let n = 0; n < 5; n++)
        await scene.remember([`Ada has ${n} bees.`, `Ada has ${n} boats.`], { now: startAt + n })
      const trip = scene.scope({ topic: 'trips', properties: { trip: 'rome' } })
      await scene.remember(['a flight to Rome'], { scope: trip, now: startAt + 9 })
      await scene.remember(['the news'], {
        scope: scene.scope({ topic: 'news', user: null }),
        now: startAt + 9,
      })
      const partitions = [scene.scope({}), scene.scope({ user: null })]
      const topics = [
        ...[{ topic: 'facts', properties: {} }],
        ...[{ topic: 'trips', properties: { trip: 'rome' } }],
        ...[{ topic: 'news', properties: {} }],
      ]
      for (const filter of [facts(), { partitions, topics }, { partitions, topics: topics.slice(1) }]) {
        for (let cursor: string | null = null, pages = 0; pages < 10; pages++) {
          const page = { ...filter, limit: 3, cursor }
          const now = await scene.project.listMemories(page)
          expect(await scene.project.listMemoriesAt({ ...page, at: startAt + 99 })).toEqual(now)
          cursor = now.nextCursor
          if (cursor === null) break
        }
      }
    })

    test('what was there is found whatever its topic, up to a bound', async () => {
      await scene.remember(['Ada keeps bees.', 'Ada sails.'])
      const trip = scene.scope({ topic: 'trips', properties: { trip: 'rome' } })
      await scene.remember(['a flight to Rome'], { scope: trip })
      await scene.remember(['the news'], { scope: scene.scope({ topic: 'news', user: null }) })
      const partitions = [scene.scope({ user: 'nobody' }), scene.scope({ user: null }), scene.scope({})]
      const found = (await foundAt(startAt, 4, partitions)) ?? []
      expect(found.map(({ content, partition, position }) => [content, partition, position]).sort()).toEqual([
        ['Ada keeps bees.', 2, 0],
        ['Ada sails.', 2, 1],
        ['a flight to Rome', 2, 2],
        ['the news', 1, 0],
      ])
      expect(found.find(({ content }) => content === 'a flight to Rome')?.scope).toEqual(trip)
      expect(await foundAt(startAt, 3, partitions)).toBeNull()
    })

    test('a clock that was set back does not make an older version the last', async () => {
      const [memory] = await scene.remember(['Ada keeps bees.'], { now: startAt + 1_000 })
      if (memory === undefined) throw new Error('nothing was remembered')
      await commit([scene.update(memory, 'Ada keeps geese.')], { now: startAt })
      expect(await listAt(startAt + 2_000)).toMatchObject([{ content: 'Ada keeps geese.', version: 2 }])
    })
  })
