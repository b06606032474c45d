/** PATCH /v1/memories/{id}: a memory gets another text by a run of its own, complete when it is answered. */
import { afterAll, expect, test } from 'vitest'
import { BOUNDED_LENGTH_MAX } from '../../kernel/limits.ts'
import { type Members, type MemoryBody, type RequestOptions, startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp({ template: 'personalization-with-summary' })
afterAll(app.stop)

const properties = { conversation_id: 'c-1' }
const remember = async (content: string, members: Members = {}, topic = 'UserKnowledge'): Promise<string> => {
  const input = { pre_extracted: { items: [{ content, topic }] } }
  const run = await app.finished(await app.add(input, { ...members, properties }))
  return run.committed_operations?.created[0]?.memory_id ?? 'none'
}
const edit = (id: string, user_id: string, body: object, options: RequestOptions = {}) =>
  app.request<MemoryBody & { code?: string }>('PATCH', `/v1/memories/${id}?user_id=${user_id}`, body, options)
const search = async (query: string, user_id: string) => {
  const body = { query, user_id, retrieval_config: { retrieval_type: 'bm25' } }
  const answer = await app.request<{ memories: MemoryBody[] }>('POST', '/v1/memories/search', body)
  return answer.body.memories.map(({ content }) => content)
}

test('the new text is read, found and told of; the old one is found no more', async () => {
  const user_id = 'editor'
  const id = await remember('Mara lives in Graz.', { user_id })
  const { status, body, headers } = await edit(id, user_id, { content: 'Mara lives in Vienna.' })
  expect(status).toBe(200)
  const runId = headers.get('remanence-run-id') ?? ''
  expect(body).toMatchObject({
    ...{ id, content: 'Mara lives in Vienna.', version: 2 },
    sources: [{ role: null }, { run_id: runId, input: 0, message: null, role: null, name: null }],
  })
  expect((await app.request('GET', `/v1/memories/${id}?user_id=${user_id}`)).body).toEqual(body)
  expect([await search('Vienna', user_id), await search('Graz', user_id)]).toEqual([
    ['Mara lives in Vienna.'],
    [],
  ])
  const run = await app.request('GET', `/v1/runs/${runId}`)
  expect(run.body).toMatchObject({
    ...{ state: 'completed', input_type: 'edit', starting_step: 3, outcome: 'committed', user_id },
    committed_operations: { created: [], updated: [{ memory_id: id }], deleted: [] },
  })
})

test('the same text once more is a run that changes nothing', async () => {
  const id = await remember('Mara keeps bees.', { user_id: 'twice' })
  const { body, headers } = await edit(id, 'twice', { content: 'Mara keeps bees.' })
  expect(body).toMatchObject({ version: 1 })
  const run = await app.request('GET', `/v1/runs/${headers.get('remanence-run-id')}`)
  expect(run.body).toMatchObject({ outcome: 'unchanged', committed_operations: { updated: [] } })
})

test('one key is one edit, also when the version has moved by it', async () => {
  const id = await remember('Mara has 4 hives.', { user_id: 'keyed' })
  const options = { headers: { 'idempotency-key': 'edit-1' } }
  const body = { content: 'Mara has 5 hives.', expected_version: 1 }
  const first = await edit(id, 'keyed', body, options)
  const again = await edit(id, 'keyed', body, options)
  expect([first.status, again.status]).toEqual([200, 200])
  expect(again.headers.get('remanence-run-id')).toBe(first.headers.get('remanence-run-id'))
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(again.body).toEqual(first.body)
  const other = await edit(id, 'keyed', { content: 'Mara has 6 hives.' }, options)
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
})

test.each<[what: string, body: object, status: number, code: string]>([
  ['a version that has moved', { content: 'x', expected_version: 2 }, 409, 'conflict'],
  ['a statement that another memory makes', { content: 'mara  SAILS' }, 409, 'conflict'],
  ['nothing', { content: ' \n' }, 400, 'empty_content'],
  ['no content', {}, 422, 'invalid_body'],
  ['an unknown member', { content: 'x', topic: 'y' }, 422, 'invalid_body'],
])('%s is refused, and nothing is changed', async (what, body, status, code) => {
  const user_id = `refused ${what}`
  const id = await remember('Mara rows.', { user_id })
  await remember('Mara sails.', { user_id })
  const before = await app.list({ user_id })
  expect(await edit(id, user_id, body)).toMatchObject({ status, body: { code } })
  expect(await app.list({ user_id })).toEqual(before)
})

test('the memory of a bounded topic stays as short as it must be', async () => {
  const id = await remember('About bees.', { user_id: 'brief' }, 'ConversationSummary')
  const answer = await edit(id, 'brief', { content: 'x'.repeat(BOUNDED_LENGTH_MAX + 1) })
  expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_body' } })
  expect((await edit(id, 'brief', { content: 'About boats.' })).body).toMatchObject({ id, version: 2 })
})

test('of edits at the same time each is made, one after the other', async () => {
  const id = await remember('Mara has no bees.', { user_id: 'busy' })
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => edit(id, 'busy', { content: `Mara has ${n} bees.` })),
  )
  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
  expect((await app.list({ user_id: 'busy' }))[0]?.version).toBe(9)
})
