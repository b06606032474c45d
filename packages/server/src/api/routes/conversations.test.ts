/** Conversations that a wire has recorded, as the native API lists and deletes them. */
import { expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../../testing/test-app.ts'

type Conversation = { readonly id: string; readonly message_count: number }
type Page = { readonly conversations: readonly Conversation[]; readonly next_cursor: string | null }

const say = (app: TestApp, conversation_id: string, contents: readonly string[], user_id = 'Mara') =>
  app.request('POST', '/v1/conversations/messages/batch', {
    messages: contents.map((content) => ({ conversation_id, role: 'user', content, user_id })),
  })
const list = async (app: TestApp, query = '') =>
  (await app.request<Page>('GET', `/v1/conversations${query}`)).body
const externalIds = (page: Page) => page.conversations.map((one) => Reflect.get(one, 'external_id'))

test('they are listed by activity and user, page by page', async () => {
  await using app = await startTestApp()
  for (const [id, user] of [
    ['one', 'Mara'],
    ['two', 'jon'],
    ['three', 'Mara'],
    ['one', 'Mara'],
  ] as const)
    await say(app, id, [`In ${id}.`], user)
  expect(externalIds(await list(app))).toEqual(['one', 'three', 'two'])
  expect(externalIds(await list(app, '?user_id=MARA'))).toEqual(['one', 'three'])
  const first = await list(app, '?limit=2')
  expect(externalIds(first)).toEqual(['one', 'three'])
  const second = await list(app, `?limit=2&cursor=${first.next_cursor}`)
  expect([externalIds(second), second.next_cursor]).toEqual([['two'], null])
})

test('one is read by its id or its name, with its messages in order, page by page', async () => {
  await using app = await startTestApp()
  await say(
    app,
    'call 1',
    Array.from({ length: 250 }, (_, n) => `Line ${n + 1}.`),
  )
  const { body } = await app.request<Conversation>('GET', '/v1/conversations/call%201')
  expect(body).toMatchObject({
    external_id: 'call 1',
    user_id: 'Mara',
    message_count: 250,
    customer_id: null,
  })
  const seen: unknown[] = []
  for (let after: number | null = 0; after !== null; ) {
    const path = `/v1/conversations/${body.id}/messages?after=${after}`
    const page: { messages: { seq: number; content: string }[]; next: number | null } = (
      await app.request<{ messages: { seq: number; content: string }[]; next: number | null }>('GET', path)
    ).body
    expect(page.messages.length).toBeLessThanOrEqual(100)
    seen.push(...page.messages.map(({ seq, content }) => `${seq} ${content}`))
    after = page.next
  }
  expect(seen).toEqual(Array.from({ length: 250 }, (_, n) => `${n + 1} Line ${n + 1}.`))
})

test('one that is deleted is gone with all its rows; what is said later begins anew', async () => {
  await using app = await startTestApp()
  const transcript = 'User: I keep a quokka.'
  const ingest = (text: string) =>
    app.request<{ ingestion_id: string; status: string }>('POST', '/v1/conversations/ingest', {
      ...{ conversation_id: 'call', user_id: 'mara', transcript: text },
    })
  const first = await ingest(transcript)
  await app.finished(first.body.ingestion_id)
  await say(
    app,
    'call',
    Array.from({ length: 800 }, (_, n) => `Line ${n}.`),
  )
  expect((await app.request('DELETE', '/v1/conversations/call')).status).toBe(204)
  expect(await app.request('DELETE', '/v1/conversations/call')).toMatchObject({
    ...{ status: 404, body: { code: 'not_found' } },
  })
  expect((await app.request('GET', '/v1/conversations/call/messages')).status).toBe(404)
  expect(await list(app)).toEqual({ conversations: [], next_cursor: null })
  // Another transcript is the first of the new one; what was remembered of the old one stays.
  expect((await ingest('User: I sold it.')).body.status).toBe('queued')
  expect((await app.request('GET', '/v1/conversations/call')).body).toMatchObject({ message_count: 1 })
  const { body } = await app.request<{ checks: { wrong_count: number }[] }>('GET', '/v1/doctor')
  expect(body.checks.filter(({ wrong_count }) => wrong_count > 0)).toEqual([])
})
