/** Conversations as Synap's own library records, compacts and reads them. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSynapClient, SynapFailure } from '../../testing/synap-conversations-client.ts'
import { startTestApp, type TestApp } from '../../testing/test-app.ts'

const failure = async (call: Promise<unknown>) => {
  try {
    return await call
  } catch (error) {
    if (error instanceof SynapFailure) return `${error.name} ${error.status}`
    throw error
  }
}

/** The messages of a conversation, whoever asks. */
const turnsOf = async (app: TestApp, id: string) => {
  const { recent_messages } = await createSynapClient(app).getContextForPrompt(id)
  return recent_messages.map(({ role, content }) => `${role}: ${content}`)
}

const compacted = async (app: TestApp, id: string, members = {}) => {
  const client = createSynapClient(app)
  const { compaction_id } = await client.compact(id, members)
  return app.finished(String(compaction_id))
}

test('messages are recorded in order, in sessions, and nothing is remembered of them', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  const id = randomUUID()
  const first = await client.recordMessage(id, 'user', 'I keep bees.')
  const second = await client.recordMessage(id, 'assistant', 'How many hives?', { session_id: null })
  expect(first).toMatchObject({ conversation_id: id })
  expect(second.session_id).toBe(first.session_id)
  const own = await client.recordMessage(id, 'user', 'Four.', { session_id: 'of-mine', metadata: { a: [1] } })
  expect(own.session_id).toBe('of-mine')
  expect(await turnsOf(app, id)).toEqual(['user: I keep bees.', 'assistant: How many hives?', 'user: Four.'])
  expect(await client.getContextForPrompt(id)).toMatchObject({
    ...{ available: false, formatted_context: null, is_stale: false, quality_warning: false },
    ...{ recent_message_count: 3, compacted_message_count: 0, total_message_count: 3 },
  })
  expect((await client.fetchUser('ada')).contents).toEqual([])
})

test('a call that is made again after a broken connection records one message', async () => {
  await using app = await startTestApp()
  const id = randomUUID()
  const send = (correlation: string, content = 'Yes.') =>
    app.request<{ message_id: string }>(
      'POST',
      '/v1/conversations/messages',
      { conversation_id: id, role: 'user', content, user_id: 'ada', customer_id: 'ada', metadata: {} },
      { headers: { 'x-correlation-id': correlation } },
    )
  const call = 'syn_abc123_1700000000000_0a1b2c'
  const answers = await Promise.all(Array.from({ length: 10 }, () => send(call)))
  expect(new Set(answers.map(({ body }) => body.message_id)).size).toBe(1)
  await send(call, 'No.')
  // What a proxy puts there says nothing of the message.
  await send('trace-1')
  await send('trace-1')
  expect(await turnsOf(app, id)).toEqual(['user: Yes.', 'user: No.', 'user: Yes.', 'user: Yes.'])
})

test('of a batch each message is answered by itself, in order', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  const [mine, bobs] = [randomUUID(), randomUUID()]
  await client.recordMessage(bobs, 'user', 'I am Bob.', { user_id: 'bob', customer_id: 'bob' })
  const answer = await client.recordMessages([
    {
      conversation_id: mine,
      role: 'user',
      content: 'One.',
      user_id: null,
      customer_id: null,
      metadata: null,
    },
    { conversation_id: mine, role: 'robot', content: 'Two.', user_id: 'ada' },
    { conversation_id: bobs, role: 'user', content: 'Not mine.', user_id: 'ada' },
    { conversation_id: mine, role: 'assistant', content: 'Three.', user_id: 'ada', session_id: 's' },
    { role: 'user', content: 'Whose?' },
    { conversation_id: mine, role: 'user', content: '' },
    { conversation_id: mine, role: 'user', content: 'Long.', metadata: { x: 'y'.repeat(9_000) } },
    { x: 7 },
  ])
  expect(answer).toMatchObject({ total: 8, succeeded: 2, failed: 6 })
  expect(answer.results.map((result) => ('error' in result ? 'error' : result.session_id))).toEqual([
    ...[expect.any(String), 'error', 'error', 's', 'error', 'error', 'error', 'error'],
  ])
  for (const result of answer.results) if ('error' in result) expect(String(result.error)).toMatch(/\w{3}/)
  expect(await turnsOf(app, mine)).toEqual(['user: One.', 'assistant: Three.'])
  expect(await turnsOf(app, bobs)).toEqual(['user: I am Bob.'])
})

test('nobody adds to the conversation of somebody else', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  const id = randomUUID()
  await client.recordMessage(id, 'user', 'Mine.')
  const bob = { user_id: 'bob', customer_id: 'bob' }
  expect(await failure(client.recordMessage(id, 'user', 'Mine too.', bob))).toBe('ConflictError 409')
  expect(await failure(client.ingestTranscript(id, 'User: Mine.', bob))).toBe('ConflictError 409')
  expect(await turnsOf(app, id)).toEqual(['user: Mine.'])
})

const call = [
  { role: 'Agent', content: 'Hello, how can I help?', timestamp: '2026-03-01T10:00:00Z' },
  { role: 'user', content: 'I live in Graz and my heater broke yesterday.', speaker: 'Ada' },
  { role: 'Speaker 2', content: 'We decided to send Jonas on Friday.', metadata: { channel: 1 } },
  { role: 'human', content: 'I prefer the morning.' },
]

test('a transcript becomes turns, memories and a compaction, at once and once', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  const members = {
    ...{ conversation_type: 'support', analysis: { mood: 'calm' }, started_at: '2026-03-01T10:00:00+00:00' },
    ended_at: '2026-03-01T10:09:00Z',
  }
  const first = await client.ingestTranscript('call-1', call, members)
  expect(first).toMatchObject({
    ...{ external_conversation_id: 'call-1', status: 'queued', turns_recorded: 4 },
    summary_status: 'in_progress',
  })
  expect(await app.finished(String(first.ingestion_id))).toMatchObject({ state: 'completed' })
  expect(await turnsOf(app, 'call-1')).toEqual([])
  const status = await client.getCompactionStatus('call-1')
  await app.finished(String(status.compaction_id))
  const again = await client.ingestTranscript('call-1', call, members)
  expect(again).toEqual({ ...first, status: 'duplicate', summary_status: 'already_compacted' })
  const other = call.with(3, { role: 'human', content: 'I prefer the evening.' })
  expect(await failure(client.ingestTranscript('call-1', other))).toBe('TranscriptConflictError 409')
  const { contents, items } = await client.fetchUser('ada')
  expect(contents.some((content) => content.includes('I live in Graz'))).toBe(true)
  expect(items.preferences?.map(({ content }) => content)).toEqual([expect.stringContaining('the morning')])
  const page = await client.getContextForPrompt('call-1', 'narrative')
  expect(page).toMatchObject({ total_message_count: 4, compacted_message_count: 4, recent_messages: [] })
  expect(page.formatted_context).toContain('Jonas')
})

test('thirty-two times the same transcript at once is one ingestion', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  const all = await Promise.all(Array.from({ length: 32 }, () => client.ingestTranscript('call-2', call)))
  expect(new Set(all.map(({ ingestion_id }) => ingestion_id)).size).toBe(1)
  expect(all.filter(({ status }) => status === 'queued')).toHaveLength(1)
  await app.finished(String(all[0]?.ingestion_id))
  expect(await client.getContextForPrompt('call-2')).toMatchObject({ total_message_count: 4 })
  const { body } = await app.request<{ runs: { input_type: string }[] }>('GET', '/v1/runs?limit=100')
  expect(body.runs.filter(({ input_type }) => input_type === 'conversation')).toHaveLength(1)
  expect(body.runs.filter(({ input_type }) => input_type === 'compact')).toHaveLength(1)
})

test('a written transcript is read by its labels, and one without labels is what the user says', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  const text = 'Agent: Hello.\nUser: I keep bees.\nThey sting.\nAgent: Do they?'
  expect(await client.ingestTranscript('written', text)).toMatchObject({ turns_recorded: 3 })
  expect(await client.ingestTranscript('told', 'Today we talked about bees.')).toMatchObject({
    turns_recorded: 1,
  })
  const { conversations } = await client.fetchUser('ada', {
    ...{ context_mode: 'conversation-summary', include_profile: true, last_n_conversations: 2 },
  })
  expect(conversations.map((one) => [one.external_conversation_id, one.message_count]).toSorted()).toEqual([
    ['told', 1],
    ['written', 3],
  ])
})

test('a compaction is a run, keeps a share of what was said word for word, and reads in three formats', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  const id = randomUUID()
  expect(await failure(client.getCompactionStatus(id))).toBe('ContextNotFoundError 404')
  expect(await failure(client.compact(id))).toBe('ContextNotFoundError 404')
  const said = [
    ...Array.from(
      { length: 400 },
      (_, n) => `On day ${n} the weather in Graz was rather grey and not worth a word.`,
    ),
    'We decided to buy the house in Leoben.',
    'I prefer oak floors.',
    'My sister Clara lives in Rome.',
  ]
  const messages = said.map((content, n) => ({
    ...{ conversation_id: id, role: n % 2 === 0 ? 'user' : 'assistant', content },
    ...{ user_id: 'ada', customer_id: 'ada' },
  }))
  expect(await client.recordMessages(messages)).toMatchObject({ failed: 0 })
  expect(await client.getCompactionStatus(id)).toMatchObject({ status: 'none', compaction_id: null })
  expect(await client.getCompacted(id)).toBeNull()
  const run = await compacted(app, id, { strategy: 'aggressive' })
  expect(run).toMatchObject({ state: 'completed', input_type: 'compact', result: { messages: 403 } })
  const answer = await client.getCompacted(id)
  expect(answer).toMatchObject({
    ...{ version: 1, strategy_used: 'aggressive', compaction_id: run.run_id },
    decisions: [{ content: expect.stringContaining('buy the house in Leoben') }],
    preferences: [{ content: expect.stringContaining('oak floors') }],
  })
  const ratio = Number(answer?.compression_ratio)
  expect(ratio).toBeGreaterThan(0.02)
  expect(ratio).toBeLessThanOrEqual(0.11)
  expect(Number(answer?.compacted_token_count)).toBeLessThan(Number(answer?.original_token_count))
  const formats = await Promise.all(
    ['structured', 'narrative', 'injection'].map(async (format) =>
      String((await client.getCompacted(id, `format=${format}`))?.formatted_context),
    ),
  )
  for (const text of formats) expect(text).toContain('Leoben')
  expect(new Set(formats).size).toBe(3)
  expect(await client.getCompactionStatus(id)).toMatchObject({
    ...{ status: 'completed', latest_version: 1, compaction_id: run.run_id, error_message: null },
  })
  await client.recordMessage(id, 'user', 'Also, the cat is called Petrel.')
  const styles = await Promise.all(
    ['structured', 'narrative', 'bullet_points'].map((style) => client.getContextForPrompt(id, style)),
  )
  expect(new Set(styles.map(({ formatted_context }) => formatted_context)).size).toBe(3)
  expect(styles[0]).toMatchObject({
    ...{ available: true, total_message_count: 404, compacted_message_count: 403, is_stale: false },
    recent_messages: [{ role: 'user', content: 'Also, the cat is called Petrel.' }],
  })
})

test('the next version goes on from the last, another strategy or force reads all anew', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  const id = randomUUID()
  await client.recordMessage(id, 'user', 'I keep four hives in Graz.')
  await compacted(app, id, { strategy: 'conservative', target_tokens: 100 })
  await client.recordMessage(id, 'user', 'My boat Petrel lies in Trieste.')
  const previous = await client.getCompacted(id)
  const started = await client.compact(id, { strategy: 'conservative', target_tokens: 100 })
  expect(started).toMatchObject({
    ...{ status: 'in_progress', trigger_type: 'manual_api', previous_compaction_id: previous?.compaction_id },
    previous_context: previous?.formatted_context,
  })
  await app.finished(String(started.compaction_id))
  const second = await client.getCompacted(id)
  expect(second).toMatchObject({ version: 2, facts: [{}, {}] })
  for (const members of [
    { strategy: 'balanced', target_tokens: 100 },
    { strategy: 'balanced', target_tokens: 100, force: true },
  ]) {
    await compacted(app, id, members)
    expect(await client.getCompacted(id)).toMatchObject({ facts: second?.facts })
  }
  expect(await client.getCompacted(id, 'version=1')).toEqual(previous)
  expect(await client.getCompacted(id, 'version=4')).toMatchObject({ version: 4 })
  expect(await client.getCompacted(id, 'version=5')).toBeNull()
})

test('one conversation is compacted once at a time; a compaction can be cancelled, and asked for again', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  const id = randomUUID()
  await client.recordMessage(id, 'user', 'I keep four hives in Graz.')
  await app.request('POST', '/v1/project/pause', {})
  const all = await Promise.all(Array.from({ length: 8 }, () => failure(client.compact(id))))
  expect(all.filter((one) => one === 'ConflictError 409')).toHaveLength(7)
  const { compaction_id } = await client.getCompactionStatus(id)
  expect(await client.getCompactionStatus(id)).toMatchObject({ status: 'in_progress' })
  await app.request('POST', `/v1/runs/${compaction_id}/cancel`, { reason: 'not now' })
  expect(await client.getCompactionStatus(id)).toMatchObject({
    status: 'failed',
    error_message: expect.stringContaining('not now'),
  })
  await app.request('POST', '/v1/project/resume', {})
  expect(await compacted(app, id)).toMatchObject({ state: 'completed' })
  expect(await client.getCompactionStatus(id)).toMatchObject({ status: 'completed', latest_version: 1 })
})

test('what the package for Vercel hands in is remembered, of whom it names', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  const { ingestion_id } = await client.call('POST', '/v1/memories/ingest', {
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'I keep four hives in Graz.' }, { type: 'image' }] },
      { role: 'assistant', content: '' },
    ],
    ...{ user_id: 'ada', customer_id: '', conversation_id: '', source: 'vercel_ai_sdk' },
  })
  await app.finished(String(ingestion_id))
  expect((await client.fetchUser('Ada')).contents).toEqual([expect.stringContaining('four hives')])
  const nothing = { messages: [{ role: 'user', content: '  ' }], user_id: 'ada' }
  expect(await failure(client.call('POST', '/v1/memories/ingest', nothing))).toBe('InvalidInputError 400')
})

test('clients report what they like; it is counted by known words, and credits are told to cost nothing', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  const events = [{ event_type: 'context_fetch', secret: 'x' }, { event_type: 'ada said hello' }, {}]
  const batch = { events, sdk_version: '0.4.4', batch_id: 'b', created_at: '2026-03-01T10:00:00Z' }
  expect(await client.call('POST', '/v1/telemetry/batch', batch)).toMatchObject({ events_received: 3 })
  const { text } = await app.request('GET', '/metrics')
  expect(text).toContain('remanence_client_events_total{wire="synap",type="context_fetch"} 1')
  expect(text).toContain('remanence_client_events_total{wire="synap",type="other"} 2')
  expect(text).not.toContain('ada said')
  expect(await client.call('GET', '/v1/credits/balance')).toMatchObject({
    ...{ client_id: expect.stringMatching(/^cli_/), balance_credits: 0, warning_low: false, buckets: [] },
  })
  await client.fetchUser('ada')
  await app.finished(await app.add('Mara keeps bees.'))
  const ledger = await client.call<{ entries: { metric_type: string; units: number; delta: number }[] }>(
    'GET',
    '/v1/credits/ledger?limit=100&offset=0',
  )
  expect(ledger).toMatchObject({ total: 2, limit: 100, offset: 0 })
  expect(ledger.entries.map(({ metric_type, units, delta }) => [metric_type, units, delta])).toEqual([
    ['ingestion', 1, 0],
    ['retrieval', 1, 0],
  ])
  expect(await client.call('GET', '/v1/credits/ledger?entry_type=grant')).toMatchObject({ entries: [] })
  expect(await client.call('POST', '/v1/credits/estimate', { metric_type: 'x', units: 5 })).toEqual({
    credits_estimate: 0,
  })
  expect(await failure(client.call('POST', '/v1/credits/redeem', { code: 'X' }))).toBe(
    'InvalidInputError 400',
  )
  for (const query of ['limit=0', 'from=yesterday', 'from=2026-99-99', 'from=2026-01-02&to=2026-01-01'])
    expect(await failure(client.call('GET', `/v1/credits/ledger?${query}`))).toBe('InvalidInputError 422')
})
