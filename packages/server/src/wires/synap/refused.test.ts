/** What the wire of Synap refuses: with a status that its clients do not try again, a sentence, and nothing changed. */
import { afterAll, expect, test } from 'vitest'
import { METADATA_LENGTH_MAX, NAME_LENGTH_MAX } from '../../kernel/limits.ts'
import { startTestApp } from '../../testing/test-app.ts'
import { SynapError } from './testing/read-answer.ts'
import { createSynapClient } from './testing/synap-client.ts'

const app = await startTestApp({ limits: { fileBytesMax: 60_000 } })
afterAll(app.stop)
const synap = createSynapClient({ url: app.url, apiKey: app.key })

const runCount = async () => {
  const { body } = await app.request<{ runs: object[] }>('GET', '/v1/runs?limit=100')
  return body.runs.length
}
type Refusal = { readonly detail: unknown; readonly code: string }
const create = (body: unknown, headers = {}) =>
  app.request<Refusal>('POST', '/api/v1/memories/create', body, { headers })
const text = { document: 'Mara keeps bees.', user_id: 'mara' }

test.each<[string, unknown, number]>([
  ['no object', '[]', 422],
  ['no JSON', '{', 400],
  ['no document', { user_id: 'mara' }, 422],
  ['null for a document', { ...text, document: null }, 422],
  ['a number for a document', { ...text, document: 3 }, 422],
  ['a list for a document', { ...text, document: ['a'] }, 422],
  ['an empty document', { ...text, document: ' \n' }, 400],
  ['an unknown type', { ...text, document_type: 'novel' }, 422],
  ['an unknown mode', { ...text, mode: 'slow' }, 422],
  ['a long id', { ...text, document_id: 'x'.repeat(NAME_LENGTH_MAX + 1) }, 422],
  ['a user of control characters', { ...text, user_id: 'a\nb' }, 422],
  ['a blank user', { ...text, user_id: '  ' }, 422],
  ['a user that is a number', { ...text, user_id: 7 }, 422],
  ['a day that is none', { ...text, document_created_at: '2024-02-30T00:00:00' }, 422],
  ['a date that is a word', { ...text, document_created_at: 'yesterday' }, 422],
  ['metadata that are a list', { ...text, metadata: [1] }, 422],
  ['metadata that are too long', { ...text, metadata: { a: 'x'.repeat(METADATA_LENGTH_MAX) } }, 422],
  ['characters that no store keeps', { ...text, document: 'a\u0000b' }, 422],
])('%s is refused', async (_what, body, status) => {
  const before = await runCount()
  const answer = await create(body)
  expect([answer.status, typeof answer.body.detail]).toEqual([status, 'string'])
  expect(await runCount()).toBe(before)
})

test('an empty document is said to be one, in the words of this wire', async () => {
  expect((await create({ ...text, document: ' \n' })).body).toEqual({
    ...{ detail: 'The document is empty.', code: 'empty_content' },
    errors: [{ location: 'body.document', message: 'empty' }],
  })
})

test('what no other try would mend has a status that says so', async () => {
  const large = await create({ ...text, document: 'x'.repeat(60_001) })
  expect([large.status, large.body.code]).toEqual([400, 'body_too_large'])
  const other = await create('text', { 'content-type': 'text/plain' })
  expect([other.status, other.body.code]).toEqual([400, 'unsupported_media_type'])
  const form = await create('document=a', { 'content-type': 'application/x-www-form-urlencoded' })
  expect(form.status).toBe(400)
})

test('members that are null or empty are absent, and those that nobody knows are ignored', async () => {
  const nothing = { document_id: '', document_created_at: '', user_id: '', customer_id: null, mode: null }
  const answer = await create({ ...text, ...nothing, metadata: null, document_type: null, colour: 'red' })
  expect(answer.status).toBe(200)
  const dated = ['2024-05-01', '2024-05-01 10:00:00.123456', '2024-05-01T10:00:00+02:00', '2024-05-01T10:00Z']
  for (const document_created_at of dated)
    expect((await create({ ...text, document_created_at })).status).toBe(200)
})

test('a level between customer and user is refused, and nothing is done at a wider one', async () => {
  const before = await runCount()
  const ids = { user_id: 'mara', customer_id: 'acme', scope: { customer: 'acme', team: 'payments' } }
  const message = { conversation_id: 'narrow', role: 'user', content: 'Hello.' }
  const calls = {
    '/api/v1/memories/create': { ...text, ...ids },
    '/v1/conversations/messages': { ...message, ...ids },
    '/v1/conversations/ingest': { conversation_id: 'narrow', transcript: 'User: Hello.', ...ids },
    '/v1/context/user/fetch': ids,
  }
  for (const [path, body] of Object.entries(calls))
    expect((await app.request('POST', path, body)).status).toBe(422)
  const batch = await app.request<{ results: object[] }>('POST', '/api/v1/memories/batch', {
    documents: [{ ...text, ...ids }],
  })
  expect(batch.body.results).toMatchObject([
    { status: 'failed', error_message: expect.stringContaining('scope') },
  ])
  expect(await runCount()).toBe(before)
  for (const [path, body] of Object.entries(calls))
    expect((await app.request('POST', path, { ...body, scope: null })).status).toBe(200)
})

test('a queue that is full says when to come back, and nothing of a batch is lost in it', async () => {
  const full = await startTestApp({ limits: { queueDepthMax: 1, runConcurrencyMax: 1 } })
  try {
    await full.request('POST', '/v1/project/pause', {})
    const client = createSynapClient({ url: full.url, apiKey: full.key })
    const first = await client.create(text)
    const refused = await client.create(text).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(SynapError)
    expect(refused).toMatchObject({ kind: 'RateLimitError', retryAfterSeconds: 1 })
    const batch = await client.batchCreate([text, text])
    expect([batch.succeeded, batch.failed]).toEqual([0, 2])
    expect((await client.status(first.ingestion_id)).status).toBe('queued')
    await full.request('POST', '/v1/project/drain', {})
    const draining = await client.create(text).catch((error: unknown) => error)
    expect(draining).toMatchObject({ kind: 'ServiceUnavailableError', retryAfterSeconds: 60 })
  } finally {
    await full.stop()
  }
})

const row = (document: unknown, members = {}) => ({ user_id: 'batch', document, ...members })

test('of a batch each row stands for itself', async () => {
  const { batch_id, ...batch } = await synap.batchCreate([
    row('Batch keeps bees in Graz.', { document_id: 'a' }),
    row(' '),
    row('Batch moved to Linz.', { document_id: 'a' }),
    row(7, { document_id: 'c' }),
    row('Batch sails on the Danube.'),
  ])
  expect(batch_id).toMatch(/^[0-9a-f-]{36}$/)
  expect(batch).toMatchObject({ total: 5, succeeded: 2, failed: 3 })
  expect(batch.results.map(({ status }) => status)).toEqual([
    ...['queued', 'failed', 'failed', 'failed', 'queued'],
  ])
  expect(batch.results[1]?.error_message).toBe('The document is empty.')
  expect(batch.results[2]?.error_message).toBe('The document "a" has another content already.')
  expect(batch.results[3]).toMatchObject({
    document_id: 'c',
    error_message: 'document must be string,object',
  })
  expect(new Set(batch.results.map(({ ingestion_id }) => ingestion_id)).size).toBe(5)
  for (const place of [0, 4])
    expect(await synap.waitForCompletion(batch.results[place]?.ingestion_id ?? '')).toMatchObject({
      status: 'completed',
    })
  await expect(synap.status(batch.results[1]?.ingestion_id ?? '')).rejects.toMatchObject({
    kind: 'ContextNotFoundError',
  })
})

test('with fail_fast one that is wrong refuses all', async () => {
  await synap.waitForCompletion(
    (await synap.create(row('Batch keeps bees.', { document_id: 'taken' }))).ingestion_id,
  )
  const before = await runCount()
  const batches = [
    [row('one'), row(' ')],
    [row('one'), row('two', { document_id: 'taken' })],
    [row('one', { document_id: 'new' }), row('two', { document_id: 'new' })],
  ]
  for (const [documents, kind, place] of [
    [batches[0], 'InvalidInputError', 'documents[1]: '],
    [batches[1], 'ConflictError', 'documents[1]: '],
    [batches[2], 'ConflictError', 'documents[1]: '],
  ] as const)
    await expect(synap.batchCreate(documents ?? [], true)).rejects.toMatchObject({
      kind,
      message: expect.stringContaining(place),
    })
  expect(await runCount()).toBe(before)
  const good = await synap.batchCreate([row('Batch owns a mill.'), row('Batch owns a boat.')], true)
  expect(good).toMatchObject({ succeeded: 2, failed: 0 })
})

test('a batch has one to a hundred documents, and they are taken in in their order', async () => {
  for (const documents of [[], Array.from({ length: 101 }, () => row('one'))])
    await expect(synap.batchCreate(documents)).rejects.toMatchObject({ kind: 'InvalidInputError' })
  const batch = await synap.batchCreate(
    Array.from({ length: 100 }, (_, number) => row(`Batch owns the house number ${number}.`)),
  )
  expect(batch).toMatchObject({ total: 100, succeeded: 100 })
  const { body } = await app.request<{ runs: { run_id: string }[] }>('GET', '/v1/runs?limit=100')
  expect(body.runs.map(({ run_id }) => run_id).toReversed()).toEqual(
    batch.results.map(({ ingestion_id }) => ingestion_id),
  )
})

test('where users belong to customers, a user alone is refused', async () => {
  await using b2b = await startTestApp({ synapRelationship: 'b2b' })
  const client = createSynapClient({ url: b2b.url, apiKey: b2b.key })
  await expect(client.create(text)).rejects.toMatchObject({
    kind: 'InvalidInputError',
    message: expect.stringContaining('customer_id is required'),
  })
  const of = async (ids: object, document: string) =>
    client.waitForCompletion((await client.create({ document, ...ids })).ingestion_id)
  await of({ user_id: 'mara', customer_id: 'acme' }, 'Mara keeps bees.')
  await of({ customer_id: 'acme' }, 'Acme sells honey.')
  await of({}, 'Honey is sweet.')
  const list = async (group: string, members: object) => {
    const body = { group, ...members }
    const page = await b2b.request<{ memories: { content: string }[] }>('POST', '/v1/memories/list', body)
    return page.body.memories.map(({ content }) => content)
  }
  const properties = { customer_id: 'acme' }
  expect(await list('synap', { user_id: 'mara', properties })).toEqual(['Mara keeps bees.'])
  expect(await list('synap-customer', { properties })).toEqual(['Acme sells honey.'])
  expect(await list('synap-client', {})).toEqual(['Honey is sweet.'])
})
