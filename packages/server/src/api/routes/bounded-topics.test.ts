/** A bounded topic has one memory in a scope: each add rewrites it in place. */
import { afterAll, describe, expect, test } from 'vitest'
import type { Extractor } from '../../models/model.ts'
import { echoExtractor } from '../../testing/fake-extractor.ts'
import { type MemoryBody, startTestApp } from '../../testing/test-app.ts'

/** Its summaries hold every statement once. */
const extractor: Extractor = {
  ...echoExtractor,
  summarise: async ({ previous, statements }) =>
    statements.reduce(
      (summary, one) => (summary.includes(one) ? summary : `${summary} ${one}`.trim()),
      previous ?? '',
    ),
}
const app = await startTestApp({ template: 'personalization-with-summary', extractor })
afterAll(app.stop)

const items = (content: string) => ({ pre_extracted: { items: [{ content, topic: 'ConversationSummary' }] } })
const tell = async (content: string, conversation_id: string, user_id = 'mara') =>
  app.finished(await app.add(items(content), { user_id, properties: { conversation_id } }))

const fetchOne = (body: object) =>
  app.request<{ memories: MemoryBody[]; total: number }>('POST', '/v1/memories/search', {
    query: 'ignored',
    user_id: 'mara',
    topics: ['ConversationSummary'],
    retrieval_config: { retrieval_type: 'fetch', limit: 1 },
    ...body,
  })

test('the first add creates it, the next ones update the same memory', async () => {
  const first = await tell('They talk about bees.', 'c-1')
  const id = first.committed_operations?.created[0]?.memory_id
  const second = await tell('Then about honey.', 'c-1')
  expect(second.committed_operations).toMatchObject({
    created: [],
    updated: [{ memory_id: id }],
    deleted: [],
  })
  const { body } = await fetchOne({ properties: { conversation_id: 'c-1' } })
  expect(body).toMatchObject({
    total: 1,
    memories: [
      { id, version: 2, content: 'They talk about bees. Then about honey.', conversation_id: 'c-1' },
    ],
  })
})

test('each conversation, and each user, has its own', async () => {
  await tell('One.', 'c-2')
  await tell('Two.', 'c-3')
  await tell('Other.', 'c-2', 'jon')
  const of = async (user_id: string, conversation_id: string) =>
    (await fetchOne({ user_id, properties: { conversation_id } })).body.memories.map(({ content }) => content)
  expect([await of('mara', 'c-2'), await of('mara', 'c-3'), await of('jon', 'c-2')]).toEqual([
    ['One.'],
    ['Two.'],
    ['Other.'],
  ])
  expect((await app.list({ user_id: 'jon' })).map(({ properties }) => properties)).toEqual([
    { conversation_id: 'c-2' },
  ])
})

test('older clients name the conversation at the top', async () => {
  await app.finished(await app.add(items('Old style.'), { conversation_id: 'c-old' }))
  const { body } = await fetchOne({ conversation_id: 'c-old' })
  expect(body).toMatchObject({
    memories: [{ content: 'Old style.', properties: { conversation_id: 'c-old' } }],
  })
})

test('an add that leaves the summary as it is changes nothing', async () => {
  await tell('Said twice.', 'c-4')
  expect(await tell('Said twice.', 'c-4')).toMatchObject({
    outcome: 'unchanged',
    counts: { updated: 0, unchanged: 1 },
  })
  const { body } = await fetchOne({ properties: { conversation_id: 'c-4' } })
  expect(body.memories).toMatchObject([{ version: 1, content: 'Said twice.' }])
})

describe('every add to the group', () => {
  test('must name the conversation, because extraction may write to every topic', async () => {
    const body = { input: { string: { content: ['x'] } }, user_id: 'mara' }
    expect(await app.request('POST', '/v1/memories', body)).toMatchObject({
      status: 400,
      body: { code: 'missing_property', errors: [{ location: 'body.properties.conversation_id' }] },
    })
  })

  test('of extracted items names what their topics need', async () => {
    const knowledge = { pre_extracted: { items: [{ content: 'Keeps bees', topic: 'UserKnowledge' }] } }
    expect((await app.finished(await app.add(knowledge))).status).toBe('completed')
    const answer = await app.request('POST', '/v1/memories', { input: items('x'), user_id: 'mara' })
    expect(answer).toMatchObject({ status: 400, body: { code: 'missing_property' } })
  })
})

test('searching may name the conversation or not', async () => {
  await tell('Named.', 'c-5', 'finn')
  await tell('Unnamed.', 'c-6', 'finn')
  const listed = async (members: object) => (await app.list({ user_id: 'finn', ...members })).length
  expect([await listed({}), await listed({ properties: { conversation_id: 'c-5' } })]).toEqual([2, 1])
  expect(await listed({ properties: { conversation_id: 'c-7' } })).toBe(0)
})
