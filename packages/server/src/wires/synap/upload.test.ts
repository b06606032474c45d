/** Uploads: files in a form of parts, texts in a form like a query, as the library sends them and as they should not be. */
import { afterAll, expect, test } from 'vitest'
import { startTestApp } from '../../testing/test-app.ts'
import { createSynapClient } from './testing/synap-client.ts'

const app = await startTestApp({ limits: { fileBytesMax: 50_000, bodyBytesMax: 20_000 } })
afterAll(app.stop)
const synap = createSynapClient({ url: app.url, apiKey: app.key })
const ids = { user_id: 'mara', customer_id: 'acme' }

const list = async (group: string, members: object) => {
  const page = await app.request<{ memories: { content: string }[] }>('POST', '/v1/memories/list', {
    ...{ group, limit: 100, ...members },
  })
  return (page.body.memories ?? []).map(({ content }) => content)
}
type Answer = { readonly detail: string; readonly code: string; readonly ingestion_id: string }
const post = async (body: FormData | string, contentType?: string) => {
  const response = await fetch(`${app.url}/api/v1/memories/upload`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${app.key}`,
      ...(contentType !== undefined && { 'content-type': contentType }),
    },
    body,
  })
  return { status: response.status, body: (await response.json()) as Answer } // safety: only looked at
}
const formOf = (fields: Readonly<Record<string, string | Blob>>): FormData => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  return form
}

test('a file is read by what it is, and remembered', async () => {
  const created = await synap.createFromFile({
    ...{ ...ids, file: 'name,city\nOlga Petrova,Graz\nIvan Horvat,Linz\n', filename: 'people.csv' },
    metadata: { source: 'crm' },
  })
  expect(created.status).toBe('queued')
  expect(await synap.waitForCompletion(created.ingestion_id)).toMatchObject({ status: 'completed' })
  const contents = await list('synap', { user_id: 'mara', properties: { customer_id: 'mara' } })
  expect(contents.join()).toMatch(/Olga Petrova/)
  const run = await app.request('GET', `/v1/runs/${created.ingestion_id}`)
  expect(run.body).toMatchObject({
    ...{ wire: 'synap', input_type: 'document' },
    metadata: { document_id: created.document_id, mode: 'long-range', metadata: { source: 'crm' } },
  })
})

test('a text comes as a form like a query', async () => {
  const text = 'User: I keep bees & goats in Graz = home.\nAssistant: Noted — 100 % sure.'
  const { ingestion_id } = await synap.createFromFile({ ...ids, user_id: 'form', text, mode: 'fast' })
  expect(await synap.waitForCompletion(ingestion_id)).toMatchObject({ status: 'completed' })
  expect((await list('synap', { user_id: 'form', properties: { customer_id: 'form' } })).join()).toContain(
    'bees & goats',
  )
})

test('a text in parts may be as long as a file, and no longer', async () => {
  const text = (length: number) => 'Mara keeps bees in Graz. '.repeat(length).slice(0, length)
  expect((await post(formOf({ ...ids, text: text(50_000 - 8) }))).status).toBe(200)
  expect(await post(formOf({ ...ids, text: text(50_001) }))).toMatchObject({
    ...{ status: 400, body: { code: 'body_too_large', detail: expect.stringContaining('50000 bytes') } },
  })
})

test('one upload may be of a customer where users stand for themselves else', async () => {
  const upload = await synap.createFromFile({
    ...ids,
    user_id: 'rel',
    relationship_type: 'b2b',
    text: 'Rel sails.',
  })
  await synap.waitForCompletion(upload.ingestion_id)
  expect(await list('synap', { user_id: 'rel', properties: { customer_id: 'acme' } })).toHaveLength(1)
  const shared = await post(
    formOf({ customer_id: 'acme', relationship_type: 'b2b', text: 'Acme sells boats.' }),
  )
  await synap.waitForCompletion(shared.body.ingestion_id)
  expect(await list('synap-customer', { properties: { customer_id: 'acme' } })).toHaveLength(1)
  const common = await post(formOf({ text: 'Boats need water.' }))
  await synap.waitForCompletion(common.body.ingestion_id)
  expect(await list('synap-client', {})).toHaveLength(1)
})

test('where users belong to customers, an upload is of the customer too, though the library says b2c of it', async () => {
  await using b2b = await startTestApp({ synapRelationship: 'b2b' })
  const client = createSynapClient({ url: b2b.url, apiKey: b2b.key })
  const upload = await client.createFromFile({ user_id: 'rel', customer_id: 'acme', text: 'Rel sails.' })
  await client.waitForCompletion(upload.ingestion_id)
  const found = async (customer_id: string) => {
    const body = { user_id: 'rel', customer_id, search_query: ['sails'] }
    const answer = await b2b.request<{ total_results: number }>('POST', '/v1/context/user/fetch', body)
    return answer.body.total_results
  }
  expect([await found('acme'), await found('rel')]).toEqual([1, 0])
  const alone = client.createFromFile({ user_id: 'rel', customer_id: '', text: 'Rel rows.' })
  await expect(alone).rejects.toMatchObject({ kind: 'InvalidInputError' })
})

test('a file that is not read fails with what it seems to be', async () => {
  const file = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0])
  const { ingestion_id } = await synap.createFromFile({
    ...ids,
    file,
    filename: 'a.png',
    contentType: 'image/png',
  })
  const ended = await synap.waitForCompletion(ingestion_id)
  expect(ended).toMatchObject({ status: 'failed', memories_created: 0, memory_ids: [] })
  expect(ended.error_message).toMatch(/^reading failed: .*PNG image/)
})

test('the same file once more under its id is the same ingestion', async () => {
  const upload = () =>
    post(
      formOf({
        ...ids,
        document_id: 'file',
        file: new Blob(['Mara owns a mill.']),
        document_created_at: '2024-05-01',
      }),
    )
  const [first, second] = [await upload(), await upload()]
  expect(second.body.ingestion_id).toBe(first.body.ingestion_id)
})

test.each<[string, () => FormData | string, string | undefined]>([
  ['nothing', () => formOf({ ...ids }), undefined],
  ['a blank text', () => formOf({ ...ids, text: '  ' }), undefined],
  ['an unknown type', () => formOf({ text: 'a', document_type: 'novel' }), undefined],
  ['an unknown relationship', () => formOf({ text: 'a', relationship_type: 'b2x' }), undefined],
  [
    'a user without a customer where that is needed',
    () => formOf({ text: 'a', user_id: 'u', relationship_type: 'b2b' }),
    undefined,
  ],
  ['metadata that are no JSON', () => formOf({ text: 'a', metadata: '{' }), undefined],
  ['metadata that are a list', () => formOf({ text: 'a', metadata: '[]' }), undefined],
  ['a day that is none', () => formOf({ text: 'a', document_created_at: '2024-13-01' }), undefined],
  [
    'two files',
    () => {
      const form = formOf({ file: new Blob(['a']) })
      form.append('file', new Blob(['b']))
      return form
    },
    undefined,
  ],
  [
    'many fields',
    () => formOf(Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`f${at}`, 'x']))),
    undefined,
  ],
  ['a file that is too large', () => formOf({ file: new Blob(['x'.repeat(50_001)]) }), undefined],
  [
    'parts that do not end',
    () => '--x\r\nContent-Disposition: form-data; name="text"\r\n\r\na',
    'multipart/form-data; boundary=x',
  ],
  ['parts without a boundary', () => 'text=a', 'multipart/form-data'],
  ['JSON', () => '{"text": "a"}', 'application/json'],
  ['plain text', () => 'text', 'text/plain'],
  ['a large text', () => `text=${'x'.repeat(50_001)}`, 'application/x-www-form-urlencoded'],
  ['a text with a zero', () => 'text=a%00b', 'application/x-www-form-urlencoded'],
])('%s is refused, and makes no run', async (_what, body, contentType) => {
  const runs = async () =>
    (await app.request<{ runs: object[] }>('GET', '/v1/runs?limit=100')).body.runs.length
  const before = await runs()
  const answer = await post(body(), contentType)
  expect([400, 422]).toContain(answer.status)
  expect(typeof answer.body.detail).toBe('string')
  expect(await runs()).toBe(before)
})
