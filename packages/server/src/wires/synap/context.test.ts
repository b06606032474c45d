/** What is fetched for a user, a customer, a conversation or nobody in particular, as Synap's own library reads it. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSynapClient, SynapFailure } from '../../testing/synap-conversations-client.ts'
import { startTestApp, type TestApp } from '../../testing/test-app.ts'

/** Hands a conversation in, for whom the ids say, and waits until it is remembered. */
const remember = async (app: TestApp, ids: object, ...contents: readonly string[]) => {
  const { ingestion_id } = await createSynapClient(app).call('POST', '/v1/memories/ingest', {
    messages: contents.map((content) => ({ role: 'user', content })),
    ...ids,
  })
  await app.finished(String(ingestion_id))
}

const failure = async (call: Promise<unknown>) => {
  try {
    return await call
  } catch (error) {
    if (error instanceof SynapFailure) return `${error.name} ${error.status}`
    throw error
  }
}

const told = [
  'My car is a blue Saab.',
  'I love dark chocolate.',
  'I went to Rome with Clara.',
  "I'm very sad about the old tree.",
  'The exam is on 12 July 2026.',
]

test('each kind of memory has the members that the library reads, in the range that it takes', async () => {
  await using app = await startTestApp()
  await remember(app, { user_id: 'Ada' }, ...told)
  const { items, raw } = await createSynapClient(app).fetchUser('ada')
  expect(Object.fromEntries(Object.entries(items).map(([kind, own]) => [kind, own.length]))).toEqual({
    ...{ facts: 1, preferences: 1, episodes: 1, emotions: 1, temporal_events: 1 },
  })
  const wire = (kind: string) => items[kind]?.[0]?.wire
  const common = [
    'event_date',
    'id',
    'metadata',
    'source_evidence',
    'temporal_category',
    'temporal_confidence',
    'valid_until',
  ]
  const membersOf = (kind: string) => Object.keys(wire(kind) ?? {}).filter((name) => !common.includes(name))
  expect(Object.keys(items).map(membersOf)).toEqual([
    ['content', 'confidence', 'source', 'extracted_at'],
    ['category', 'content', 'strength', 'extracted_at'],
    ['summary', 'occurred_at', 'significance', 'participants'],
    ['emotion_type', 'intensity', 'detected_at', 'context'],
    ['content', 'confidence', 'source', 'extracted_at'],
  ])
  expect(wire('temporal_events')).toMatchObject({
    event_date: '2026-07-12T00:00:00.000Z',
    temporal_confidence: 1,
  })
  expect(wire('emotions')).toMatchObject({ emotion_type: 'sadness', event_date: null })
  expect(wire('preferences')).toMatchObject({ category: 'like' })
  expect(raw).toMatchObject({ ttl_seconds: 300, total_results: 5 })
  const byType = raw.items_by_type as Record<string, { items: Record<string, unknown>[] }>
  for (const [kind, own] of Object.entries(items))
    expect(byType[kind]?.items).toMatchObject(
      own.map(({ id, content }) => ({ item_id: id, content, context_type: kind, scope: 'user' })),
    )
})

test('questions are asked one by one, types in any spelling, and no more is answered than was asked for', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  await remember(app, { user_id: 'ada' }, ...told)
  const contents = async (members: object) => (await client.fetchUser('ada', { ...members })).contents
  const found = async (search_query: unknown) =>
    (await contents({ search_query, max_results: 2 })).map(
      (text) => /chocolate|Saab|Rome|tree|exam/.exec(text)?.[0],
    )
  expect(await found(['exam'])).toEqual(['exam'])
  expect((await found(['exam', 'Saab', '  '])).toSorted()).toEqual(['Saab', 'exam'])
  expect(await found('exam')).toEqual(['exam'])
  expect(await contents({ search_query: ['zebra'] })).toEqual([])
  expect(await contents({ max_results: 2 })).toHaveLength(2)
  expect(await contents({ max_results: 50, precision_level: 'medium', mode: 'accurate' })).toHaveLength(5)
  for (const types of [['temporal'], ['temporal_events'], ['temporal_event']])
    expect(await contents({ types })).toEqual([expect.stringContaining('exam')])
  expect(await contents({ types: ['fact', 'emotions'] })).toHaveLength(2)
  expect(await contents({ types: ['all', 'fact'] })).toHaveLength(5)
  const accurate = await contents({ search_query: ['Where was Clara?'], mode: 'accurate' })
  expect(accurate[0]).toContain('Rome')
})

test('what is wrong is told, on every route', async () => {
  await using app = await startTestApp()
  const { call } = createSynapClient(app)
  const good = { user_id: 'ada', customer_id: 'ada', conversation_id: randomUUID() }
  const wrong = [
    ...[
      { max_results: 0 },
      { max_results: 51 },
      { max_results: '5' },
      { types: ['nonsense'] },
      { types: 'all' },
    ],
    ...[
      { mode: 'slow' },
      { precision_level: 'low' },
      { search_query: 5 },
      { search_query: ['x'.repeat(10_001)] },
    ],
    ...[{ search_query: Array.from({ length: 17 }, () => 'x') }, { last_n_conversations: 21 }],
    ...[{ context_mode: 'other' }, { user_id: 5 }, { user_id: 'a\nb' }, { conversation_id: 'x'.repeat(300) }],
  ]
  for (const scope of ['conversation', 'user', 'customer', 'client']) {
    const path = `/v1/context/${scope}/fetch`
    expect(await call('POST', path, good)).toMatchObject({ context: { facts: [] } })
    for (const members of wrong)
      expect([scope, members, await failure(call('POST', path, { ...good, ...members }))]).toEqual([
        ...[scope, members, 'InvalidInputError 422'],
      ])
    const missing = await failure(call('POST', path, { user_id: '', customer_id: null }))
    expect(missing === 'InvalidInputError 422').toBe(scope !== 'client')
    const summary = { ...good, context_mode: 'conversation-summary' }
    expect((await failure(call('POST', path, summary))) === 'InvalidInputError 422').toBe(scope !== 'user')
    expect((await app.request('POST', path, good, { key: null })).status).toBe(401)
  }
})

test('a wider scope is seen by a narrower one, which comes first, and never the reverse', async () => {
  await using app = await startTestApp({ synapRelationship: 'b2b' })
  const client = createSynapClient(app)
  await remember(app, {}, 'The office in Graz has bees on the roof.')
  await remember(app, { customer_id: 'acme' }, 'Acme keeps bees in Leoben.')
  await remember(app, { customer_id: 'other' }, 'Other keeps bees in Linz.')
  await remember(
    app,
    { user_id: 'ada', customer_id: 'acme' },
    'My own bees live in Wien.',
    'Acme keeps bees in Leoben.',
  )
  await remember(app, { user_id: 'ada', customer_id: 'other' }, 'My other bees live in Steyr.')
  await remember(app, { user_id: 'bob', customer_id: 'acme' }, 'My bees live in Bregenz.')
  const places = (contents: readonly string[]) =>
    contents.map((content) => /Graz|Leoben|Linz|Wien|Steyr|Bregenz/.exec(content)?.[0])
  const fetched = async (scope: Parameters<typeof client.fetchContext>[0], ids: object) => {
    const { raw } = await client.fetchContext(scope, { search_query: ['bees'], ...ids })
    const { context } = raw as { context: { facts: { content: string }[] } }
    return places(context.facts.map(({ content }) => content))
  }
  expect(await fetched('client', {})).toEqual(['Graz'])
  expect(await fetched('client', { user_id: 'ada', customer_id: 'acme' })).toEqual(['Graz'])
  expect(await fetched('customer', { customer_id: 'acme' })).toEqual(['Leoben', 'Graz'])
  expect(await fetched('customer', { customer_id: 'acme', user_id: 'ada' })).toEqual(['Leoben', 'Graz'])
  expect(await fetched('customer', { customer_id: 'unknown' })).toEqual(['Graz'])
  const ada = await fetched('user', { user_id: 'ADA', customer_id: 'acme' })
  expect(ada.slice(0, 2).toSorted()).toEqual(['Leoben', 'Wien'])
  expect(ada.slice(2)).toEqual(['Graz'])
  expect(await fetched('user', { user_id: 'bob', customer_id: 'acme' })).toEqual([
    'Bregenz',
    'Leoben',
    'Graz',
  ])
  expect(await fetched('user', { user_id: 'bob', customer_id: 'other' })).toEqual(['Linz', 'Graz'])
  expect(await failure(client.fetchUser('ada'))).toBe('InvalidInputError 400')
  const id = randomUUID()
  await client.recordMessage(id, 'user', 'Hello.', { user_id: 'bob', customer_id: 'acme' })
  expect(await fetched('conversation', { conversation_id: id })).toEqual(['Bregenz', 'Leoben', 'Graz'])
  expect(await fetched('conversation', { conversation_id: randomUUID() })).toEqual(['Graz'])
})

test('the turns of a conversation are shown to its own user alone, whatever else is named', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  const [adas, bobs, nobodys] = [randomUUID(), randomUUID(), randomUUID()]
  await client.recordMessage(adas, 'user', 'Secret of Ada.')
  await client.recordMessage(bobs, 'user', 'Secret of Bob.', { user_id: 'bob', customer_id: 'bob' })
  await client.recordMessages([{ conversation_id: nobodys, role: 'user', content: 'Open to all.' }])
  await remember(app, { user_id: 'ada' }, 'I keep the secret of Ada in Graz.')
  await remember(app, { user_id: 'bob' }, 'I keep the secret of Bob in Linz.')
  const seen = async (scope: Parameters<typeof client.fetchContext>[0], ids: object) => {
    const { conversation, contents } = await client.fetchContext(scope, { ...ids })
    const turns = (conversation?.recent_turns ?? []) as { content: string }[]
    return [...turns.map(({ content }) => content), ...contents].map(
      (text) => /Ada|Bob|all/.exec(text)?.[0] ?? text,
    )
  }
  expect(await seen('conversation', { conversation_id: adas })).toEqual(['Ada', 'Ada'])
  expect(await seen('conversation', { conversation_id: adas, user_id: 'ADA' })).toEqual(['Ada', 'Ada'])
  expect(await seen('conversation', { conversation_id: adas, user_id: 'bob' })).toEqual(['Bob'])
  expect(await seen('user', { user_id: 'ada', conversation_id: adas })).toEqual(['Ada', 'Ada'])
  expect(await seen('user', { user_id: 'bob', conversation_id: adas })).toEqual(['Bob'])
  expect(await seen('user', { user_id: 'bob', conversation_id: nobodys })).toEqual(['Bob'])
  expect(await seen('customer', { customer_id: 'bob', conversation_id: adas })).toEqual(['Bob'])
  expect(await seen('client', { conversation_id: adas })).toEqual([])
  expect(await seen('client', { conversation_id: nobodys })).toEqual(['all'])
  const hidden = { conversation_id: adas, include_conversation_context: false }
  expect((await client.fetchContext('conversation', hidden)).conversation).toBeNull()
})

test('nothing of one project is fetched with the key of another', async () => {
  await using app = await startTestApp()
  const { body } = await app.request<{ key: string }>('POST', '/v1/projects', { name: 'second' })
  const [own, other] = [createSynapClient(app), createSynapClient(app, body.key)]
  const id = randomUUID()
  await own.recordMessage(id, 'user', 'I live in Graz.')
  await remember(app, { user_id: 'ada' }, 'I live in Graz.')
  await remember(app, {}, 'The office is in Graz.')
  const { compaction_id } = await own.compact(id)
  await app.finished(String(compaction_id))
  for (const scope of ['conversation', 'user', 'customer', 'client'] as const) {
    const ids = { conversation_id: id, user_id: 'ada', customer_id: 'ada' }
    expect(await other.fetchContext(scope, ids)).toMatchObject({ contents: [], conversation: null })
  }
  expect(await failure(other.getProfile('ada'))).toBe('ContextNotFoundError 404')
  expect(await other.getCompacted(id)).toBeNull()
  expect(await failure(other.getCompactionStatus(id))).toBe('ContextNotFoundError 404')
  expect(await failure(other.compact(id))).toBe('ContextNotFoundError 404')
  expect(await other.getContextForPrompt(id)).toMatchObject({ total_message_count: 0 })
  // The same id is another conversation there.
  await other.recordMessage(id, 'user', 'Mine.', { user_id: 'bob', customer_id: 'bob' })
  expect(await own.getContextForPrompt(id)).toMatchObject({ total_message_count: 1 })
})

test('a conversation comes with what it came to and the turns since', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  const id = randomUUID()
  await client.recordMessage(id, 'user', 'We decided to sell the boat Petrel.')
  const { compaction_id } = await client.compact(id)
  await app.finished(String(compaction_id))
  for (let n = 0; n < 25; n++) await client.recordMessage(id, 'user', `Line ${n}.`)
  const { conversation } = await client.fetchContext('conversation', { conversation_id: id })
  expect(conversation).toMatchObject({
    ...{ conversation_id: id, compaction_id, summary: expect.stringContaining('Petrel') },
    key_extractions: { decisions: [{ content: expect.stringContaining('Petrel') }], facts: [] },
  })
  const turns = conversation?.recent_turns as { content: string }[]
  expect([turns.length, turns[0]?.content, turns.at(-1)?.content]).toEqual([20, 'Line 5.', 'Line 24.'])
  expect(JSON.parse(String(conversation?.key_extractions_json))).toEqual(conversation?.key_extractions)
})

test('a profile is made of what the user says of themself, and the summary tells of the last conversations', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  expect(await failure(client.getProfile('ada'))).toBe('ContextNotFoundError 404')
  await remember(app, {}, 'I live in Rome.')
  expect(await failure(client.getProfile('ada'))).toBe('ContextNotFoundError 404')
  const { ingestion_id } = await client.ingestTranscript(
    'call-1',
    'User: My name is Ada and I live in Graz.',
    {
      ...{ conversation_type: 'support', analysis: { mood: 'calm' } },
    },
  )
  await app.finished(String(ingestion_id))
  await app.finished(String((await client.getCompactionStatus('call-1')).compaction_id))
  const { profile } = await client.getProfile('ADA', '?customer_id=')
  expect(profile).toMatchObject({
    attributes: { name: { value: 'Ada', confidence: 1 }, location: { value: 'Graz' } },
    ...{ overview: expect.stringContaining('Graz'), extras: {} },
  })
  await client.recordMessage(randomUUID(), 'user', 'Bye.')
  await client.recordMessage(randomUUID(), 'user', 'Of Bob.', { user_id: 'bob', customer_id: 'bob' })
  const summary = (members: object) =>
    client.fetchUser('ada', { context_mode: 'conversation-summary', include_profile: true, ...members })
  const all = await summary({ last_n_conversations: 20 })
  expect(all).toMatchObject({ contents: [], profile })
  expect(all.conversations).toMatchObject([
    { summary_status: 'pending', message_count: 1, summary: null },
    {
      ...{ external_conversation_id: 'call-1', conversation_type: 'support', summary_status: 'available' },
      ...{ analysis: { mood: 'calm' }, compaction_version: 1 },
      summary: { overview: expect.stringContaining('Graz') },
    },
  ])
  expect((await summary({ last_n_conversations: 1 })).conversations).toHaveLength(1)
  expect((await summary({ last_n_conversations: 0 })).conversations).toEqual([])
  expect((await summary({ include_profile: false })).profile).toBeNull()
})

test('a user who is erased takes along what was said, and what it came to', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  const id = randomUUID()
  await client.recordMessage(id, 'user', 'I keep a quokka in Zanzibar.')
  const { ingestion_id } = await client.ingestTranscript('call-1', 'User: My quokka is called Xylo.')
  await app.finished(String(ingestion_id))
  const { compaction_id } = await client.compact(id)
  await app.finished(String(compaction_id))
  const { body } = await app.request<{ run_id: string }>('DELETE', '/v1/users/ada')
  expect(await client.getContextForPrompt(id)).toMatchObject({ total_message_count: 0 })
  expect(await client.getCompacted(id)).toBeNull()
  expect(await app.finished(body.run_id)).toMatchObject({
    state: 'completed',
    result: { left: 0, scrubbed: true, erased: { conversations: 2, messages: 2 } },
  })
  const { readdirSync, readFileSync } = await import('node:fs')
  const files = readdirSync(app.dataDir).map((name) => readFileSync(`${app.dataDir}/${name}`, 'latin1'))
  expect(files.filter((text) => /quokka|zanzibar|xylo/i.test(text))).toEqual([])
  // What is said under the same id from now on begins anew.
  await client.recordMessage(id, 'user', 'Hello again.')
  expect(await client.getContextForPrompt(id)).toMatchObject({ total_message_count: 1 })
  const { body: doctor } = await app.request<{ checks: { wrong_count: number }[] }>('GET', '/v1/doctor')
  expect(doctor.checks.filter(({ wrong_count }) => wrong_count > 0)).toEqual([])
})
