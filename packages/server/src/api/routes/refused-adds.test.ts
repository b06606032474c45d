/** POST /v1/memories: what is refused, in which words, and that a refusal leaves nothing behind. */
import { afterAll, expect, test } from 'vitest'
import { startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)

const user_id = 'refused'
const string = (...content: unknown[]) => ({ string: { content } })
const items = (...content: string[]) => ({
  pre_extracted: { items: content.map((one) => ({ content: one, topic: 'UserKnowledge' })) },
})
const conversation = (...messages: object[]) => ({ conversation: { messages } })
const metadata = (value: unknown) => ({ conversation: { messages: [{ role: 'user' }], metadata: { value } } })

/** Posts a good add with some members changed; undefined leaves one out. */
const post = (change: object) =>
  app.request('POST', '/v1/memories', { input: string('x'), user_id, ...change })

test.each([
  [{ user_id: undefined }, '400 missing_user', 'user_id is required by topic UserKnowledge'],
  [{ user_id: null }, '400 missing_user', 'user_id is required by topic UserKnowledge'],
  [{ user_id: ' ' }, '422 invalid_body', 'body.user_id'],
  [{ user_id: 'a\nb' }, '422 invalid_body', 'body.user_id'],
  [{ input: undefined }, '422 invalid_body', 'body.input is required'],
  [{ input: null }, '422 invalid_body', 'body.input must be object'],
  [{ input: {} }, '400 invalid_request', 'exactly one of string, pre_extracted, conversation and document'],
  [{ input: { ...string('x'), ...items('y') } }, '400 invalid_request', 'exactly one of'],
  [{ input: string() }, '400 empty_content', 'There is no content.'],
  [{ input: { string: { content: null } } }, '400 empty_content', 'There is no content.'],
  [{ input: string('x', '') }, '400 empty_content', 'body.input.string.content[1] is empty'],
  [{ input: string(' \n\t') }, '400 empty_content', 'body.input.string.content[0] is empty'],
  [{ input: items() }, '400 empty_content', 'There is no content.'],
  [{ input: items('x', ' ') }, '400 empty_content', 'body.input.pre_extracted.items[1].content is empty'],
  [{ input: conversation() }, '422 invalid_body', 'body.input.conversation.messages'],
  [{ input: conversation({ content: 'x' }) }, '422 invalid_body', 'messages[0].role is required'],
  [{ input: conversation({ role: 'robot' }) }, '422 invalid_body', 'messages[0].role must be one of user,'],
  [{ input: conversation({ role: 'user', content: [] }) }, '422 invalid_body', 'content must be string'],
  [
    { input: conversation({ role: 'user', text: 'x' }) },
    '422 invalid_body',
    'messages[0].text is unexpected',
  ],
  [
    { input: metadata(JSON.parse('['.repeat(40) + ']'.repeat(40))) },
    '422 invalid_body',
    'deeper than 32 levels',
  ],
  [{ input: metadata(JSON.parse('{"__proto__":{}}')) }, '422 invalid_body', 'may not be named __proto__'],
  [
    { input: metadata(['a\0b']) },
    '422 invalid_body',
    'body.input.conversation.metadata.value[0] holds a NUL',
  ],
  [{ input: { string: { content: ['x'], lang: 'en' } } }, '422 invalid_body', 'string.lang is unexpected'],
  [{ extra: 1 }, '422 invalid_body', 'body.extra is unexpected'],
  [
    { input: undefined, content: { type: 'string', content: 'x' } },
    '422 invalid_body',
    'body.input is required',
  ],
  [{ group: 'nope' }, '422 unknown_group', 'group "nope" not found'],
  [{ group: 'Default' }, '422 unknown_group', 'group "Default" not found'],
  [{ properties: { colour: 'red' } }, '400 unknown_property', 'is scoped by property "colour"'],
  [{ properties: { colour: 5 } }, '422 invalid_body', 'body.properties.colour must be string'],
  [{ root: 'conversation' }, '400 invalid_request', 'it is "string"'],
  [{ root: 'nope' }, '400 invalid_request', 'it is "string"'],
])('%j is refused with %s', async (change, code, detail) => {
  const answer = await post(change)
  const status = Number(code.slice(0, 3))
  expect(answer).toMatchObject({
    status,
    body: {
      type: 'about:blank',
      title: expect.any(String),
      status,
      code: code.slice(4),
      detail: expect.stringContaining(detail),
    },
  })
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
})

test.each(['userknowledge', 'Nope'])('an item of the topic %s, which is none, is refused', async (topic) => {
  const answer = await post({ input: { pre_extracted: { items: [{ content: 'x', topic }] } } })
  const detail = `topic "${topic}" not found in group "default"`
  expect(answer).toMatchObject({ status: 422, body: { code: 'unknown_topic', detail } })
})

test.each(['2016-12-31T23:59:60Z', '2026-02-30T00:00:00Z', '2026-11-01', '2026-11-01 08:00:00', 'yesterday'])(
  '%s is no instant',
  async (created_at) => {
    const answer = await post({ input: { string: { content: ['x'], created_at } } })
    const errors = [{ location: 'body.input.string.created_at' }]
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_body', errors } })
  },
)

test('every mistake is told, with its place', async () => {
  const answer = await post({ input: string('x', 5), user_id: 7, more: true })
  expect(answer.body).toMatchObject({
    errors: expect.arrayContaining([
      { message: 'must be string', location: 'body.input.string.content[1]' },
      { message: 'must be string', location: 'body.user_id' },
      { message: 'is unexpected', location: 'body.more' },
    ]),
  })
})

test('of many mistakes the first twenty are told, and of a flood of them the first', async () => {
  const errorsOf = async (count: number) => {
    const { body } = await app.request<{ errors: object[] }>('POST', '/v1/memories', {
      input: string(...Array.from({ length: count }, () => 5)),
      user_id,
    })
    return body.errors.length
  }
  expect([await errorsOf(100), await errorsOf(100_000)]).toEqual([20, 1])
})

test('a refusal leaves neither a run nor a user', async () => {
  expect(await app.request('GET', `/v1/runs?user_id=${user_id}`)).toMatchObject({ body: { runs: [] } })
  const address = `/v1/memories/01a206d6-b94d-7475-acf8-b2edeb3ff0bc?user_id=${user_id}`
  expect(await app.request('GET', address)).toMatchObject({ status: 422, body: { code: 'unknown_user' } })
})
