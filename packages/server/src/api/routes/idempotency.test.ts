/** Idempotency-Key: the same request is done once, however often and however concurrently it comes. */
import { afterAll, expect, test } from 'vitest'
import { echoExtractor } from '../../testing/fake-extractor.ts'
import { startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp({ extractor: echoExtractor })
afterAll(app.stop)

const post = (key: string, text: string, members = {}) =>
  app.request<{ run_id: string; code: string }>(
    'POST',
    '/v1/memories',
    { input: { string: { content: [text] } }, user_id: 'mara', ...members },
    { headers: { 'idempotency-key': key } },
  )

test('the same key with the same request gives the same run and says so', async () => {
  const first = await post('again', 'Mara keeps bees.')
  await app.finished(first.body.run_id)
  const second = await post('again', 'Mara keeps bees.')
  expect([first.status, second.status]).toEqual([200, 200])
  expect(second.body).toEqual(first.body)
  expect([first, second].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true'])
})

test('members in another order, and nulls, are the same request', async () => {
  const first = await post('order', 'x', { properties: {} })
  const body = `{"user_id":"mara","group":null,"properties":{},"input":{"string":{"content":["x"]}}}`
  const second = await app.request('POST', '/v1/memories', body, { headers: { 'idempotency-key': 'order' } })
  expect(second).toMatchObject({ status: 200, body: { run_id: first.body.run_id } })
})

test.each([
  ['text', 'y', {}],
  ['user', 'x', { user_id: 'other' }],
  ['group', 'x', { group: 'second' }],
])('the same key with another %s is refused', async (name, text, members) => {
  await app.request('PUT', '/v1/groups/second', { template: 'personalization' })
  await post(`mismatch of ${name}`, 'x')
  const answer = await post(`mismatch of ${name}`, text, members)
  expect(answer).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
})

test('one key sent thirty-two times at once makes one run and one memory', async () => {
  const answers = await Promise.all(
    Array.from({ length: 32 }, () => post('at once', 'Rust never sleeps.', { user_id: 'neil' })),
  )
  const ids = new Set(answers.map(({ body }) => body.run_id))
  expect([ids.size, new Set(answers.map(({ status }) => status))]).toEqual([1, new Set([200])])
  expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1)
  await app.finished([...ids][0] ?? '')
  expect(await app.list({ user_id: 'neil' })).toHaveLength(1)
})

test('a refused request leaves its key free', async () => {
  expect((await post('free', '')).status).toBe(400)
  expect((await post('free', 'x')).status).toBe(200)
})

test('the same statement thirty-two times at once, without a key, makes one memory', async () => {
  const runs = await Promise.all(
    Array.from({ length: 32 }, async () =>
      app.finished(await app.add('Thirty-two say the same.', { user_id: 'choir' })),
    ),
  )
  expect(runs.filter(({ counts }) => counts.created === 1)).toHaveLength(1)
  expect(
    runs.filter(({ outcome, status }) => status === 'completed' && outcome === 'unchanged'),
  ).toHaveLength(31)
  expect(await app.list({ user_id: 'choir' })).toHaveLength(1)
})

test.each(['', 'k'.repeat(257)])('a key of wrong length is refused (%#)', async (key) => {
  expect(await post(key, 'x')).toMatchObject({ status: 422, body: { code: 'invalid_body' } })
})
