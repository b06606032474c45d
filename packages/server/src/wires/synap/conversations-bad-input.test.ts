/** Whatever is wrong with a request about conversations, its client is told so, and nothing is stored. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { brokenBodies } from '../../testing/broken-bodies.ts'
import { type Answer, startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp({ synapRelationship: 'b2b' })
afterAll(app.stop)

const known = randomUUID()
const owner = { user_id: 'ada', customer_id: 'acme' }
const said = { conversation_id: known, role: 'user', content: 'Hello.', ...owner }
const long = (length: number) => ({ text: 'x'.repeat(length) })

const stored = async () => {
  const paths = ['/v1/conversations', `/v1/conversations/${known}/messages`, '/v1/runs', '/v1/groups']
  return (await Promise.all(paths.map(async (path) => (await app.request('GET', path)).text))).join('\n')
}
let before = ''
beforeAll(async () => {
  expect(await app.request('POST', '/v1/conversations/messages', said)).toMatchObject({ status: 200 })
  before = await stored()
})
afterEach(async () => expect(await stored()).toBe(before))

const expectRefusal = (answer: Answer<unknown>, what: unknown): void => {
  expect([what, answer.status]).toEqual([what, expect.toBeOneOf([400, 422])])
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  expect(answer.body).toMatchObject({ detail: expect.stringMatching(/\w/), code: expect.any(String) })
  expect(answer.text.length).toBeLessThan(10_000)
}

type Case = {
  readonly path: string
  readonly good: object
  /** Members by which it is good no more. */
  readonly wrong: readonly object[]
}

const ids = [{ user_id: 5 }, { user_id: 'a\nb' }, { user_id: 'x'.repeat(257) }, { customer_id: [] }]
const names = [undefined, null, '', '  ', 5, 'x'.repeat(257), 'a\u0007'].map((conversation_id) => ({
  conversation_id,
}))
const texts = [undefined, null, '', ' \n ', 5, ['a'], 'x'.repeat(100_001)]

const cases: readonly Case[] = [
  {
    path: '/v1/conversations/messages',
    good: said,
    wrong: [
      ...[...ids, ...names, ...texts.map((content) => ({ content }))],
      ...[{ role: 'system' }, { role: null }, { metadata: [] }, { metadata: long(9_000) }, { session_id: 5 }],
      { customer_id: null },
    ],
  },
  {
    path: '/v1/conversations/messages/batch',
    good: { messages: [said] },
    wrong: [undefined, null, [], {}, 'x', Array.from({ length: 1_001 }, () => said)].map((messages) => ({
      messages,
    })),
  },
  {
    path: '/v1/conversations/ingest',
    good: { conversation_id: 'call', transcript: 'User: Hello.', ...owner },
    wrong: [
      ...[...ids, ...names, { customer_id: '' }],
      ...[undefined, null, '', ' ', 5, {}, [], ['x'], [{ role: 'user' }], [{ content: 'x' }]].map(
        (transcript) => ({ transcript }),
      ),
      ...[
        { content: '' },
        { timestamp: 'noon' },
        { timestamp: '2026-02-30' },
        { speaker: 5 },
        { role: '' },
      ].map((members) => ({ transcript: [{ role: 'user', content: 'Hello.', ...members }] })),
      { transcript: [{ role: 'user', content: 'Hello.', metadata: long(9_000) }] },
      { transcript: Array.from({ length: 5_001 }, () => ({ role: 'user', content: 'Hm, no.' })) },
      { transcript: `User: ${'word '.repeat(25_000)}` },
      ...[{ conversation_type: 'x'.repeat(65) }, { analysis: 'x' }, { analysis: long(66_000) }],
      ...[{ metadata: long(66_000) }, { metadata: 5 }, { started_at: 'yesterday' }, { ended_at: 5 }],
    ],
  },
  {
    path: '/v1/conversations/compact',
    good: { conversation_id: known },
    wrong: [
      ...names,
      ...[{ strategy: 'low' }, { compaction_level: 'x' }, { target_tokens: 0 }, { target_tokens: '5' }],
      ...[{ target_tokens: 1.5 }, { target_tokens: 1e9 }, { force: 'yes' }],
    ],
  },
  {
    path: '/v1/memories/ingest',
    good: { messages: [{ role: 'user', content: 'Hello.' }], ...owner },
    wrong: [
      ...[...ids, { conversation_id: 5 }, { customer_id: null }],
      ...[undefined, null, [], 'x', [{}], [{ role: 'x', content: 'y' }], [{ role: 'user' }]].map(
        (messages) => ({
          messages,
        }),
      ),
      { messages: [{ role: 'user', content: [{ type: 'image' }] }] },
      { messages: Array.from({ length: 1_001 }, () => ({ role: 'user', content: 'x' })) },
    ],
  },
  {
    path: '/v1/telemetry/batch',
    good: { events: [] },
    wrong: [
      ...[undefined, null, 'x', ['x'], [{ event_type: 5 }]].map((events) => ({ events })),
      ...[{ events: Array.from({ length: 1_001 }, () => ({})) }, { batch_id: 5 }],
    ],
  },
  {
    path: '/v1/credits/estimate',
    good: { units: 1 },
    wrong: [{ units: -1 }, { units: '1' }, { item_count: 0.5 }],
  },
  { path: '/v1/credits/redeem', good: { code: 'x' }, wrong: [{ code: '' }, { code: null }, { code: 5 }] },
]

/** An estimate needs nothing, and what nobody knows is ignored. */
const broken = (path: string) =>
  Object.entries(brokenBodies).filter(
    ([what]) =>
      !path.endsWith('/estimate') || !['many unknown members', 'a name of a megabyte'].includes(what),
  )

describe.each(cases)('POST $path', ({ path, good, wrong }) => {
  test.each(broken(path))('refuses %s', async (what, body) =>
    expectRefusal(await app.request('POST', path, body), what),
  )

  test('refuses each member that is wrong', async () => {
    for (const members of wrong)
      expectRefusal(
        await app.request('POST', path, { ...good, ...members }),
        JSON.stringify(members).slice(0, 90),
      )
  })

  test('refuses other content types, bodies that are too large, and callers without a key', async () => {
    expectRefusal(
      await app.request('POST', path, '{}', { headers: { 'content-type': 'text/plain' } }),
      'type',
    )
    expectRefusal(await app.request('POST', path, { ...good, extra: 'x'.repeat(1_048_576) }), 'size')
    expect((await app.request('POST', path, good, { key: null })).status).toBe(401)
  })
})

test('what a key may not do is refused as a key that is wrong', async () => {
  const keyFor = async (scope: string) =>
    (await app.request<{ key: string }>('POST', '/v1/keys', { name: scope, scopes: [scope] })).body.key
  const [reader, writer] = [await keyFor('read'), await keyFor('write')]
  for (const { path, good } of cases.slice(0, 5))
    expect([path, (await app.request('POST', path, good, { key: reader })).status]).toEqual([path, 401])
  for (const path of ['compacted', 'compaction/status', 'context-for-prompt'])
    expect(
      (await app.request('GET', `/v1/conversations/${known}/${path}`, undefined, { key: writer })).status,
    ).toBe(401)
})

test.each([
  '/v1/conversations/%20/compacted',
  `/v1/conversations/${'x'.repeat(257)}/compacted`,
  '/v1/conversations/a%00b/context-for-prompt',
  `/v1/conversations/${known}/compacted?format=xml`,
  `/v1/conversations/${known}/compacted?version=0`,
  `/v1/conversations/${known}/compacted?version=x`,
  `/v1/conversations/${known}/context-for-prompt?style=poem`,
  '/v1/users/%20/profile',
  '/v1/users/ada/profile',
  '/v1/users/ada/profile?customer_id=a%0Ab',
])('GET %s is refused', async (path) => expectRefusal(await app.request('GET', path), path))

test('what is not there is not found', async () => {
  for (const path of ['compacted', 'compaction/status'])
    expect(await app.request('GET', `/v1/conversations/unknown/${path}`)).toMatchObject({
      ...{ status: 404, body: { detail: expect.any(String), code: 'not_found' } },
    })
  expect((await app.request('GET', `/v1/conversations/${known}/compacted`)).status).toBe(404)
})
