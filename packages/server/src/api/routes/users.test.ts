/** Whom the project knows: found by how their ids begin, with what is kept of each. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)

type User = { readonly user_id: string; readonly memory_count: number }
type Page = { readonly users: readonly User[]; readonly next_cursor: string | null }
const list = async (query = '') => (await app.request<Page>('GET', `/v1/users${query}`)).body
const idsOf = ({ users }: Page) => users.map(({ user_id }) => user_id)
const long = '🐝'.repeat(256)

beforeAll(async () => {
  for (const user_id of ['Mara', 'mark', 'Jonas', 'a/b ?', long, `${long.slice(2)}x`])
    await app.finished(await app.add('Bees live in hives.', { user_id }))
  await app.finished(await app.add('Mara keeps bees.', { user_id: 'MARA' }))
})

test('a user has counts and times, and the id that was written first', async () => {
  const { status, body } = await app.request('GET', '/v1/users/mARA')
  expect([status, body]).toEqual([
    200,
    {
      user_id: 'Mara',
      created_at: expect.stringMatching(/Z$/),
      active_at: expect.stringMatching(/Z$/),
      memory_count: 2,
      run_count: 2,
      open_run_count: 0,
    },
  ])
})

test('a search for the beginning of an id goes by its letters, not by their case', async () => {
  expect(idsOf(await list('?prefix=MAR'))).toEqual(['Mara', 'mark'])
  expect(idsOf(await list('?prefix=a%2Fb'))).toEqual(['a/b ?'])
  expect(idsOf(await list('?prefix=%25'))).toEqual([])
})

test('pages go on where the one before ended, also after the longest ids there can be', async () => {
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const page: Page = await list(`?limit=1${cursor === null ? '' : `&cursor=${cursor}`}`)
    seen.push(...idsOf(page))
    cursor = page.next_cursor
  } while (cursor !== null)
  expect(seen).toEqual(idsOf(await list()))
  expect(seen).toHaveLength(6)
})

test('who never was is 404, and whatever an id holds, it can be asked for', async () => {
  expect(await app.request('GET', '/v1/users/nobody')).toMatchObject({
    status: 404,
    body: { code: 'not_found' },
  })
  for (const id of ['a/b ?', long])
    expect((await app.request('GET', `/v1/users/${encodeURIComponent(id)}`)).body).toMatchObject({
      user_id: id,
    })
})

test('looking makes no user', async () => {
  await app.request('POST', '/v1/memories/search', { query: 'bees', user_id: 'ghost' })
  await app.request('POST', '/v1/memories', { input: {}, user_id: 'ghost' })
  expect(idsOf(await list('?prefix=ghost'))).toEqual([])
})
