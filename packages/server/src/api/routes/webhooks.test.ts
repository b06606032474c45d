import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { startReceiver } from '../../testing/receiver.ts'
import { startTestApp } from '../../testing/test-app.ts'
import {
  deliveriesOf,
  makeWebhook,
  signatureBy,
  untilDelivery,
  type WebhookBody,
} from '../../testing/webhook-scene.ts'

const app = await startTestApp({ webhookAllow: '127.0.0.0/8', limits: { webhookCountMax: 8 } })
afterAll(app.stop)

const addressOf = ({ webhook_id }: WebhookBody) => `/v1/webhooks/${webhook_id}`
const remove = (webhook: WebhookBody) => app.request('DELETE', addressOf(webhook))
afterEach(async () => {
  const { body } = await app.request<{ webhooks: WebhookBody[] }>('GET', '/v1/webhooks')
  for (const webhook of body.webhooks) await remove(webhook)
})

test('a webhook is made for all events unless others are named; its secret is shown this once', async () => {
  const webhook = await makeWebhook(app, 'https://a.example/hook')
  expect(webhook).toMatchObject({
    url: 'https://a.example/hook',
    events: ['*'],
    description: '',
    user_id: null,
    tags: [],
    enabled: true,
    disabled_at: null,
    previous_secret_expires_at: null,
    secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
  })
  const { secret, ...shown } = webhook
  expect((await app.request('GET', '/v1/webhooks')).body).toEqual({ webhooks: [shown] })
  expect(
    await app.request('GET', addressOf(webhook).toUpperCase().replace('/V1/WEBHOOKS', '/v1/webhooks')),
  ).toMatchObject({ status: 200, body: shown })
  expect(await remove(webhook)).toMatchObject({ status: 204, text: '' })
  expect(await app.request('GET', addressOf(webhook))).toMatchObject({
    status: 404,
    body: { code: 'not_found' },
  })
  expect(await remove(webhook)).toMatchObject({ status: 404 })
})

test.each([
  ['http://10.0.0.1/', 'target_refused'],
  ['http://169.254.169.254/latest/meta-data', 'target_refused'],
  ['http://[::1]:8080/', 'target_refused'],
  ['http://[::ffff:10.1.2.3]/', 'target_refused'],
  ['https://user:secret@a.example/', 'target_refused'],
  ['ftp://a.example/', 'target_refused'],
  ['javascript:alert(1)', 'target_refused'],
  ['a.example', 'target_refused'],
  ['', 'invalid_body'],
  [`https://a.example/${'x'.repeat(2_048)}`, 'invalid_body'],
])('nothing is delivered to %s', async (url, code) => {
  const answer = await app.request<{ code: string; errors: { location: string }[] }>('POST', '/v1/webhooks', {
    url,
  })
  expect(answer).toMatchObject({ status: 422, body: { code, errors: [{ location: 'body.url' }] } })
  expect((await app.request('GET', '/v1/webhooks')).body).toEqual({ webhooks: [] })
})

test('a changed address is checked too, and what is refused changes nothing', async () => {
  const webhook = await makeWebhook(app, 'https://a.example/')
  const refused = { url: 'http://192.168.0.1/', description: 'changed' }
  expect(await app.request('PATCH', addressOf(webhook), refused)).toMatchObject({
    status: 422,
    body: { code: 'target_refused' },
  })
  expect(await app.request('GET', addressOf(webhook))).toMatchObject({
    body: { url: 'https://a.example/', description: '' },
  })
  await remove(webhook)
})

test('an unknown type of event is refused by name', async () => {
  const body = { url: 'https://a.example/', events: ['run.completed', 'run.exploded'] }
  expect(await app.request('POST', '/v1/webhooks', body)).toMatchObject({
    status: 422,
    body: {
      code: 'invalid_body',
      errors: [
        { location: 'body.events[1]', message: expect.stringContaining('run.completed, run.partial') },
      ],
    },
  })
})

test('members are changed one by one', async () => {
  const webhook = await makeWebhook(app, 'https://a.example/', { user_id: 'Mara', description: 'old' })
  const change = async (body: object) => (await app.request('PATCH', addressOf(webhook), body)).body
  expect(await change({ description: 'new', events: ['run.failed'] })).toMatchObject({
    user_id: 'Mara',
    description: 'new',
    events: ['run.failed'],
  })
  expect(await change({ all_users: true })).toMatchObject({ user_id: null, description: 'new' })
  expect(await change({ enabled: false })).toMatchObject({
    enabled: false,
    disabled_reason: 'Disabled by request.',
  })
  expect(await change({ enabled: true })).toMatchObject({ enabled: true, disabled_reason: null })
  expect(await change({})).toMatchObject({ description: 'new' })
  await remove(webhook)
})

test('a secret may be brought along, if it is one', async () => {
  const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`
  const webhook = await makeWebhook(app, 'https://a.example/', { secret })
  expect(webhook.secret).toBe(secret)
  await remove(webhook)
  for (const wrong of ['whsec_c2hvcnQ=', 'secret', secret.slice(0, -2)])
    expect(
      await app.request('POST', '/v1/webhooks', { url: 'https://a.example/', secret: wrong }),
    ).toMatchObject({ status: 422, body: { code: 'invalid_body' } })
})

test('a project has so many and no more', async () => {
  for (let n = 0; n < 8; n++) await makeWebhook(app, `https://a.example/${n}`)
  expect(await app.request('POST', '/v1/webhooks', { url: 'https://a.example/' })).toMatchObject({
    status: 409,
    body: { code: 'limit_reached' },
  })
})

test.each(['read', 'write'])('a key with the scope %s sees and changes no webhooks', async (scope) => {
  const { body } = await app.request<{ key: string }>('POST', '/v1/keys', { name: scope, scopes: [scope] })
  for (const [method, path] of [
    ['GET', '/v1/webhooks'],
    ['POST', '/v1/webhooks'],
  ] as const)
    expect(
      await app.request(method, path, method === 'POST' ? { url: 'https://a.example/' } : undefined, {
        key: body.key,
      }),
    ).toMatchObject({ status: 403, body: { code: 'forbidden' } })
})

describe('deliveries', () => {
  test('while a secret is rotated a delivery is signed by both, for whoever verifies with either', async () => {
    await using receiver = await startReceiver()
    const webhook = await makeWebhook(app, receiver.url)
    const rotated = await app.request<WebhookBody>('POST', `${addressOf(webhook)}/rotate`, {
      overlap_seconds: 3_600,
    })
    expect(rotated.body.secret).not.toBe(webhook.secret)
    await app.request('POST', `${addressOf(webhook)}/test`)
    const [message] = await receiver.until(1)
    if (message === undefined) throw new Error('nothing came')
    const signatures = String(message.headers['webhook-signature']).split(' ')
    expect(signatures).toEqual([
      signatureBy(rotated.body.secret, message),
      signatureBy(webhook.secret, message),
    ])
    await app.request('POST', `${addressOf(webhook)}/rotate`, { overlap_seconds: 0 })
    await app.request('POST', `${addressOf(webhook)}/test`)
    const [, second] = await receiver.until(2)
    expect(String(second?.headers['webhook-signature']).split(' ')).toHaveLength(1)
  })

  test('a test is delivered once, and says how it went', async () => {
    await using receiver = await startReceiver((_, index) =>
      index === 0 ? { status: 500, body: 'no' } : 204,
    )
    const webhook = await makeWebhook(app, receiver.url, { events: ['run.failed'] })
    const test = await app.request<{ delivery_id: string }>('POST', `${addressOf(webhook)}/test`)
    expect(test).toMatchObject({ status: 200, body: { type: 'webhook.test', run_id: null, attempts: 0 } })
    expect(await untilDelivery(app, webhook, ({ state }) => state !== 'pending')).toMatchObject({
      state: 'dead',
      attempts: 1,
      last_error: 'the endpoint answered 500',
      last_response: 'no',
    })
    const address = `${addressOf(webhook)}/deliveries/${test.body.delivery_id}`
    expect((await app.request<{ body: string }>('GET', address)).body.body).toBe(receiver.received[0]?.body)
    expect(await app.request('POST', `${address}/replay`)).toMatchObject({ body: { state: 'pending' } })
    expect(await untilDelivery(app, webhook, ({ state }) => state !== 'pending')).toMatchObject({
      state: 'delivered',
    })
    const [first, second] = receiver.received
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  })

  test('an endpoint hears only of the user it is for', async () => {
    await using receiver = await startReceiver()
    const webhook = await makeWebhook(app, receiver.url, { user_id: 'JON', events: ['run.*'] })
    await app.finished(await app.add('Mara keeps bees.'))
    const runId = await app.add('Jon keeps goats.', { user_id: 'jon' })
    await app.finished(runId)
    await untilDelivery(app, webhook, ({ state }) => state === 'delivered')
    expect(receiver.received.map(({ json }) => json.data.run_id)).toEqual([runId])
  })

  test('an endpoint hears only of runs that have one of its tags', async () => {
    await using receiver = await startReceiver()
    const webhook = await makeWebhook(app, receiver.url, { tags: ['a', 'b'], events: ['run.*'] })
    await app.finished(await app.add('Mara keeps hens.', { tags: ['c'] }))
    await app.finished(await app.add('Mara keeps ducks.'))
    const runId = await app.add('Mara keeps geese.', { tags: ['c', 'b'] })
    await app.finished(runId)
    await receiver.until(1)
    await app.request('PATCH', addressOf(webhook), { tags: [] })
    const last = await app.add('Mara keeps swans.')
    await app.finished(last)
    await receiver.until(2)
    expect(receiver.received.map(({ json }) => json.data.run_id)).toEqual([runId, last])
  })

  test('a redirect to an address that is not allowed counts as failed, and nothing is sent there', async () => {
    await using receiver = await startReceiver(() => ({
      status: 307,
      headers: { location: `http://[::1]:${receiver.port}/inner` },
    }))
    const webhook = await makeWebhook(app, receiver.url)
    await app.request('POST', `${addressOf(webhook)}/test`)
    expect(await untilDelivery(app, webhook, ({ state }) => state === 'dead')).toMatchObject({
      last_error:
        'the redirect leads astray: the address ::1 is loopback, and not allowed by REMANENCE_WEBHOOK_ALLOW',
    })
    expect(receiver.received.map(({ path }) => path)).toEqual(['/'])
  })

  test('deliveries are listed by state and page by page; another list’s cursor is refused', async () => {
    await using receiver = await startReceiver()
    const webhook = await makeWebhook(app, receiver.url)
    for (let n = 0; n < 3; n++) await app.request('POST', `${addressOf(webhook)}/test`)
    await receiver.until(3)
    const page = await app.request<{ next_cursor: string; deliveries: object[] }>(
      'GET',
      `${addressOf(webhook)}/deliveries?limit=2`,
    )
    expect(page.body.deliveries).toHaveLength(2)
    const rest = await deliveriesOf(app, webhook, `?limit=2&cursor=${page.body.next_cursor}`)
    expect(rest).toHaveLength(1)
    expect(await deliveriesOf(app, webhook, '?state=dead')).toEqual([])
    expect(await app.request('GET', `${addressOf(webhook)}/deliveries?cursor=bm9uZQ`)).toMatchObject({
      status: 422,
    })
    await remove(webhook)
    expect(await app.request('GET', `${addressOf(webhook)}/deliveries`)).toMatchObject({ status: 404 })
  })
})
