/** What is fetched, as Synap’s own library reads it. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { startTestApp } from '../../testing/test-app.ts'
import { createSynapClient, failure, remember } from './testing/conversations-client.ts'

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
  expect(raw).toMatchObject({ ttl_seconds: 1, total_results: 5 })
  const byType = raw.items_by_type as Record<string, { items: Record<string, unknown>[] }>
  for (const [kind, own] of Object.entries(items))
    expect(byType[kind]?.items).toMatchObject(
      own.map(({ id, content }) => ({ item_id: id, content, context_type: kind, scope: 'user' })),
    )
})

test('no answer of any level may be kept for longer than a second; the usual mode has a name', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  const ids = { conversation_id: randomUUID(), user_id: 'ada', customer_id: 'ada' }
  for (const level of ['conversation', 'user', 'customer', 'client'] as const)
    expect((await client.fetchContext(level, ids)).raw).toMatchObject({ ttl_seconds: 1 })
  const modes = ['in-conversation', 'conversation-summary']
  const answers = await Promise.all(modes.map((context_mode) => client.fetchUser('ada', { context_mode })))
  expect(answers.map(({ raw }) => [raw.ttl_seconds, 'conversations' in raw])).toEqual([
    [1, false],
    [1, true],
  ])
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
  expect(accurate.join()).toContain('Rome')
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
