/** Who a user is, what the last conversations came to, and how all of it goes. */
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createSynapClient, failure, remember } from '../../testing/synap-conversations-client.ts'
import { startTestApp } from '../../testing/test-app.ts'

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
  const files = readdirSync(app.dataDir).map((name) => readFileSync(`${app.dataDir}/${name}`, 'latin1'))
  expect(files.filter((text) => /quokka|zanzibar|xylo/i.test(text))).toEqual([])
  // What is said under the same id from now on begins anew.
  await client.recordMessage(id, 'user', 'Hello again.')
  expect(await client.getContextForPrompt(id)).toMatchObject({ total_message_count: 1 })
  const { body: doctor } = await app.request<{ checks: { wrong_count: number }[] }>('GET', '/v1/doctor')
  expect(doctor.checks.filter(({ wrong_count }) => wrong_count > 0)).toEqual([])
})
