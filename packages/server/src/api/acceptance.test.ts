/** What a client of the wire relies on, from end to end: a fresh user, the default extractor, the default group. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MemoryBody, startTestApp } from '../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)

const user_id = 'alice@example.org'
const search = async (query: string, members: object = {}) => {
  const body = { query, user_id, ...members }
  const answer = await app.request<{ memories: MemoryBody[] }>('POST', '/v1/memories/search', body)
  return answer.body.memories
}

beforeAll(async () => {
  await app.finished(await app.add('Alice prefers dark mode in her editor.', { user_id }))
})

test('a text becomes memories of the user', async () => {
  const run = await app.finished(await app.add('Alice has a tortoise called Herbert.', { user_id }))
  expect(run).toMatchObject({ status: 'completed', committed_operations: { updated: [], deleted: [] } })
  const id = run.committed_operations?.created[0]?.memory_id
  const memory = await app.request('GET', `/v1/memories/${id}?user_id=${user_id}`)
  expect(memory).toMatchObject({ status: 200, body: { id, content: expect.stringContaining('Herbert') } })
})

test.each(['vector', 'bm25', 'hybrid'])(
  '%s finds it the moment its run has ended',
  async (retrieval_type) => {
    const [best] = await search('dark mode', { retrieval_config: { retrieval_type, limit: 100 } })
    expect(best?.content).toContain('dark mode')
  },
)

test('a statement that contradicts an earlier one completes as well', async () => {
  const run = await app.finished(await app.add('Alice now prefers light mode in her editor.', { user_id }))
  expect(run.status).toBe('completed')
  expect(Object.values(run.committed_operations ?? {}).flat().length).toBeGreaterThan(0)
  expect((await search('light mode'))[0]?.content).toContain('light mode')
})

test('a conversation becomes searchable, with who said it and when', async () => {
  const messages = [
    {
      role: 'user',
      content: 'I am learning to play the cello.',
      name: 'Alice',
      id: 'm-1',
      created_at: '2026-10-01T08:00:00Z',
    },
    { role: 'assistant', content: 'Wonderful! Do you have a teacher?' },
    { role: 'user', content: 'Yes, my teacher Otto lives in Vienna.', name: 'Alice', id: 'm-3' },
  ]
  const run = await app.finished(await app.add({ conversation: { messages } }, { user_id }))
  expect(run).toMatchObject({ status: 'completed', input_type: 'conversation', outcome: 'committed' })
  const [cello] = await search('cello')
  expect(cello?.sources).toMatchObject([
    {
      run_id: run.run_id,
      message: 0,
      message_id: 'm-1',
      role: 'user',
      name: 'Alice',
      said_at: '2026-10-01T08:00:00.000Z',
    },
  ])
  expect((await search('Otto Vienna'))[0]?.content).toContain('Otto')
})

test('extracted items become searchable as they are', async () => {
  const items = [{ content: 'Allergic to walnuts', topic: 'UserKnowledge' }]
  await app.finished(await app.add({ pre_extracted: { items } }, { user_id }))
  expect((await search('walnuts', { topics: ['UserKnowledge'] }))[0]?.content).toBe('Allergic to walnuts')
})

test('two users with different facts never see each other', async () => {
  await app.finished(await app.add('Bob collects stamps from Peru.', { user_id: 'bob' }))
  expect((await search('stamps')).some(({ content }) => content.includes('stamps'))).toBe(false)
  expect((await app.list({ user_id: 'bob' })).map(({ content }) => content)).toEqual([
    expect.stringContaining('stamps'),
  ])
})

test('a user whose memories are all deleted has none', async () => {
  for (const { id } of await app.list({ user_id }))
    expect((await app.request('DELETE', `/v1/memories/${id}?user_id=${user_id}`)).status).toBe(204)
  expect(await search('dark mode tortoise cello walnuts')).toEqual([])
})
