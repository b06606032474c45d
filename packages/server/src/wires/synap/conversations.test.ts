/** Conversations as Synap’s own library records them. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../../testing/test-app.ts'
import { createSynapClient, failure } from './testing/conversations-client.ts'

/** The messages of a conversation, whoever asks. */
const turnsOf = async (app: TestApp, id: string) => {
  const { recent_messages } = await createSynapClient(app).getContextForPrompt(id)
  return recent_messages.map(({ role, content }) => `${role}: ${content}`)
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
    ...{ available: true, compression_ratio: null, is_stale: false, quality_warning: false },
    ...{ recent_message_count: 3, compacted_message_count: 0, total_message_count: 3 },
  })
  expect((await client.fetchUser('ada')).contents).toEqual([])
})

test('a prompt is given what was said before anything is compacted, in three styles, and nothing of nothing', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  const id = randomUUID()
  expect(await client.getContextForPrompt(id)).toMatchObject({ available: false, formatted_context: null })
  await client.recordMessage(id, 'user', 'I keep bees.')
  await client.recordMessage(id, 'assistant', 'How many hives?')
  const textIn = async (style: string) => (await client.getContextForPrompt(id, style)).formatted_context
  expect(await textIn('structured')).toBe(
    '## Recent messages\n- User: I keep bees.\n- Assistant: How many hives?',
  )
  expect(await textIn('narrative')).toBe('User: I keep bees.\nAssistant: How many hives?')
  expect(await textIn('bullet_points')).toBe('- User: I keep bees.\n- Assistant: How many hives?')
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
