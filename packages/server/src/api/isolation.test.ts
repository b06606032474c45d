/**
 * Nobody reaches across projects or users. Every operation of the OpenAPI document is tried with the key of another project on
 * everything the first one owns; an operation without a case here fails the test.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { item } from '../testing/contract/contract.ts'
import { contracts } from '../testing/contract/index.ts'
import { createProject } from '../testing/factories.ts'
import { operationsOf } from '../testing/open-api.ts'
import { startReceiver } from '../testing/receiver.ts'
import { type Answer, type MemoryBody, startTestApp } from '../testing/test-app.ts'

let strangerKey = ''
const app = await startTestApp({
  webhookAllow: '127.0.0.1',
  prepare: async (storage) => {
    strangerKey = (await createProject(storage, 'strangers')).key
  },
})
afterAll(app.stop)

const secret = 'The vault code is 4711.'
const conversation = '5e5a1f0c-8a35-4f3d-9c44-0b0c6c1d2e3f'
const owned = {
  ...{ run: '', memory: '', group: '', key: '', project: '', webhook: '', delivery: '' },
  ...{ agent: '', tool: '', trigger: '' },
  conversation,
}

const asStranger = (method: string, path: string, body?: unknown) =>
  app.request(method, path, body, { key: strangerKey })

/** Everything the first project can see of itself. */
const everything = async () => {
  const answers = await Promise.all([
    app.list(),
    app.request('GET', '/v1/runs').then(({ body }) => body),
    app.request('GET', '/v1/groups').then(({ body }) => body),
    app.request<{ keys: object[] }>('GET', '/v1/keys').then(({ body }) => body.keys),
    app.request('GET', '/v1/webhooks').then(({ body }) => body),
    app.request('GET', `/v1/conversations/${owned.conversation}/messages`).then(({ body }) => body),
    app.request('GET', `/v1/webhooks/${owned.webhook}/deliveries`).then(({ body }) => body),
    ...['agents', 'tools', 'triggers', 'secrets', 'credits', 'credits/transactions'].map((path) =>
      app.request('GET', `/v1/${path}`).then(({ body }) => body),
    ),
  ])
  return JSON.stringify(answers).replace(/"last_used_at":("[^"]*"|null)/g, '')
}

/** A webhook with one delivery that is over, and disabled, so that nothing goes on by itself. */
const deliverOnce = async () => {
  await using receiver = await startReceiver()
  const { body } = await app.request<{ webhook_id: string }>('POST', '/v1/webhooks', { url: receiver.url })
  const address = `/v1/webhooks/${body.webhook_id}`
  const test = await app.request<{ delivery_id: string }>('POST', `${address}/test`)
  const delivery = { state: 'pending' }
  while (delivery.state === 'pending')
    Object.assign(
      delivery,
      (await app.request<object>('GET', `${address}/deliveries/${test.body.delivery_id}`)).body,
    )
  await app.request('PATCH', address, { enabled: false })
  return { webhook: body.webhook_id, delivery: test.body.delivery_id }
}

/** An agent, a tool, a trigger, a secret, and credits to spend. */
const define = async () => {
  const made = async (path: string, body: object) =>
    (await app.request<{ id: string; trigger_id: string }>('POST', `/v1/${path}`, body)).body
  const agent = await made('agents', { name: 'guard', instructions: secret })
  const steps = [{ name: 'search', action: { type: 'memory_search', name: 'search' } }]
  const tool = await made('tools', { name: 'look', description: secret, steps })
  const trigger = await made('triggers', { name: 'bell', target: { type: 'agent', id: agent.id } })
  await app.request('PUT', '/v1/secrets/VAULT', { value: secret })
  await app.request('PUT', '/v1/secrets/OTHER_VAULT', { value: secret })
  await app.request('POST', '/v1/credits/grants', { amount: '5' })
  return { agent: agent.id, tool: tool.id, trigger: trigger.trigger_id }
}

beforeAll(async () => {
  const run = await app.finished(await app.add(item(secret)))
  await app.request('PUT', '/v1/groups/safe', { template: 'personalization' })
  const group = await app.request<{ group_id: string }>('PUT', '/v1/groups/vault', {
    template: 'personalization',
  })
  await app.finished(await app.add(item('The vault is in Graz.'), { group: 'vault' }))
  const said = { conversation_id: conversation, role: 'user', content: secret, user_id: 'mara' }
  await app.request('POST', '/v1/conversations/messages', said)
  const key = await app.request<{ key_id: string }>('POST', '/v1/keys', { name: 'guard', scopes: ['read'] })
  const [memory] = await app.list()
  const delivered = await deliverOnce()
  Object.assign(owned, {
    run: run.run_id,
    memory: memory?.id,
    group: group.body.group_id,
    key: key.body.key_id,
    project: memory?.project_id,
    ...delivered,
    ...(await define()),
  })
  // The stranger knows a user of the same name, so that only the project keeps the two apart.
  const added = await asStranger('POST', '/v1/memories', {
    input: item('Mara fears vaults.'),
    user_id: 'mara',
  })
  await app.finished((added.body as { run_id: string }).run_id, { key: strangerKey })
})

const operations = await operationsOf(app)

describe('another project', () => {
  test.each(operations)('$name shows and changes nothing', async ({ name, method, path }) => {
    const before = await everything()
    const tried = contracts[name]?.stranger(owned) ?? []
    expect([name, tried.length]).not.toEqual([name, 0])
    for (const attempt of tried) {
      const address = attempt.path ?? path
      const answer = await asStranger(method, address, attempt.body)
      expect(answer).toMatchObject(attempt.expected)
      expect(revealed(answer, address + JSON.stringify(attempt.body))).toEqual([])
    }
    expect(await everything()).toBe(before)
  })

  test('takes nothing away by using the same idempotency key', async () => {
    const options = (key: string) => ({ key, headers: { 'idempotency-key': 'shared' } })
    const body = { input: item('Shared key.'), user_id: 'mara' }
    const answers = [
      await app.request<{ run_id: string }>('POST', '/v1/memories', body, options(app.key)),
      await app.request<{ run_id: string }>('POST', '/v1/memories', body, options(strangerKey)),
    ]
    expect(answers.map(({ status, headers }) => [status, headers.get('idempotency-replayed')])).toEqual([
      [200, null],
      [200, null],
    ])
    expect(answers[0]?.body.run_id).not.toBe(answers[1]?.body.run_id)
  })
})

/** What an answer gives away of the first project, besides what the stranger has written. */
const revealed = ({ text }: Answer<unknown>, written: string): string[] =>
  [secret, ...Object.values(owned)].filter((known) => text.includes(known) && !written.includes(known))

describe('another user of the project', () => {
  const contents = (memories: readonly MemoryBody[]) => memories.map(({ content }) => content)

  test('finds nothing of the first, by whatever words', async () => {
    for (const user_id of ['jon', 'mar', 'mara ', 'mara%', '*', 'mára'])
      for (const retrieval_type of ['vector', 'bm25', 'hybrid', 'fetch']) {
        const body = { query: secret, user_id, retrieval_config: { retrieval_type } }
        expect(await app.request('POST', '/v1/memories/search', body)).toMatchObject({
          body: { memories: [] },
        })
      }
    expect(await app.list({ user_id: 'jon' })).toEqual([])
    expect(await app.request('GET', '/v1/runs?user_id=jon')).toMatchObject({ body: { runs: [] } })
  })

  test('reads and deletes nothing of the first', async () => {
    await app.finished(await app.add(item('Jon is here.'), { user_id: 'jon' }))
    for (const method of ['GET', 'DELETE'])
      expect((await app.request(method, `/v1/memories/${owned.memory}?user_id=jon`)).status).toBe(404)
    expect(contents(await app.list())).toContain(secret)
  })

  test('saying the same has a memory of its own', async () => {
    const run = await app.finished(await app.add(item(secret), { user_id: 'eve' }))
    expect(run.counts).toMatchObject({ created: 1, unchanged: 0 })
    const [own] = await app.list({ user_id: 'eve' })
    expect(own).toMatchObject({ user_id: 'eve', sources: [{ run_id: run.run_id }] })
    expect((await app.request('DELETE', `/v1/memories/${own?.id}?user_id=eve`)).status).toBe(204)
    const left = (await app.list()).filter(({ content }) => content === secret)
    expect(left).toMatchObject([{ id: owned.memory, sources: [{ run_id: owned.run }] }])
  })

  test('has a summary of its own in a conversation of the same name', async () => {
    await app.request('PUT', '/v1/groups/talks', { template: 'personalization-with-summary' })
    const about = { pre_extracted: { items: [{ content: 'About vaults.', topic: 'ConversationSummary' }] } }
    const members = { group: 'talks', properties: { conversation_id: 'c-1' } }
    for (const user_id of ['mara', 'jon']) await app.finished(await app.add(about, { user_id, ...members }))
    const [one, two] = [
      await app.list({ group: 'talks' }),
      await app.list({ group: 'talks', user_id: 'jon' }),
    ]
    expect([one.length, two.length]).toEqual([1, 1])
    expect(one[0]?.id).not.toBe(two[0]?.id)
  })
})
