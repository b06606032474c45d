/** GET /v1/runs: order, pages and filters. */
import { afterAll, expect, test } from 'vitest'
import { fakeExtractor } from '../../testing/fake-extractor.ts'
import { type RunBody, startTestApp } from '../../testing/test-app.ts'

const gate = Promise.withResolvers<void>()
const app = await startTestApp({
  extractor: fakeExtractor(async (text) => {
    if (text.startsWith('wait')) await gate.promise
    return text.startsWith('nothing') ? [] : [text]
  }),
})
afterAll(app.stop)

const read = async (runId: string) => (await app.request<RunBody>('GET', `/v1/runs/${runId}`)).body

type Page = { readonly runs: readonly RunBody[]; readonly next_cursor: string | null }
const list = (query: Record<string, string>) =>
  app.request<Page>('GET', `/v1/runs?${new URLSearchParams(query)}`)

test('the list is newest first, in pages, by user whatever the case', async () => {
  const ids: string[] = []
  for (const number of [1, 2, 3]) ids.unshift(await app.add(`Listed ${number}.`, { user_id: 'Lister' }))
  for (const runId of ids) await app.finished(runId)
  const first = (await list({ user_id: 'LISTER', limit: '2' })).body
  const second = (await list({ user_id: 'lister', limit: '2', cursor: first.next_cursor ?? '' })).body
  expect([...first.runs, ...second.runs].map(({ run_id }) => run_id)).toEqual(ids)
  expect([first.runs.length, second.next_cursor]).toEqual([2, null])
  expect(first.runs[0]).toEqual(await read(ids[0] ?? ''))
})

test('narrows by state, by status, and by both', async () => {
  const user_id = 'narrow'
  await app.finished(await app.add('nothing', { user_id }))
  const count = async (query: Record<string, string>) => (await list({ user_id, ...query })).body.runs.length
  expect(await count({ state: 'completed' })).toBe(1)
  expect(await count({ status: 'completed' })).toBe(1)
  expect(await count({ status: 'failed' })).toBe(0)
  expect(await count({ state: 'completed', status: 'failed' })).toBe(0)
})

test('narrows by group, input type, error and the times of acceptance and end, together too', async () => {
  const user_id = 'filtering'
  const topics = [{ topic_name: 'Facts', description: '', is_bounded: false, scoping: { user_scoped: true } }]
  await app.request('PUT', '/v1/groups/filtered', { topics })
  const first = await app.finished(await app.add('first', { user_id }))
  const item = { pre_extracted: { items: [{ content: 'second', topic: 'Facts' }] } }
  const second = await app.finished(await app.add(item, { user_id, group: 'filtered' }))
  const gone = { pre_extracted: { items: [{ content: 'third', topic: 'Gone' }] } }
  await app.request('PUT', '/v1/groups/changing', { topics: [{ ...topics[0], topic_name: 'Gone' }] })
  const blocker = await app.add('wait for the filter', { user_id, group: 'changing' })
  const failing = await app.add(gone, { user_id, group: 'changing' })
  await app.request('PUT', '/v1/groups/changing', { topics })
  gate.resolve()
  const [third, fourth] = [await app.finished(blocker), await app.finished(failing)]
  const ids = async (query: Record<string, string>) =>
    (await list({ user_id, ...query })).body.runs.map(({ run_id }) => run_id)
  expect(await ids({ group: 'filtered' })).toEqual([second.run_id])
  expect(await ids({ input_type: 'string' })).toEqual([third.run_id, first.run_id])
  expect(await ids({ error: 'TOPIC "GONE"' })).toEqual([fourth.run_id, third.run_id])
  expect(await ids({ error: 'unknown_topic', state: 'completed' })).toEqual([])
  expect(await ids({ created_after: second.created_at })).toEqual([
    fourth.run_id,
    third.run_id,
    second.run_id,
  ])
  expect(await ids({ created_before: second.created_at })).toEqual([first.run_id])
  const ends = { completed_after: first.completed_at ?? '', completed_before: third.completed_at ?? '' }
  expect(await ids(ends)).toEqual([second.run_id, first.run_id])
  expect(await ids({ ...ends, group: 'filtered', input_type: 'pre_extracted' })).toEqual([second.run_id])
  expect(await list({ group: 'nowhere' })).toMatchObject({ status: 422, body: { code: 'unknown_group' } })
})

test.each([
  [{ limit: '0' }],
  [{ limit: '101' }],
  [{ state: 'done' }],
  [{ status: 'queued' }],
  [{ cursor: 'x' }],
  [{ user_id: '' }],
  [{ group: '' }],
  [{ input_type: 'text' }],
  [{ created_after: 'yesterday' }],
  [{ completed_before: '2026-02-30T00:00:00Z' }],
  [{ error: '' }],
  [{ dismissed: 'maybe' }],
])('%j is refused', async (query) => {
  expect(await list(query)).toMatchObject({ status: 422, body: { code: 'invalid_body' } })
})
