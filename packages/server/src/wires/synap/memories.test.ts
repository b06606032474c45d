/** Memories on the wire of Synap, as its own library reads them. */
import { afterAll, expect, test } from 'vitest'
import { startTestApp } from '../../testing/test-app.ts'
import { SynapError } from './testing/read-answer.ts'
import { createSynapClient, unknownId } from './testing/synap-client.ts'

const app = await startTestApp()
afterAll(app.stop)
const synap = createSynapClient({ url: app.url, apiKey: app.key })
await synap.initialize()

const chat = 'User: I live in Graz and keep bees.\nAssistant: Noted.\nUser: I love dark chocolate.'
const errorOf = async (attempt: Promise<unknown>): Promise<[kind: string, message: string]> => {
  try {
    await attempt
    return ['none', '']
  } catch (error) {
    if (error instanceof SynapError) return [error.kind, error.message]
    throw error
  }
}
const kindOf = async (attempt: Promise<unknown>) => (await errorOf(attempt))[0]
const contentsOf = async (user: string, group = 'synap') => {
  const page = await app.request<{ memories: { content: string }[] }>('POST', '/v1/memories/list', {
    ...{ group, limit: 100 },
    ...(group === 'synap' && { user_id: user, properties: { customer_id: user } }),
  })
  return page.body.memories.map(({ content }) => content).toSorted()
}
const remember = async (user_id: string, document: string) => {
  const { ingestion_id } = await synap.create({ user_id, document })
  const { memory_ids } = await synap.waitForCompletion(ingestion_id)
  return memory_ids
}

test('what is created is queued, then completed, and each memory has its kind', async () => {
  const created = await synap.create({
    ...{ document: chat, user_id: 'mara', customer_id: 'acme', document_created_at: '2024-05-01T10:00:00' },
  })
  expect(created.status).toBe('queued')
  expect(created.document_id).not.toBe('')
  const ended = await synap.waitForCompletion(created.ingestion_id)
  expect(ended).toMatchObject({
    ...{ status: 'completed', error_message: null, document_id: created.document_id },
    queued_at: created.queued_at,
  })
  expect(ended.started_at).not.toBeNull()
  expect(ended.completed_at).not.toBeNull()
  expect(ended.memories_created).toBe(ended.memory_ids.length)
  const memories = await Promise.all(ended.memory_ids.map(synap.get))
  const types = new Map(memories.map(({ content, memory_type }) => [content, memory_type]))
  expect([...types].find(([content]) => content.includes('chocolate'))?.[1]).toBe('preference')
  expect([...types].find(([content]) => content.includes('Graz'))?.[1]).toBe('fact')
  for (const memory of memories)
    expect(memory).toMatchObject({
      ...{ confidence: 1, category: null, subcategory: null },
      source_document_id: created.document_id,
    })
})

test('what only the assistant of a transcript has said is told with less confidence', async () => {
  const ids = await remember(
    'sure',
    'User: I keep bees in Graz.\nAssistant: The office in Linz opens at nine.',
  )
  const memories = await Promise.all(ids.map(synap.get))
  expect(new Map(memories.map(({ content, confidence }) => [content, confidence]))).toEqual(
    new Map([
      ['User: I keep bees in Graz.', 1],
      ['Assistant: The office in Linz opens at nine.', 0.75],
    ]),
  )
})

test('a text may be a JSON object, and a text of a kind that is yet to come', async () => {
  const object = { messages: [{ role: 'user', content: 'I keep three goats in Graz.' }] }
  const first = await synap.create({ user_id: 'object', document: object })
  expect(await synap.waitForCompletion(first.ingestion_id)).toMatchObject({ status: 'completed' })
  expect((await contentsOf('object')).join()).toContain('goats')
  const body = { document: 'Jo sold the old mill.', document_type: 'support-ticket', user_id: 'ticket' }
  expect((await app.request('POST', '/api/v1/memories/create', body)).status).toBe(200)
})

test('the same document once more is the same ingestion; another one under its id is a conflict, or takes its place', async () => {
  const create = (document: string, metadata = {}) =>
    synap.create({ user_id: 'ida', document_id: 'notes', document, metadata })
  const first = await create('Ida sold the old mill. Ida keeps bees.')
  await synap.waitForCompletion(first.ingestion_id)
  const again = await create('Ida sold the old mill. Ida keeps bees.')
  expect([again.ingestion_id, again.status, again.document_id]).toEqual([
    ...[first.ingestion_id, 'completed', 'notes'],
  ])
  const [kind, message] = await errorOf(create('Ida keeps bees.'))
  expect([kind, message]).toEqual(['ConflictError', 'The document "notes" has another content already.'])
  const answer = await app.request('POST', '/api/v1/memories/create', {
    ...{ user_id: 'ida', document_id: 'notes', document: 'other' },
  })
  expect([answer.status, answer.body]).toEqual([
    409,
    { detail: { code: 'document_conflict', message }, code: 'document_conflict' },
  ])
  const second = await create('Ida keeps bees. Ida moved to Linz.', { upsert: true })
  await synap.waitForCompletion(second.ingestion_id)
  expect((await contentsOf('ida')).join()).not.toContain('mill')
  expect((await contentsOf('ida')).join()).toContain('Linz')
  // The id is that of a user's document: another user may have it too.
  expect(await kindOf(synap.create({ user_id: 'jo', document_id: 'notes', document: 'Jo sails.' }))).toBe(
    'none',
  )
  const undone = await app.request<{ run_id: string }>('POST', `/v1/runs/${second.ingestion_id}/undo`, {})
  await app.finished(undone.body.run_id)
  expect((await contentsOf('ida')).join()).toContain('mill')
})

test('of a document that failed the id is free again', async () => {
  const broken = { file: '\x89PNG\r\n\x1a\n\0', filename: 'a.png', user_id: 'fay', customer_id: 'fay' }
  const failed = await synap.waitForCompletion((await synap.createFromFile(broken)).ingestion_id)
  expect([failed.status, failed.memories_created]).toEqual(['failed', 0])
  expect(failed.error_message).toMatch(/^reading failed: /)
  // An object without any text in it cannot be read either.
  const create = (document: unknown) => synap.create({ user_id: 'fay', document_id: 'again', document })
  const first = await create({})
  expect((await synap.waitForCompletion(first.ingestion_id)).status).toBe('failed')
  const second = await create({})
  expect(second.ingestion_id).not.toBe(first.ingestion_id)
  await synap.waitForCompletion(second.ingestion_id)
  expect(await kindOf(create('Fay sails.'))).toBe('none')
})

test('32 of the same at once are one ingestion', async () => {
  const documents = Array.from({ length: 32 }, () =>
    synap.create({ user_id: 'crowd', document_id: 'one', document: 'Crowd keeps bees in Graz.' }),
  )
  const created = await Promise.all(documents)
  expect(new Set(created.map(({ ingestion_id }) => ingestion_id)).size).toBe(1)
  await synap.waitForCompletion(created[0]?.ingestion_id ?? '')
  expect(await contentsOf('crowd')).toHaveLength(1)
})

test('without an id each is an ingestion of its own, and what is said again is remembered once', async () => {
  const created = await Promise.all(
    [1, 2].map(() => synap.create({ user_id: 'twice', document: 'Twice keeps bees in Graz.' })),
  )
  expect(new Set(created.map(({ ingestion_id }) => ingestion_id)).size).toBe(2)
  for (const { ingestion_id } of created) await synap.waitForCompletion(ingestion_id)
  expect(await contentsOf('twice')).toHaveLength(1)
})

test('a memory is replaced, appended to, or merged', async () => {
  const [id = ''] = await remember('patch', 'Pat lives in Graz.')
  const appended = await synap.update(id, 'Pat keeps bees.', { merge_strategy: 'append' })
  expect(appended.content).toBe('Pat lives in Graz. Pat keeps bees.')
  const merged = await synap.update(id, 'Pat lives in Linz.', { metadata: { by: 'agent' } })
  expect(merged.content).toBe('Pat keeps bees. Pat lives in Linz.')
  const replaced = await synap.update(id, 'Pat moved away.', { merge_strategy: 'replace' })
  expect(replaced).toMatchObject({ memory_id: id, content: 'Pat moved away.' })
  expect(replaced.updated_at?.getTime()).toBeGreaterThanOrEqual(merged.updated_at?.getTime() ?? 0)
  // Members of the metadata are set beside those there are, also without another text.
  await synap.update(id, 'Pat moved away.', { merge_strategy: 'replace', metadata: { seen: true } })
  const { body } = await app.request<{ metadata: object }>('GET', `/api/v1/memories/${id}`)
  expect(body.metadata).toEqual({ by: 'agent', seen: true })
  expect(await synap.get(id)).toMatchObject({
    content: 'Pat moved away.',
    source_document_id: expect.any(String),
  })
  expect(await kindOf(synap.update(id, ' '))).toBe('InvalidInputError')
  const [other = ''] = await remember('patch', 'Pat lives in Graz.')
  expect(await kindOf(synap.update(other, 'Pat moved away.', { merge_strategy: 'replace' }))).toBe(
    'ConflictError',
  )
})

test('changes of one memory at the same time are all in it', async () => {
  const [id = ''] = await remember('many', 'Many keeps bees.')
  const words = ['anvil', 'brick', 'crate', 'drill', 'easel', 'flask']
  await Promise.all(words.map((word) => synap.update(id, `The ${word}.`, { merge_strategy: 'append' })))
  const { content } = await synap.get(id)
  for (const word of words) expect(content).toContain(word)
})

test('a deleted memory is gone, and its deletion can be undone', async () => {
  const [id = ''] = await remember('gone', 'Gone keeps bees in Graz.')
  const answer = await app.request('DELETE', `/api/v1/memories/${id}`)
  expect([answer.status, answer.body]).toEqual([200, { memory_id: id, deleted_at: expect.any(String) }])
  expect(await kindOf(synap.get(id))).toBe('ContextNotFoundError')
  expect(await kindOf(synap.delete(id))).toBe('ContextNotFoundError')
  const runId = answer.headers.get('remanence-run-id')
  const undone = await app.request<{ run_id: string }>('POST', `/v1/runs/${runId}/undo`, {})
  await app.finished(undone.body.run_id)
  expect((await synap.get(id)).content).toContain('bees')
})

test('what there is not is not found', async () => {
  for (const id of [unknownId(), 'nonsense']) {
    expect(await kindOf(synap.get(id))).toBe('ContextNotFoundError')
    expect(await kindOf(synap.status(id))).toBe('ContextNotFoundError')
    expect(await kindOf(synap.delete(id))).toBe('ContextNotFoundError')
    expect(await kindOf(synap.update(id, 'text'))).toBe('ContextNotFoundError')
  }
  // Memories of other groups are none of this wire; an edit or a deletion takes nothing in.
  await app.finished(await app.add('Mara keeps bees.', { user_id: 'native' }))
  const [memory] = await app.list({ user_id: 'native' })
  expect(await kindOf(synap.get(memory?.id ?? ''))).toBe('ContextNotFoundError')
  const [id = ''] = await remember('maintenance', 'Main keeps bees in Graz.')
  const deletion = await app.request('DELETE', `/api/v1/memories/${id}`)
  expect(await kindOf(synap.status(deletion.headers.get('remanence-run-id') ?? ''))).toBe(
    'ContextNotFoundError',
  )
})

test('one project knows nothing of another, and a key may do what it may', async () => {
  const project = await app.request<{ key: string }>('POST', '/v1/projects', { name: 'other' })
  const other = createSynapClient({ url: app.url, apiKey: project.body.key })
  const created = await synap.create({ user_id: 'mine', document_id: 'same', document: 'Mine keeps bees.' })
  const { memory_ids } = await synap.waitForCompletion(created.ingestion_id)
  const [id = ''] = memory_ids
  const attempts = [
    () => other.get(id),
    () => other.delete(id),
    () => other.update(id, 'text'),
    () => other.status(created.ingestion_id),
  ]
  for (const attempt of attempts) expect(await kindOf(attempt())).toBe('ContextNotFoundError')
  const own = await other.create({ user_id: 'mine', document_id: 'same', document: 'Something else.' })
  expect(own.ingestion_id).not.toBe(created.ingestion_id)
  const reader = await app.request<{ key: string }>('POST', '/v1/keys', { name: 'reader', scopes: ['read'] })
  const reading = createSynapClient({ url: app.url, apiKey: reader.body.key })
  expect((await reading.get(id)).memory_id).toBe(id)
  expect(await kindOf(reading.delete(id))).toBe('AuthenticationError')
  expect(await kindOf(reading.create({ document: 'text' }))).toBe('AuthenticationError')
})

test('an erased user leaves no document, and the id of one is free again', async () => {
  const create = (document: string) => synap.create({ user_id: 'erased', document_id: 'diary', document })
  const first = await create('Erased keeps bees in Graz.')
  const { memory_ids } = await synap.waitForCompletion(first.ingestion_id)
  await synap.update(memory_ids[0] ?? '', 'Erased sails.', { metadata: { by: 'Erased' } })
  const erasure = await app.request<{ run_id: string }>('DELETE', '/v1/users/erased')
  expect(erasure.status).toBeLessThan(300)
  expect(await app.finished(erasure.body.run_id)).toMatchObject({ state: 'completed' })
  expect(await kindOf(synap.status(first.ingestion_id))).toBe('ContextNotFoundError')
  expect(await kindOf(synap.get(memory_ids[0] ?? ''))).toBe('ContextNotFoundError')
  expect((await create('Erased is back.')).ingestion_id).not.toBe(first.ingestion_id)
})
