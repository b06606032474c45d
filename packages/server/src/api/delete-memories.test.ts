/** Deletions by a filter: what they take, what they leave, and what an erasing one leaves of runs. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { item } from '../testing/contract/contract.ts'
import { type RunBody, startTestApp } from '../testing/test-app.ts'

const app = await startTestApp({ template: 'personalization-with-summary' })
afterAll(app.stop)

let user_id = ''
let count = 0
beforeEach(() => {
  user_id = `user ${++count}`
})

const add = async (content: string, members = {}) =>
  app.finished(await app.add(item(content), { user_id, ...members }))

const remove = async (body: object): Promise<RunBody> => {
  const answer = await app.request<RunBody>('POST', '/v1/memories/delete', body)
  expect(answer).toMatchObject({ status: 202, headers: expect.anything() })
  expect(answer.headers.get('location')).toBe(`/v1/runs/${answer.body.run_id}`)
  return app.finished(answer.body.run_id)
}

const contents = async (members = {}) =>
  (await app.list({ user_id, ...members })).map(({ content }) => content).sort()

test('all memories of a user are deleted, counted and listed, in the order of the adds', async () => {
  for (const content of ['One.', 'Two.', 'Three.']) await add(content)
  const last = await app.add(item('Four.'), { user_id })
  const removing = app.request<RunBody>('POST', '/v1/memories/delete', { user_id })
  const { body } = await removing
  const later = await app.add(item('Five.'), { user_id })
  await Promise.all([last, later].map((runId) => app.finished(runId)))
  const run = await app.finished(body.run_id)
  expect(run).toMatchObject({ state: 'completed', outcome: 'committed', input_type: 'delete' })
  expect(run).toMatchObject({ counts: { deleted: 4 }, result: { deleted: 4 } })
  expect(run.committed_operations?.deleted).toHaveLength(4)
  expect(await contents()).toEqual(['Five.'])
})

test('a topic and properties narrow it', async () => {
  const summary = (content: string, conversation_id: string) =>
    app.add(
      { pre_extracted: { items: [{ content, topic: 'ConversationSummary' }] } },
      { user_id, properties: { conversation_id } },
    )
  await add('A fact.')
  for (const id of ['c-1', 'c-2']) await app.finished(await summary(`About ${id}.`, id))
  await remove({ user_id, topics: ['ConversationSummary'], properties: { conversation_id: 'c-1' } })
  expect(await contents()).toEqual(['A fact.', 'About c-2.'])
  const none = await remove({
    user_id,
    topics: ['ConversationSummary'],
    properties: { conversation_id: 'c-9' },
  })
  expect(none).toMatchObject({ outcome: 'unchanged', counts: { deleted: 0 } })
})

test('without topics, what belongs to everybody stays', async () => {
  const topics = ['Own', 'News'].map((topic_name) => ({
    topic_name,
    description: topic_name,
    is_bounded: false,
    scoping: { user_scoped: topic_name === 'Own', scope_properties: [] },
  }))
  await app.request('PUT', '/v1/groups/mixed', { topics })
  const items = [
    { content: 'Mine.', topic: 'Own' },
    { content: 'Everybody’s.', topic: 'News' },
  ]
  await app.finished(await app.add({ pre_extracted: { items } }, { user_id, group: 'mixed' }))
  expect(await remove({ user_id, group: 'mixed' })).toMatchObject({ counts: { deleted: 1 } })
  expect(await contents({ group: 'mixed' })).toEqual(['Everybody’s.'])
  await remove({ group: 'mixed', topics: ['News'] })
  expect(await contents({ group: 'mixed' })).toEqual([])
})

describe('is refused', () => {
  test.each([
    [{}, 'empty_filter', 400],
    [{ topics: [], properties: {} }, 'empty_filter', 400],
    [{ erase: true }, 'empty_filter', 400],
    [{ topics: ['UserKnowledge'] }, 'missing_user', 400],
    [{ user_id: 'nobody' }, 'unknown_user', 422],
    [{ user_id: 'user 1', group: 'nowhere' }, 'unknown_group', 422],
    [{ user_id: 'user 1', topics: ['Nothing'] }, 'unknown_topic', 422],
  ])('%j: %s', async (body, code, status) => {
    const answer = await app.request('POST', '/v1/memories/delete', body)
    expect(answer).toMatchObject({ status, body: { code } })
  })

  test('erasing, without the scope admin', async () => {
    const made = await app.request<{ key: string }>('POST', '/v1/keys', { name: 'w', scopes: ['write'] })
    const options = { key: made.body.key }
    const erasing = await app.request('POST', '/v1/memories/delete', { user_id, erase: true }, options)
    expect(erasing).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    const deleting = await app.request('POST', '/v1/memories/delete', { user_id: 'user 1' }, options)
    expect(deleting.status).toBe(202)
  })
})

test('erasing leaves the run that said it as a skeleton, and other memories of it', async () => {
  const summary = { content: 'About the quokka.', topic: 'ConversationSummary' }
  const items = [{ content: 'The quokka sings.', topic: 'UserKnowledge' }, summary]
  const members = {
    user_id,
    properties: { conversation_id: 'c-1' },
    tags: ['quokka'],
    metadata: { quokka: 1 },
  }
  const said = await app.finished(await app.add({ pre_extracted: { items } }, members))
  await add('The badger digs.')
  const run = await remove({ user_id, topics: ['UserKnowledge'], erase: true })
  expect(run).toMatchObject({ state: 'completed', outcome: 'done', input_type: 'erase' })
  expect(run.result).toMatchObject({ left: 0, erased: { memories: 2, inputs: 2 } })
  expect(await contents()).toEqual(['About the quokka.'])
  const { body: skeleton } = await app.request<RunBody>('GET', `/v1/runs/${said.run_id}`)
  expect(skeleton).toMatchObject({ state: 'completed', counts: { created: 2 }, tags: [], metadata: null })
  const again = await app.request('POST', `/v1/runs/${said.run_id}/replay`, {})
  expect(again).toMatchObject({ status: 409, body: { detail: expect.stringContaining('not kept any more') } })
  const { body } = await app.request('GET', '/v1/doctor')
  expect(body).toMatchObject({ healthy: true })
})
