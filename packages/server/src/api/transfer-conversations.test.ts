/** Conversations that travel: read, compacted, asked for and handed in again, they answer where they come to as where they were. */
import { expect, test } from 'vitest'
import { createProject } from '../testing/factories.ts'
import { type RunBody, startTestApp, type TestApp } from '../testing/test-app.ts'
import { createSynapClient, failure } from '../wires/synap/testing/conversations-client.ts'

type Json = Readonly<Record<string, unknown>>

const exported = async (app: TestApp, query = '', key = app.key): Promise<string> =>
  (await app.request('GET', `/v1/export${query}`, undefined, { key })).text

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')
const typesOf = (text: string): ReadonlySet<string> =>
  new Set(linesOf(text).map((line) => String(JSON.parse(line).type)))

const imported = async (app: TestApp, text: string, key = app.key): Promise<RunBody> => {
  const headers = { 'content-type': 'application/x-ndjson' }
  const { body } = await app.request<RunBody>('POST', '/v1/import', text, { key, headers })
  return app.finished(body.run_id, { key })
}

const healthy = async (app: TestApp) =>
  expect((await app.request('GET', '/v1/doctor')).body).toMatchObject({ healthy: true })

const talk = '00000000-0000-4000-8000-0000000000aa'
const call = [
  { role: 'Agent', content: 'Hello, how can I help?', timestamp: '2026-03-01T10:00:00' },
  { role: 'user', content: 'I live in Graz and my heater broke yesterday.', speaker: 'Ada' },
  { role: 'Speaker 2', content: 'We decided to send Jonas on Friday.', metadata: { channel: 1 } },
]
const about = {
  ...{ conversation_type: 'support', analysis: { mood: 'calm' }, metadata: { line: 7 } },
  started_at: '2026-03-01T10:00:00+00:00',
}

/** Conversations of two users and of nobody, one compacted twice, one a transcript; and one that is gone. */
const converse = async (app: TestApp, key = app.key) => {
  const client = createSynapClient(app, key)
  const compacted = async (members: Json = {}) =>
    app.finished(String((await client.compact(talk, members)).compaction_id), { key })
  await client.recordMessages(
    Array.from({ length: 230 }, (_, n) => ({
      ...{ conversation_id: talk, role: n % 2 === 0 ? 'user' : 'assistant', user_id: 'ada' },
      ...{ content: `On day ${n} the bees of Clara flew ${n + 2} miles 🐝.`, metadata: { n } },
    })),
  )
  await compacted({ strategy: 'balanced' })
  await client.recordMessage(talk, 'user', 'I prefer oak floors.')
  await compacted({ strategy: 'aggressive', force: true })
  await client.recordMessage(talk, 'assistant', 'Noted.')
  const others = [
    { conversation_id: 'shop', role: 'user', content: 'I am Bob, of Linz.', user_id: 'bob' },
    { conversation_id: 'lobby', role: 'user', content: 'Is anybody here?' },
    { conversation_id: 'gone', role: 'user', content: 'Forget this.', user_id: 'bob' },
  ]
  await client.recordMessages(others)
  const ingested = await client.ingestTranscript('call-1', call, about)
  await app.finished(String(ingested.ingestion_id), { key })
  await app.finished(String((await client.getCompactionStatus('call-1')).compaction_id), { key })
  await app.request('DELETE', '/v1/conversations/gone', undefined, { key })
  return ingested
}

/** All that can be asked about them. */
const told = async (app: TestApp, key = app.key) => {
  const client = createSynapClient(app, key)
  const get = async (path: string) => (await app.request('GET', path, undefined, { key })).text
  const answers: unknown[] = []
  for (const query of ['', '?user_id=ada', '?user_id=bob'])
    answers.push(await get(`/v1/conversations${query}`))
  for (const id of [talk, 'shop', 'lobby', 'gone', 'call-1']) {
    for (const path of ['', '/messages?limit=100', '/messages?after=100&limit=100', '/messages?after=200'])
      answers.push(await get(`/v1/conversations/${id}${path}`))
    for (const query of ['format=structured', 'format=injection', 'version=1'])
      answers.push(await failure(client.getCompacted(id, query)))
    answers.push(await failure(client.getCompactionStatus(id)))
    // How old a compaction is depends on when that is asked.
    answers.push({ ...(await client.getContextForPrompt(id)), compaction_age_seconds: null })
  }
  const summary = { context_mode: 'conversation-summary', include_profile: true, last_n_conversations: 9 }
  for (const user of ['ada', 'bob']) answers.push({ ...(await client.fetchUser(user, summary)), raw: null })
  for (const conversation_id of [talk, 'call-1']) {
    const whose = { conversation_id, user_id: 'ada', customer_id: null }
    // What a request is answered besides is of that request.
    answers.push({ ...(await client.fetchContext('conversation', whose)), raw: null })
  }
  return answers
}

test('conversations, compactions and transcripts answer where they come to as where they were', async () => {
  await using from = await startTestApp()
  await using to = await startTestApp()
  const ingested = await converse(from)
  const text = await exported(from)
  expect(text).not.toContain('Forget this.')
  const { result } = await imported(to, text)
  expect(result).toMatchObject({ created: linesOf(text).length - 1, conflicts: 0 })
  expect(await told(to)).toEqual(await told(from))
  expect(await exported(to)).toBe(text)
  expect((await imported(to, text)).result).toMatchObject({ created: 0, conflicts: 0 })
  expect(await exported(to)).toBe(text)
  const client = createSynapClient(to)
  expect(await client.ingestTranscript('call-1', call, about)).toEqual({
    ...ingested,
    ...{ status: 'duplicate', summary_status: 'already_compacted' },
  })
  const other = [{ role: 'user', content: 'I live in Linz.' }]
  expect(await failure(client.ingestTranscript('call-1', other))).toBe('TranscriptConflictError 409')
  expect((await imported(to, text)).result).toMatchObject({ created: 0, conflicts: 0 })
  await healthy(to)
})

test('they go on where they come to, and what was recorded meanwhile comes with a later export', async () => {
  await using from = await startTestApp()
  await using to = await startTestApp()
  await converse(from)
  await imported(to, await exported(from))
  const there = createSynapClient(to)
  await createSynapClient(from).recordMessage(talk, 'user', 'The queen is called Petrel.')
  const later = await exported(from)
  expect((await imported(to, later)).result).toMatchObject({ created: 1, conflicts: 0 })
  expect(await there.getContextForPrompt(talk)).toMatchObject({ total_message_count: 233 })
  await there.recordMessage(talk, 'assistant', 'A fine name.')
  expect(await failure(there.recordMessage(talk, 'user', 'Mine.', { user_id: 'bob' }))).toMatch(/ 4\d\d$/)
  const { compaction_id } = await there.compact(talk, { strategy: 'aggressive' })
  await to.finished(String(compaction_id))
  expect(await there.getCompactionStatus(talk)).toMatchObject({ compaction_id, latest_version: 3 })
  expect((await imported(to, later)).result).toMatchObject({ created: 0, conflicts: 0 })
  expect(await there.getCompactionStatus(talk)).toMatchObject({ compaction_id, latest_version: 3 })
  expect(await there.getContextForPrompt(talk)).toMatchObject({ total_message_count: 234 })
  await healthy(to)
})

test('an export is taken up after any message, and its parts come to the same', async () => {
  await using from = await startTestApp()
  await using to = await startTestApp()
  await converse(from)
  const text = await exported(from)
  const [header = '', ...records] = linesOf(text)
  for (let start = 0; start < records.length; start += 37) {
    const { cursor } = JSON.parse(records[start] ?? '')
    const rest = await exported(from, `?after=${encodeURIComponent(cursor)}`)
    expect(linesOf(rest)).toEqual([header, ...records.slice(start + 1)])
    const part = [header, ...records.slice(Math.max(0, start - 5), start + 37)].join('\n')
    expect((await imported(to, part)).result).toMatchObject({ conflicts: 0 })
  }
  expect(await exported(to)).toBe(text)
})

test('a conversation that is another’s keeps what it has, and gets nothing', async () => {
  let key = ''
  await using app = await startTestApp({
    prepare: async (storage) => {
      key = (await createProject(storage, 'copies')).key
    },
  })
  await converse(app)
  const foreign = createSynapClient(app, key)
  const bobs = { user_id: 'bob', customer_id: 'bob' }
  await foreign.recordMessage(talk, 'user', 'This is mine.', bobs)
  const text = await exported(app)
  const { result } = await imported(app, text, key)
  // The conversation, its 232 messages and two compactions, of which the transfer tells the first hundred.
  expect(result).toMatchObject({ conflicts: 235 })
  expect(result?.told).toContainEqual({
    cursor: `conversation:${talk}`,
    reason: 'the conversation of this id is another’s',
  })
  expect(await foreign.getContextForPrompt(talk)).toMatchObject({
    ...{ total_message_count: 1, compacted_message_count: 0 },
    formatted_context: '## Recent messages\n- User: This is mine.',
  })
  expect(await foreign.getContextForPrompt('shop')).toMatchObject({ total_message_count: 1 })
  expect(await exported(app)).toBe(text)
  await healthy(app)
})

test('what is erased is in no export, from the moment in which the erasure is accepted', async () => {
  await using from = await startTestApp()
  await converse(from)
  const { body } = await from.request<RunBody>('DELETE', '/v1/users/ada')
  const during = await exported(from)
  await from.finished(body.run_id)
  for (const text of [during, await exported(from)]) {
    expect(text).not.toMatch(/bees of Clara|my heater broke|oak floors/)
    expect(text).toContain('I am Bob, of Linz.')
  }
})

test('an export of the earlier format is taken in as before', async () => {
  await using from = await startTestApp()
  await using to = await startTestApp()
  await converse(from)
  const isNew = (line: string) => /^\{"type":"(conversation|message|compaction|conversation_key)"/.test(line)
  const lines = linesOf(await exported(from)).filter((line) => !isNew(line))
  const older = lines.map((line) => line.replace('"remanence","version":2', '"remanence","version":1'))
  expect((await imported(to, older.join('\n'))).result).toMatchObject({ conflicts: 0 })
  expect((await to.request('GET', '/v1/conversations')).body).toMatchObject({ conversations: [] })
  expect(typesOf(await exported(to)).has('message')).toBe(false)
  // The rest is taken in afterwards.
  expect((await imported(to, await exported(from))).result).toMatchObject({ conflicts: 0 })
  expect(await exported(to)).toBe(await exported(from))
})

test('an import is not undone, conversations as little as memories; each is taken away by its own means', async () => {
  await using from = await startTestApp()
  await using to = await startTestApp()
  await converse(from)
  const { run_id } = await imported(to, await exported(from))
  const undo = await to.request('POST', `/v1/runs/${run_id}/undo`, {})
  expect(undo).toMatchObject({ status: 409, body: { code: 'conflict' } })
  expect(await exported(to)).toBe(await exported(from))
  expect(await to.request('DELETE', `/v1/conversations/${talk}`)).toMatchObject({ status: 204 })
  expect(await to.request('GET', `/v1/conversations/${talk}`)).toMatchObject({ status: 404 })
  await healthy(to)
})
