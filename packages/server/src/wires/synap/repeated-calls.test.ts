/** What Synap's library repeats, because an answer was lost, is done once. */
import { afterAll, expect, test } from 'vitest'
import { startTestApp } from '../../testing/test-app.ts'
import { createSynapClient } from './testing/synap-client.ts'

const app = await startTestApp()
afterAll(app.stop)
const synap = createSynapClient({ url: app.url, apiKey: app.key })
const number = 'syn_abc123_1700000000000_0a1b2c'
const call = (method: string, path: string, body: object, correlation = number) =>
  app.request<Record<string, string> & { results: Record<string, string>[] }>(method, path, body, {
    headers: { 'x-correlation-id': correlation },
  })

test('a document is one ingestion, alone and in a batch', async () => {
  const create = (document: string, correlation = number) =>
    call('POST', '/api/v1/memories/create', { document, user_id: 'mara', document_id: null }, correlation)
  const ids = async (calls: ReturnType<typeof call>[]) =>
    new Set((await Promise.all(calls)).map(({ body }) => body.ingestion_id)).size
  expect(await ids(Array.from({ length: 8 }, () => create('Mara keeps bees.')))).toBe(1)
  // Something else under the number, and the same under what is no number of the library, stand for themselves.
  expect(await ids([create('Mara keeps bees.'), create('Mara keeps hens.')])).toBe(2)
  expect(await ids([create('Mara keeps bees.', 'trace-1'), create('Mara keeps bees.', 'trace-1')])).toBe(2)
  const documents = [{ document: 'Mara sails.' }, { document: 'Mara sails.' }]
  const batch = async () => (await call('POST', '/api/v1/memories/batch', { documents })).body.results
  const [first, second] = [await batch(), await batch()]
  expect(second.map((row) => row.ingestion_id)).toEqual(first.map((row) => row.ingestion_id))
  expect(new Set(first.map((row) => row.ingestion_id)).size).toBe(2)
})

test('what is appended is appended once, and a deletion is told again', async () => {
  const { ingestion_id } = await synap.create({ document: 'Mara keeps bees.', user_id: 'append' })
  const [id = ''] = (await synap.waitForCompletion(ingestion_id)).memory_ids
  const path = `/api/v1/memories/${id}`
  const append = (document: string) => call('PATCH', path, { document, merge_strategy: 'append' })
  const appended = await Promise.all(Array.from({ length: 8 }, () => append('They are calm.')))
  expect(new Set(appended.map(({ status }) => status))).toEqual(new Set([200]))
  expect((await append('They are calm.')).body.content).toBe('Mara keeps bees. They are calm.')
  expect((await append('All of them.')).body.content).toBe('Mara keeps bees. They are calm. All of them.')
  const [once, again] = [await call('DELETE', path, {}), await call('DELETE', path, {})]
  expect(once.body).toEqual({ memory_id: id, deleted_at: expect.any(String) })
  expect([again.status, again.body]).toEqual([200, once.body])
  expect(again.headers.get('remanence-run-id')).toBe(once.headers.get('remanence-run-id'))
  await expect(synap.delete(id)).rejects.toMatchObject({ kind: 'ContextNotFoundError' })
})

test('the number of a call of one project says nothing in another', async () => {
  const { body } = await app.request<{ key: string }>('POST', '/v1/projects', { name: 'other' })
  const create = async (key: string) => {
    const sent = { key, headers: { 'x-correlation-id': number } }
    const document = { document: 'Nobody keeps bees.', user_id: 'both' }
    const answer = await app.request<{ ingestion_id: string }>(
      'POST',
      '/api/v1/memories/create',
      document,
      sent,
    )
    expect(answer.status).toBe(200)
    return answer.body.ingestion_id
  }
  const mine = await create(app.key)
  expect(await create(app.key)).toBe(mine)
  expect(await create(body.key)).not.toBe(mine)
})
