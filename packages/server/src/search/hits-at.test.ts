import { expect, test } from 'vitest'
import { openPipelineScene } from '../testing/pipeline-scene.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import type { Hits } from './document.ts'
import { hitsAt } from './hits-at.ts'

const words = ['bee', 'boat', 'river', 'cello', 'honey', 'graz', 'garden', 'train', 'letter', 'winter']
const sorted = (hits: Hits): Hits => ({
  ...hits,
  documents: hits.documents.toSorted((a, b) => a.partition - b.partition || a.position - b.position),
})

test('documents made anew are those that the index holds: the found ones, their neighbours, and all the numbers', async () => {
  await using scene = await openPipelineScene()
  const random = seededRandom(7)
  const word = () => words[Math.floor(random() ** 2 * words.length)] ?? ''
  for (const userKey of ['ada', 'bo'])
    for (let n = 0; n < 40; n++) {
      await scene.add(`Entry ${n} of ${userKey} tells of ${word()} and ${word()}.`, { userKey })
      await scene.attempt()
    }
  const [first] = await scene.memories('facts', 'ada')
  const memoryId = first?.memoryId ?? ''
  await scene.project.deleteMemory({ runId: memoryId, memoryId, laneId: 'lane', now: scene.clock.now() })
  const partitions = ['ada', 'bo'].map((userKey) => ({ groupId: scene.groupId, userKey }))
  const topics = [{ topic: 'facts', properties: {} }]
  const versions = await scene.project.findVersionsAt({ partitions, at: scene.clock.now(), limit: 1_000 })
  for (const terms of [['train', 'letter'], ['winter'], ['honei', 'unknown'], ['tell']])
    for (const window of [0, 1, 8]) {
      const hits = await scene.project.findDocuments({ partitions, topics, terms, window })
      expect(sorted(await hitsAt(versions ?? [], { terms, window, topics }))).toEqual(sorted(hits))
    }
  const other = [{ topic: 'news', properties: {} }]
  expect((await hitsAt(versions ?? [], { terms: ['tell'], window: 1, topics: other })).documents).toEqual([])
})
