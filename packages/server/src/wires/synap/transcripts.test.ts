/** Transcripts of whole conversations, as Synap’s own library hands them in. */
import { expect, test } from 'vitest'
import { createSynapClient, failure } from '../../testing/synap-conversations-client.ts'
import { startTestApp, type TestApp } from '../../testing/test-app.ts'

/** The messages of a conversation, whoever asks. */
const turnsOf = async (app: TestApp, id: string) => {
  const { recent_messages } = await createSynapClient(app).getContextForPrompt(id)
  return recent_messages.map(({ role, content }) => `${role}: ${content}`)
}

const call = [
  { role: 'Agent', content: 'Hello, how can I help?', timestamp: '2026-03-01T10:00:00' },
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
