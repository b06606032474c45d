import { describe, expect, test } from 'vitest'
import { openSqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import { useScene } from '../testing/storage-scene.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { searchScopes } from './search-scopes.ts'

const engine = {
  name: 'sqlite',
  open: async () => {
    const folder = temporaryFolder()
    const open = () => openSqliteStorage({ dataDir: folder.path })
    const storage = open()
    return { storage, reopen: async () => storage, remove: async () => folder[Symbol.dispose]() }
  },
}

describe('a search in several places', () => {
  const scene = useScene(engine)
  const filter = (userKey: string | null, topic = 'facts') => ({
    partitions: [{ groupId: scene.groupIdOf(scene.project.projectId), userKey }],
    topics: [{ topic, properties: {} }],
  })
  const search = async (over: Partial<Parameters<typeof searchScopes>[1]>) =>
    (
      await searchScopes(scene.project, {
        ...{
          filters: [filter('ada'), filter('bob')],
          queries: [],
          retrieval: 'bm25',
          limit: 10,
          shareMin: 0,
        },
        ...over,
      })
    ).map(({ memory, filter: place }) => `${place} ${memory.content}`)

  const prepare = async () => {
    await scene.remember(['The boat is red.', 'Bees sting.'])
    await scene.remember(['Bees and bees and bees.', 'bees STING!', 'Jam is sweet.'], {
      scope: scene.scope({ user: 'bob' }),
    })
  }

  test('tells of the nearer first, and of a statement once', async () => {
    await prepare()
    expect(await search({ queries: ['bees'] })).toEqual(['0 Bees sting.', '1 Bees and bees and bees.'])
    expect(await search({ queries: ['bees'], limit: 1 })).toEqual(['0 Bees sting.'])
    expect(await search({ filters: [filter('bob')], queries: ['bees'] })).toHaveLength(2)
  })

  test('takes several questions, and leaves out what answers them much less well than another', async () => {
    await prepare()
    expect((await search({ queries: ['boat', 'jam', 'bees', 'boat'] })).toSorted()).toEqual([
      ...['0 Bees sting.', '0 The boat is red.', '1 Bees and bees and bees.', '1 Jam is sweet.'],
    ])
    const question = ['is the red boat sweet']
    expect((await search({ queries: question })).toSorted()).toEqual([
      '0 The boat is red.',
      '1 Jam is sweet.',
    ])
    expect(await search({ queries: question, shareMin: 0.9 })).toEqual(['0 The boat is red.'])
    expect(await search({ queries: ['zebra'], retrieval: 'hybrid' })).toEqual([])
  })

  test('without a question it is the newest', async () => {
    await prepare()
    expect(await search({})).toHaveLength(4)
    expect(await search({ limit: 2 })).toHaveLength(2)
    expect(await search({ filters: [] })).toEqual([])
  })
})
