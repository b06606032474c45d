/** Who sees what: scopes, conversations and projects. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSynapClient, failure, remember } from '../../testing/synap-conversations-client.ts'
import { startTestApp } from '../../testing/test-app.ts'

test('a wider scope is seen by a narrower one, which comes first, and never the reverse', async () => {
  await using app = await startTestApp({ synapRelationship: 'b2b' })
  const client = createSynapClient(app)
  await remember(app, {}, 'The office in Graz has bees on the roof.')
  await remember(app, { customer_id: 'acme' }, 'Acme keeps bees in Leoben.')
  await remember(app, { customer_id: 'other' }, 'Other keeps bees in Linz.')
  await remember(
    app,
    { user_id: 'ada', customer_id: 'acme' },
    'My own bees live in Wien.',
    'Acme keeps bees in Leoben.',
  )
  await remember(app, { user_id: 'ada', customer_id: 'other' }, 'My other bees live in Steyr.')
  await remember(app, { user_id: 'bob', customer_id: 'acme' }, 'My bees live in Bregenz.')
  const places = (contents: readonly string[]) =>
    contents.map((content) => /Graz|Leoben|Linz|Wien|Steyr|Bregenz/.exec(content)?.[0])
  const fetched = async (scope: Parameters<typeof client.fetchContext>[0], ids: object) => {
    const { raw } = await client.fetchContext(scope, { search_query: ['bees'], ...ids })
    const { context } = raw as { context: { facts: { content: string }[] } }
    return places(context.facts.map(({ content }) => content))
  }
  expect(await fetched('client', {})).toEqual(['Graz'])
  expect(await fetched('client', { user_id: 'ada', customer_id: 'acme' })).toEqual(['Graz'])
  expect(await fetched('customer', { customer_id: 'acme' })).toEqual(['Leoben', 'Graz'])
  expect(await fetched('customer', { customer_id: 'acme', user_id: 'ada' })).toEqual(['Leoben', 'Graz'])
  expect(await fetched('customer', { customer_id: 'unknown' })).toEqual(['Graz'])
  const ada = await fetched('user', { user_id: 'ADA', customer_id: 'acme' })
  expect(ada.slice(0, 2).toSorted()).toEqual(['Leoben', 'Wien'])
  expect(ada.slice(2)).toEqual(['Graz'])
  expect(await fetched('user', { user_id: 'bob', customer_id: 'acme' })).toEqual([
    'Bregenz',
    'Leoben',
    'Graz',
  ])
  expect(await fetched('user', { user_id: 'bob', customer_id: 'other' })).toEqual(['Linz', 'Graz'])
  expect(await failure(client.fetchUser('ada'))).toBe('InvalidInputError 400')
  const id = randomUUID()
  await client.recordMessage(id, 'user', 'Hello.', { user_id: 'bob', customer_id: 'acme' })
  expect(await fetched('conversation', { conversation_id: id })).toEqual(['Bregenz', 'Leoben', 'Graz'])
  expect(await fetched('conversation', { conversation_id: randomUUID() })).toEqual(['Graz'])
})

test('the turns of a conversation are shown to its own user alone, whatever else is named', async () => {
  await using app = await startTestApp()
  const client = createSynapClient(app)
  const [adas, bobs, nobodys] = [randomUUID(), randomUUID(), randomUUID()]
  await client.recordMessage(adas, 'user', 'Secret of Ada.')
  await client.recordMessage(bobs, 'user', 'Secret of Bob.', { user_id: 'bob', customer_id: 'bob' })
  await client.recordMessages([{ conversation_id: nobodys, role: 'user', content: 'Open to all.' }])
  await remember(app, { user_id: 'ada' }, 'I keep the secret of Ada in Graz.')
  await remember(app, { user_id: 'bob' }, 'I keep the secret of Bob in Linz.')
  const seen = async (scope: Parameters<typeof client.fetchContext>[0], ids: object) => {
    const { conversation, contents } = await client.fetchContext(scope, { ...ids })
    const turns = (conversation?.recent_turns ?? []) as { content: string }[]
    return [...turns.map(({ content }) => content), ...contents].map(
      (text) => /Ada|Bob|all/.exec(text)?.[0] ?? text,
    )
  }
  expect(await seen('conversation', { conversation_id: adas })).toEqual(['Ada', 'Ada'])
  expect(await seen('conversation', { conversation_id: adas, user_id: 'ADA' })).toEqual(['Ada', 'Ada'])
  expect(await seen('conversation', { conversation_id: adas, user_id: 'bob' })).toEqual(['Bob'])
  expect(await seen('user', { user_id: 'ada', conversation_id: adas })).toEqual(['Ada', 'Ada'])
  expect(await seen('user', { user_id: 'bob', conversation_id: adas })).toEqual(['Bob'])
  expect(await seen('user', { user_id: 'bob', conversation_id: nobodys })).toEqual(['Bob'])
  expect(await seen('customer', { customer_id: 'bob', conversation_id: adas })).toEqual(['Bob'])
  expect(await seen('client', { conversation_id: adas })).toEqual([])
  expect(await seen('client', { conversation_id: nobodys })).toEqual(['all'])
  const hidden = { conversation_id: adas, include_conversation_context: false }
  expect((await client.fetchContext('conversation', hidden)).conversation).toBeNull()
})

test('nothing of one project is fetched with the key of another', async () => {
  await using app = await startTestApp()
  const { body } = await app.request<{ key: string }>('POST', '/v1/projects', { name: 'second' })
  const [own, other] = [createSynapClient(app), createSynapClient(app, body.key)]
  const id = randomUUID()
  await own.recordMessage(id, 'user', 'I live in Graz.')
  await remember(app, { user_id: 'ada' }, 'I live in Graz.')
  await remember(app, {}, 'The office is in Graz.')
  const { compaction_id } = await own.compact(id)
  await app.finished(String(compaction_id))
  for (const scope of ['conversation', 'user', 'customer', 'client'] as const) {
    const ids = { conversation_id: id, user_id: 'ada', customer_id: 'ada' }
    expect(await other.fetchContext(scope, ids)).toMatchObject({ contents: [], conversation: null })
  }
  expect(await failure(other.getProfile('ada'))).toBe('ContextNotFoundError 404')
  expect(await other.getCompacted(id)).toBeNull()
  expect(await failure(other.getCompactionStatus(id))).toBe('ContextNotFoundError 404')
  expect(await failure(other.compact(id))).toBe('ContextNotFoundError 404')
  expect(await other.getContextForPrompt(id)).toMatchObject({ total_message_count: 0 })
  // The same id is another conversation there.
  await other.recordMessage(id, 'user', 'Mine.', { user_id: 'bob', customer_id: 'bob' })
  expect(await own.getContextForPrompt(id)).toMatchObject({ total_message_count: 1 })
})
