/** GET /v1/runs: order, pages and filters. */
import { afterAll, expect, test } from 'vitest'
import { StepError } from '../../kernel/step-error.ts'
import { fakeExtractor } from '../../testing/fake-extractor.ts'
import { type RunBody, startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp({
  extractor: fakeExtractor(async (text) => {
    if (text.startsWith('failing')) throw new StepError('unreadable', 'out of order')
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
  const third = await app.finished(await app.add('third', { user_id }))
  const fourth = await app.finished(await app.add('failing', { user_id }))
  const ids = async (query: Record<string, string>) =>
    (await list({ user_id, ...query })).body.runs.map(({ run_id }) => run_id)
  expect(await ids({ group: 'filtered' })).toEqual([second.run_id])
  expect(await ids({ input_type: 'string' })).toEqual([fourth.run_id, third.run_id, first.run_id])
  expect(await ids({ error: 'OUT of order' })).toEqual([fourth.run_id])
  expect(await ids({ error: 'unreadable', state: 'completed' })).toEqual([])
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

test('narrows by tag and by whether a failure was dismissed', async () => {
  const user_id = 'tagged'
  const red = await app.finished(await app.add('red', { user_id, tags: ['red'] }))
  const failed = await app.finished(await app.add('failing', { user_id }))
  const ids = async (query: Record<string, string>) =>
    (await list({ user_id, ...query })).body.runs.map(({ run_id }) => run_id)
  expect(await ids({ tag: 'red' })).toEqual([red.run_id])
  expect(await ids({ tag: 'Red' })).toEqual([])
  expect(await ids({ dismissed: 'true' })).toEqual([])
  await app.request('POST', `/v1/runs/${failed.run_id}/dismiss`, {})
  expect(await ids({ dismissed: 'true' })).toEqual([failed.run_id])
  expect(await ids({ dismissed: 'false' })).toEqual([red.run_id])
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
