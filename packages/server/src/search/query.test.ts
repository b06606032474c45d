/** Searching a real store: who is found, in which order, and nobody else. */
import { describe, expect, test } from 'vitest'
import { openSqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import type { MemoryFilter } from '../storage/storage.ts'
import { startAt } from '../testing/storage-factories.ts'
import { useScene } from '../testing/storage-scene.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { indexDocument } from './index-document.ts'
import { type Retrieval, searchMemories } from './query.ts'

const scene = useScene({
  name: 'sqlite',
  open: async () => {
    const folder = temporaryFolder()
    const open = () => openSqliteStorage({ dataDir: folder.path })
    return { storage: open(), reopen: async () => open(), remove: async () => folder[Symbol.dispose]() }
  },
})

const filter = (user: string | null): MemoryFilter => ({
  partitions: [{ groupId: scene.groupIdOf(scene.project.projectId), userKey: user }],
  topics: [{ topic: 'facts', properties: {} }],
})

/** Commits each statement by a run of its own, a day after the one before. */
const remember = async (contents: readonly string[], user = 'ada') => {
  for (const [day, content] of contents.entries()) {
    const saidAt = startAt + day * 86_400_000
    await scene.remember([content], {
      scope: scene.scope({ user }),
      document: indexDocument({ content, speaker: null, session: content, turn: 0, saidAt }),
      now: saidAt,
    })
  }
}

const search = async (query: string, retrieval: Retrieval, over: { limit?: number; user?: string } = {}) => {
  const { limit = 10, user = 'ada' } = over
  const found = await searchMemories(scene.project, { query, retrieval, limit, filter: filter(user) })
  return found.map(({ memory, score }) => [memory.content, score] as const)
}
const contents = async (...request: Parameters<typeof search>) =>
  (await search(...request)).map(([content]) => content)

describe('searchMemories', () => {
  test('bm25 finds only what shares a term', async () => {
    await remember(['Bees make honey.', 'Graz has a market.', 'A bee market.'])
    expect(await contents('bees at markets', 'bm25')).toEqual([
      'A bee market.',
      'Graz has a market.',
      'Bees make honey.',
    ])
    expect(await contents('honey', 'bm25')).toEqual(['Bees make honey.'])
    expect(await contents('zebra', 'bm25')).toEqual([])
    expect(await contents('who is it?', 'bm25')).toEqual([])
  })

  test.each(['hybrid', 'vector'] as const)('%s fills up with the newest, scored below', async (retrieval) => {
    await remember(['Bees make honey.', 'Graz has a market.', 'Rain fell.', 'Snow fell.'])
    const found = await search('honey', retrieval, { limit: 3 })
    expect(found.map(([content]) => content)).toEqual(['Bees make honey.', 'Snow fell.', 'Rain fell.'])
    expect(found[0]?.[1]).toBeGreaterThan(0)
    expect(found.slice(1).map(([, score]) => score)).toEqual([0, 0])
  })

  test('fetch answers the newest without scores', async () => {
    await remember(['Bees make honey.', 'Rain fell.', 'Snow fell.'])
    expect(await search('honey', 'fetch', { limit: 2 })).toEqual([
      ['Snow fell.', null],
      ['Rain fell.', null],
    ])
  })

  test('another user is never found', async () => {
    await remember(['Bees make honey.'], 'ada')
    await remember(['Bees sting.'], 'ben')
    expect(await contents('bees', 'hybrid')).toEqual(['Bees make honey.'])
    expect(await contents('bees', 'hybrid', { user: 'ben' })).toEqual(['Bees sting.'])
  })

  test('the limit counts, whatever is found', async () => {
    await remember(['Bees one.', 'Bees two.', 'Bees three.'])
    for (const retrieval of ['bm25', 'hybrid', 'fetch'] as const)
      expect(await contents('bees', retrieval, { limit: 2 })).toHaveLength(2)
  })

  test('a query of very many words is answered', async () => {
    await remember(['Bees make honey.'])
    const words = Array.from({ length: 2_000 }, (_, index) => `w${index}`)
    expect(await contents(`${words.join(' ')} uncharacteristically`, 'bm25')).toEqual([])
    expect(await contents(`honey ${'bees '.repeat(2_000)}`, 'bm25')).toEqual(['Bees make honey.'])
  })
})
