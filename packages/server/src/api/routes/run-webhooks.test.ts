/** Webhooks that runs of agents bring along: made with the run, told of it alone, and gone with it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Receiver, startReceiver } from '../../testing/receiver.ts'
import { type RunBody, startTestApp } from '../../testing/test-app.ts'
import { deliveriesOf, signatureBy, untilDelivery, type WebhookBody } from '../../testing/webhook-scene.ts'

const app = await startTestApp({ webhookAllow: '127.0.0.0/8', limits: { webhookCountMax: 1 } })
afterAll(app.stop)

type Started = RunBody & { webhook: { webhook_id: string; secret: string | null } | null }
type Problem = { code: string; errors: { location: string; message: string }[] }

const ids = { agent: '' }
let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver()
  ids.agent = (await app.request<{ id: string }>('POST', '/v1/agents', { name: 'concierge' })).body.id
})
afterAll(() => receiver[Symbol.asyncDispose]())

const begin = (
  webhook: object | undefined,
  { headers = {}, key = app.key }: { headers?: Record<string, string>; key?: string } = {},
) =>
  app.request<Started & Problem>(
    'POST',
    `/v1/agents/${ids.agent}/runs`,
    { user_message: 'How many hives?', user_id: 'mara', ...(webhook !== undefined && { webhook }) },
    { headers, key },
  )
const ofRun = async (runId: string) =>
  (await app.request<{ webhooks: WebhookBody[] }>('GET', `/v1/webhooks?run_id=${runId}`)).body.webhooks

test('it is told of its run alone, signed with the secret of the answer', async () => {
  const earlier = receiver.received.length
  const answer = await begin({ url: `${receiver.url}/hook`, events: ['run.completed'] })
  expect(answer).toMatchObject({ status: 200, body: { status: 'running' } })
  const { run_id: runId, webhook } = answer.body
  await app.finished(runId)
  await app.finished((await begin(undefined)).body.run_id)
  const [message] = (await receiver.until(earlier + 1)).slice(earlier)
  if (message === undefined || webhook?.secret == null) throw new Error('nothing came')
  expect(message).toMatchObject({
    path: '/hook',
    json: { type: 'run.completed', data: { run_id: runId, state: 'completed' } },
  })
  expect(message.headers['webhook-signature']).toBe(signatureBy(webhook.secret, message))
  const [shown, ...others] = await ofRun(runId)
  expect(others).toEqual([])
  expect(shown).toMatchObject({ webhook_id: webhook.webhook_id, run_id: runId, events: ['run.completed'] })
  expect(shown).not.toHaveProperty('secret')
  expect((await app.request('GET', '/v1/webhooks')).body).toEqual({ webhooks: [] })
  const made = { ...(shown as WebhookBody) }
  await untilDelivery(app, made, ({ state }) => state === 'delivered')
  expect((await deliveriesOf(app, made)).map(({ type, run_id }) => [type, run_id])).toEqual([
    ['run.completed', runId],
  ])
})

test('who waits has it beside the run, and nobody else has it', async () => {
  const waited = await begin({ url: receiver.url }, { headers: { prefer: 'wait=30' } })
  expect(waited.body).toMatchObject({
    state: 'completed',
    webhook: { webhook_id: expect.any(String), secret: expect.stringMatching(/^whsec_/) },
  })
  expect((await begin(undefined)).body).not.toHaveProperty('webhook')
  const { body: run } = await app.request('GET', `/v1/runs/${waited.body.run_id}`)
  expect(JSON.stringify(run)).not.toContain('whsec_')
})

test('the same request again has the same one again, until it is rotated or gone; with another one it is refused', async () => {
  const headers = { 'idempotency-key': 'once' }
  const first = await begin({ url: receiver.url }, { headers })
  const again = await begin({ url: receiver.url }, { headers })
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(again.body.webhook).toEqual(first.body.webhook)
  for (const other of [
    undefined,
    { url: `${receiver.url}/x` },
    { url: receiver.url, events: ['run.failed'] },
  ])
    expect(await begin(other, { headers })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    })
  expect(await ofRun(first.body.run_id)).toHaveLength(1)
  const webhookId = first.body.webhook?.webhook_id ?? ''
  const address = `/v1/webhooks/${webhookId}`
  await app.request('POST', `${address}/rotate`, {})
  expect((await begin({ url: receiver.url }, { headers })).body.webhook).toEqual({
    ...{ webhook_id: webhookId, secret: null },
  })
  expect((await app.request('DELETE', address)).status).toBe(204)
  expect(await begin({ url: receiver.url }, { headers })).toMatchObject({
    body: { run_id: first.body.run_id, webhook: null },
  })
})

test.each<[object, string, string]>([
  [{ url: 'http://10.0.0.1/' }, 'target_refused', 'body.webhook.url'],
  [{ url: 'http://[::1]/' }, 'target_refused', 'body.webhook.url'],
  [{ url: 'ftp://a.example/' }, 'target_refused', 'body.webhook.url'],
  [{ url: 'https://user:word@a.example/' }, 'target_refused', 'body.webhook.url'],
  [{ url: '' }, 'invalid_body', 'body.webhook.url'],
  [{}, 'invalid_body', 'body.webhook.url'],
  [{ url: 'https://a.example/', events: [] }, 'invalid_body', 'body.webhook.events'],
  [{ url: 'https://a.example/', events: ['run.done'] }, 'invalid_body', 'body.webhook.events[0]'],
  [{ url: 'https://a.example/', secret: 'x' }, 'invalid_body', 'body.webhook.secret'],
])('with %j nothing is accepted', async (webhook, code, location) => {
  const runCount = async () => (await app.request<{ runs: [] }>('GET', '/v1/runs')).body.runs.length
  const before = await runCount()
  const answer = await begin(webhook, { headers: { 'idempotency-key': `bad ${JSON.stringify(webhook)}` } })
  expect(answer).toMatchObject({ status: 422, body: { code, errors: [{ location }] } })
  expect(await runCount()).toBe(before)
})

test('a key that may only write brings one along and sees no more of it; another project sees nothing', async () => {
  const { body: writer } = await app.request<{ key: string }>('POST', '/v1/keys', {
    ...{ name: 'writer', scopes: ['write'] },
  })
  const { body } = await begin({ url: receiver.url }, { key: writer.key })
  expect(body.webhook?.secret).toMatch(/^whsec_/)
  const path = `/v1/webhooks?run_id=${body.run_id}`
  expect((await app.request('GET', path, undefined, { key: writer.key })).status).toBe(403)
  const { body: tenant } = await app.request<{ key: string }>('POST', '/v1/projects', { name: 'tenant' })
  const stranger = { key: tenant.key }
  expect((await app.request('GET', path, undefined, stranger)).body).toEqual({ webhooks: [] })
  const address = `/v1/webhooks/${body.webhook?.webhook_id}`
  for (const [method, of] of [
    ['GET', address],
    ['DELETE', address],
    ['POST', `${address}/rotate`],
  ] as const)
    expect((await app.request(method, of, method === 'POST' ? {} : undefined, stranger)).status).toBe(404)
  expect(await ofRun(body.run_id)).toHaveLength(1)
})

test('it goes with the user whose run it was', async () => {
  const { body } = await begin({ url: receiver.url, events: ['run.failed'] })
  await app.finished(body.run_id)
  const erasure = await app.request<{ run_id: string }>('DELETE', '/v1/users/mara')
  await app.finished(erasure.body.run_id)
  expect(await ofRun(body.run_id)).toEqual([])
})

test('it goes when what its run was given is erased, and the run stays', async () => {
  const action = { type: 'memory_add', name: 'memory_add', description: 'Keeps what the user says.' }
  const definition = { name: 'keeper', actions: [action] }
  const { body: keeper } = await app.request<{ id: string }>('POST', '/v1/agents', definition)
  const { body } = await app.request<Started>('POST', `/v1/agents/${keeper.id}/runs`, {
    ...{ user_message: 'Nora sold her cello in June.', user_id: 'nora' },
    webhook: { url: receiver.url, events: ['run.completed'] },
  })
  expect(await app.finished(body.run_id)).toMatchObject({ outcome: 'committed' })
  expect(await ofRun(body.run_id)).toHaveLength(1)
  const [memory] = await app.list({ user_id: 'nora' })
  const erasing = { user_id: 'nora', topics: [memory?.topic], erase: true }
  const erasure = await app.request<{ run_id: string }>('POST', '/v1/memories/delete', erasing)
  expect(await app.finished(erasure.body.run_id)).toMatchObject({ state: 'completed' })
  expect(await ofRun(body.run_id)).toEqual([])
  expect((await app.request('GET', `/v1/runs/${body.run_id}`)).status).toBe(200)
})
