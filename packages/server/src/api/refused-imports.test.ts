/** Imports that are no lines of an export, as a whole or in one of them. */
import { expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../testing/test-app.ts'

const exported = async (app: TestApp): Promise<string> => (await app.request('GET', '/v1/export')).text

const post = (app: TestApp, text: string) =>
  app.request<{ detail: string }>('POST', '/v1/import', text, {
    headers: { 'content-type': 'application/x-ndjson' },
  })

const header = '{"type":"header","format":"remanence","version":1}'
const newerHeader = '{"type":"header","format":"remanence","version":3}'
test.each([
  ['nothing', '', 'invalid_body', 422],
  ['no header', '{"type":"user"}', 'invalid_body', 422],
  ['a newer format', newerHeader, 'invalid_body', 422],
  ['another format', '{"type":"header","format":"other","version":1}', 'invalid_body', 422],
  ['no JSON', `${header}\n{"type":`, 'malformed_json', 400],
  ['an unknown type', `${header}\n{"type":"key"}`, 'invalid_body', 422],
  ['no type', `${header}\n[]`, 'invalid_body', 422],
  [
    'a missing member',
    `${header}\n{"type":"user","cursor":"user:x","user_id":"x","created_at":1}`,
    'invalid_body',
    422,
  ],
  [
    'a wrong member',
    `${header}\n\n{"type":"user","cursor":"user:x","user_id":"x","created_at":"1","active_at":1}`,
    'invalid_body',
    422,
  ],
])('an import of %s is refused with its line, and nothing is stored', async (_what, body, code, status) => {
  await using app = await startTestApp()
  const before = await exported(app)
  expect(await post(app, body)).toMatchObject({ status, body: { code } })
  expect(await exported(app)).toBe(before)
  expect((await app.request('GET', '/v1/runs')).body).toMatchObject({ runs: [] })
})

test('a line is named by its number', async () => {
  await using app = await startTestApp()
  const { body } = await post(
    app,
    `${header}\n\n{"type":"user","cursor":"user:x","user_id":"x","created_at":"1","active_at":1}`,
  )
  expect(body.detail).toMatch(/^Line 3: /)
})

const id = '00000000-0000-4000-8000-0000000000c1'
const of = { cursor: 'c', conversation_id: id, user_id: 'mara', customer: null }
const conversation = {
  ...{ type: 'conversation', ...of, external_id: null, kind: null, started_at: null, ended_at: null },
  ...{ metadata: null, analysis: null, created_at: 1, active_at: 1 },
}
const message = {
  ...{ type: 'message', ...of, seq: 1, after: null, message_id: 'm', role: 'user', content: 'Bees.' },
  ...{ said_at: 1, speaker: null, session_id: null, metadata: null, recorded_at: 1 },
}
const compaction = {
  ...{ type: 'compaction', ...of, version: 1, compaction_id: id, strategy: 'balanced', target_tokens: null },
  ...{
    through_seq: 1,
    through: 'm',
    text: 'Bees.',
    extracted: { facts: ['Bees.'], decisions: [], preferences: [] },
  },
  ...{ current_state: '', original_tokens: 2, compacted_tokens: 2, validation_score: 1, created_at: 1 },
}
const key = {
  ...{ type: 'conversation_key', cursor: 'k', key: ` transcript ${'0'.repeat(64)}`, digest: '1'.repeat(64) },
  ...{ run_id: id, accepted_at: 1 },
}
const long = (length: number) => ({ text: 'x'.repeat(length) })

test.each<[string, object, string]>([
  ['a conversation without an owner named', { ...conversation, user_id: undefined }, '.user_id'],
  ['a conversation under no id', { ...conversation, conversation_id: 'c-1' }, '.conversation_id'],
  [
    'a conversation under the id of another name',
    { ...conversation, external_id: 'c-1' },
    '.conversation_id',
  ],
  ['a conversation with too much metadata', { ...conversation, metadata: long(65_536) }, '.metadata'],
  ['a conversation with too long an analysis', { ...conversation, analysis: long(65_536) }, '.analysis'],
  ['a conversation that counts itself', { ...conversation, message_count: 7 }, '.message_count'],
  ['a message too long', { ...message, content: 'x'.repeat(100_001) }, '.content'],
  ['a message of another role', { ...message, role: 'system' }, '.role'],
  ['a message beyond the last', { ...message, seq: 100_001, after: 'l' }, '.seq'],
  ['a message behind nothing', { ...message, seq: 2 }, '.after'],
  ['a first message behind another', { ...message, after: 'l' }, '.after'],
  ['a message of no time', { ...message, said_at: 8_640_000_000_000_001 }, '.said_at'],
  ['a message with too much metadata', { ...message, metadata: long(8_192) }, '.metadata'],
  ['a compaction too long', { ...compaction, text: 'x'.repeat(20_001) }, '.text'],
  ['a compaction that covers nothing', { ...compaction, through: null }, '.through'],
  ['a compaction of an unknown strategy', { ...compaction, strategy: 'none' }, '.strategy'],
  [
    'a compaction of too many statements',
    { ...compaction, extracted: { ...compaction.extracted, decisions: ['x'.repeat(19_996)] } },
    '.extracted',
  ],
  ['a key that a client may have', { ...key, key: 'transcript' }, '.key'],
  ['a key of something else', { ...key, key: key.key.replace('transcript', 'document') }, '.key'],
])(
  '%s is refused with its line and its member, and what came before it is not taken in',
  async (_what, wrong, member) => {
    await using app = await startTestApp()
    const before = await exported(app)
    const lines = [JSON.parse(newerHeader), conversation, message, compaction, wrong].map((one) =>
      JSON.stringify(one.type === 'header' ? { ...one, version: 2 } : one),
    )
    const answer = await app.request<{ code: string; errors: { location: string }[] }>(
      ...(['POST', '/v1/import', lines.join('\n')] as const),
      { headers: { 'content-type': 'application/x-ndjson' } },
    )
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_body' } })
    expect(answer.body.errors.map(({ location }) => location)).toContain(`line 5${member}`)
    expect(await exported(app)).toBe(before)
    expect((await app.request('GET', '/v1/runs')).body).toMatchObject({ runs: [] })
  },
)

test('the same lines without a mistake are taken in, but for a key whose run is not there', async () => {
  await using app = await startTestApp()
  const lines = [{ ...JSON.parse(header), version: 2 }, conversation, message, compaction, key]
  const { body } = await app.request<{ run_id: string }>(
    ...(['POST', '/v1/import', lines.map((one) => JSON.stringify(one)).join('\n')] as const),
    { headers: { 'content-type': 'application/x-ndjson' } },
  )
  expect(await app.finished(body.run_id)).toMatchObject({
    result: { created: 3, told: [{ reason: 'the run that it leads to is not there' }] },
  })
  expect((await app.request('GET', '/v1/doctor')).body).toMatchObject({ healthy: true })
})
