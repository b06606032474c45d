/** POST /v1/memories/list: newest first, in pages that neither repeat nor skip. */
import { afterAll, expect, test } from 'vitest'
import { type MemoryBody, startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)

type Page = { readonly memories: MemoryBody[]; readonly total: number; readonly next_cursor: string | null }
const list = (body: object) => app.request<Page>('POST', '/v1/memories/list', body)

const addItems = async (user_id: string, prefix: string, count: number) => {
  const items = Array.from({ length: count }, (_, number) => ({
    content: `${prefix} ${number} is unlike every other.`,
    topic: 'UserKnowledge',
  }))
  await app.finished(await app.add({ pre_extracted: { items } }, { user_id }))
}

test('a memory has exactly the members of the wire, and ours', async () => {
  await app.finished(
    await app.add({ pre_extracted: { items: [{ content: 'Keeps bees', topic: 'UserKnowledge' }] } }),
  )
  const { body } = await list({ user_id: 'mara' })
  expect(body).toEqual({ memories: [expect.anything()], total: 1, next_cursor: null })
  const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/)
  const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  expect(body.memories[0]).toEqual({
    id: uuid,
    project_id: uuid,
    user_id: 'mara',
    group: 'default',
    topic: 'UserKnowledge',
    content: 'Keeps bees',
    version: 1,
    created_at: instant,
    updated_at: instant,
    sources: [
      { run_id: uuid, input: 0, message: null, message_id: null, role: null, name: null, said_at: instant },
    ],
  })
})

test('twenty unless asked for more, a hundred at most', async () => {
  await addItems('many', 'Pebble', 101)
  const totals = await Promise.all(
    [undefined, null, 1, 100].map(async (limit) => (await list({ user_id: 'many', limit })).body.total),
  )
  expect(totals).toEqual([20, 20, 1, 100])
})

test('pages go through everything once, though new memories come in between', async () => {
  await addItems('reader', 'Page', 25)
  const known = (await app.list({ user_id: 'reader' })).map(({ id }) => id)
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const page: Page = (await list({ user_id: 'reader', limit: 7, cursor })).body
    seen.push(...page.memories.map(({ id }) => id))
    cursor = page.next_cursor
    await addItems('reader', `Note after ${seen.length}`, 2)
  } while (cursor !== null)
  expect(seen).toEqual(known)
  expect(await app.list({ user_id: 'reader' })).toHaveLength(25 + 2 * 4)
})

test('the newest come first', async () => {
  for (const word of ['Oak', 'Elm', 'Ash']) await addItems('forester', word, 1)
  const contents = (await app.list({ user_id: 'forester' })).map(({ content }) => content.slice(0, 3))
  expect(contents).toEqual(['Ash', 'Elm', 'Oak'])
})

test.each([
  [{ user_id: 'mara', limit: 0 }, 422, 'invalid_body'],
  [{ user_id: 'mara', limit: 101 }, 422, 'invalid_body'],
  [{ user_id: 'mara', limit: 1.5 }, 422, 'invalid_body'],
  [{ user_id: 'mara', limit: '5' }, 422, 'invalid_body'],
  [{ user_id: 'mara', cursor: 'nonsense' }, 422, 'invalid_body'],
  [{ user_id: 'mara', cursor: '' }, 422, 'invalid_body'],
  [{ user_id: 'mara', query: 'bees' }, 422, 'invalid_body'],
  [{ user_id: 'mara', topics: ['Nope'] }, 422, 'unknown_topic'],
  [{ user_id: 'mara', group: 'Nope' }, 422, 'unknown_group'],
  [{ user_id: 'mara', properties: { day: 'mon' } }, 400, 'unknown_property'],
  [{}, 400, 'missing_user'],
])('%j is refused with %i %s', async (body, status, code) => {
  expect(await list(body)).toMatchObject({ status, body: { status, code } })
})

test('a wrong cursor is named by where it stands', async () => {
  const answer = await list({ user_id: 'mara', cursor: 'nonsense' })
  expect(answer.body).toMatchObject({ errors: [{ location: 'body.cursor' }] })
})

test('a body is needed, be it empty of wishes', async () => {
  expect((await app.request('POST', '/v1/memories/list')).status).toBe(422)
  await app.request('PUT', '/v1/groups/open', {
    topics: [{ topic_name: 'Shared', description: '', is_bounded: false, scoping: { user_scoped: false } }],
  })
  expect(await list({ group: 'open' })).toMatchObject({ status: 200, body: { memories: [], total: 0 } })
})
