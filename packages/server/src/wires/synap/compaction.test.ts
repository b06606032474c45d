/** Compactions as Synap’s own library asks for them and reads them. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../../testing/test-app.ts'
import { createSynapClient, failure } from './testing/conversations-client.ts'

const compacted = async (app: TestApp, id: string, members = {}) => {
  const client = createSynapClient(app)
  const { compaction_id } = await client.compact(id, members)
  return app.finished(String(compaction_id))
}

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
  for (const { formatted_context } of styles)
    expect(formatted_context).toMatch(/Leoben.*Also, the cat is called Petrel\.$/s)
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
    previous_context: previous,
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
