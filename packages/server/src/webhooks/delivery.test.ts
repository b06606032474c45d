/** Deliveries over the real server, to real endpoints. */
import { expect, test } from 'vitest'
import { movableClock } from '../testing/movable-clock.ts'
import { startReceiver } from '../testing/receiver.ts'
import { startTestApp } from '../testing/test-app.ts'
import { deliveriesOf, makeWebhook, signatureBy, untilDelivery } from '../testing/webhook-scene.ts'

const webhookAllow = '127.0.0.0/8'
const DAY_MS = 24 * 3_600_000

test('an endpoint is told of a completed run, signed by its secret', async () => {
  await using receiver = await startReceiver()
  await using app = await startTestApp({ webhookAllow })
  const webhook = await makeWebhook(app, `${receiver.url}/hook?a=1`, { events: ['run.completed'] })
  const runId = await app.add('Mara keeps bees.')
  const run = await app.finished(runId)
  const [message] = await receiver.until(1)
  expect(message?.path).toBe('/hook?a=1')
  expect(message?.json).toMatchObject({ type: 'run.completed', timestamp: run.completed_at, data: run })
  expect(message?.headers['content-type']).toBe('application/json')
  if (message === undefined) throw new Error('nothing came')
  expect(message.headers['webhook-signature']).toBe(signatureBy(webhook.secret, message))
  const timestampMs = Number(message?.headers['webhook-timestamp']) * 1_000
  expect(Math.abs(timestampMs - Date.now())).toBeLessThan(60_000)
  const delivery = await untilDelivery(app, webhook, ({ state }) => state === 'delivered')
  expect(delivery).toMatchObject({
    delivery_id: message?.headers['webhook-id'],
    type: 'run.completed',
    run_id: runId,
    attempts: 1,
    next_attempt_at: null,
    last_status: 204,
    last_error: null,
  })
})

test('a failing endpoint is tried again, with the same id and body, after growing waits', async () => {
  const clock = movableClock()
  await using receiver = await startReceiver((_, index) =>
    index < 3 ? { status: 500, body: 'not now' } : 200,
  )
  await using app = await startTestApp({ webhookAllow, clock, random: () => 0.5 })
  const webhook = await makeWebhook(app, receiver.url, { events: ['run.*'] })
  await app.finished(await app.add('Mara keeps bees.'))
  const waits: number[] = []
  for (let attempts = 1; attempts <= 3; attempts++) {
    const failed = await untilDelivery(app, webhook, (one) => one.attempts === attempts)
    expect(failed).toMatchObject({
      state: 'pending',
      last_status: 500,
      last_error: 'the endpoint answered 500',
      last_response: 'not now',
    })
    const waitMs = Date.parse(failed.next_attempt_at ?? '') - clock.now()
    waits.push(Math.ceil(waitMs / 1_000))
    clock.advance(waitMs + 1)
  }
  expect(waits).toEqual([5, 30, 120])
  const messages = await receiver.until(4)
  expect(new Set(messages.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  expect(new Set(messages.map(({ body }) => body)).size).toBe(1)
  expect(new Set(messages.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(4)
  expect(await untilDelivery(app, webhook, (one) => one.state === 'delivered')).toMatchObject({ attempts: 4 })
})

test('after twelve attempts over some three days a delivery is dead, stays listed, and can be made again', async () => {
  const clock = movableClock()
  const begun = clock.now()
  let isUp = false
  await using receiver = await startReceiver(() => (isUp ? 200 : 503))
  await using app = await startTestApp({ webhookAllow, clock, random: () => 0.5 })
  const webhook = await makeWebhook(app, receiver.url, { events: ['run.*'] })
  await app.finished(await app.add('Mara keeps bees.'))
  for (let attempts = 1; attempts < 12; attempts++) {
    const { next_attempt_at } = await untilDelivery(app, webhook, (one) => one.attempts === attempts)
    clock.advance(Date.parse(next_attempt_at ?? '') - clock.now() + 1)
  }
  const dead = await untilDelivery(app, webhook, ({ state }) => state === 'dead')
  expect(dead).toMatchObject({ attempts: 12, next_attempt_at: null })
  expect((clock.now() - begun) / DAY_MS).toBeGreaterThan(2.5)
  expect((clock.now() - begun) / DAY_MS).toBeLessThan(3.5)
  expect(await deliveriesOf(app, webhook, '?state=dead')).toHaveLength(1)

  isUp = true
  const replayed = await app.request('POST', `/v1/webhooks/${webhook.webhook_id}/deliveries/replay`)
  expect(replayed.body).toEqual({ replayed: 1, has_more: false })
  await untilDelivery(app, webhook, ({ state }) => state === 'delivered')
  const messages = await receiver.until(13)
  expect(new Set(messages.map(({ body, headers }) => body + headers['webhook-id'])).size).toBe(1)
})

test('a longer wait that the endpoint asks for is kept', async () => {
  const clock = movableClock()
  await using receiver = await startReceiver((_, index) =>
    index === 0 ? { status: 429, headers: { 'retry-after': '3600' } } : 200,
  )
  await using app = await startTestApp({ webhookAllow, clock })
  const webhook = await makeWebhook(app, receiver.url, { events: ['run.*'] })
  await app.finished(await app.add('Mara keeps bees.'))
  const { next_attempt_at } = await untilDelivery(app, webhook, ({ attempts }) => attempts === 1)
  expect(Math.round((Date.parse(next_attempt_at ?? '') - clock.now()) / 60_000)).toBe(60)
})

test('410 disables the endpoint; what is written while it is disabled is not for it', async () => {
  await using receiver = await startReceiver(() => 410)
  await using app = await startTestApp({ webhookAllow })
  const webhook = await makeWebhook(app, receiver.url, { events: ['run.*'] })
  const address = `/v1/webhooks/${webhook.webhook_id}`
  await app.finished(await app.add('Mara keeps bees.'))
  expect(await untilDelivery(app, webhook, ({ state }) => state === 'dead')).toMatchObject({
    last_status: 410,
  })
  expect((await app.request('GET', address)).body).toMatchObject({
    enabled: false,
    disabled_reason: 'The endpoint answered 410 Gone.',
  })
  await app.finished(await app.add('Mara keeps goats.'))
  expect(await deliveriesOf(app, webhook)).toHaveLength(1)
  expect(await app.request('POST', `${address}/test`)).toMatchObject({ status: 409 })
  expect((await app.request('PATCH', address, { enabled: true })).body).toMatchObject({ enabled: true })
  await app.finished(await app.add('Mara keeps sheep.'))
  expect(await deliveriesOf(app, webhook)).toHaveLength(2)
})

test('an endpoint that hangs is cut off, and delays neither runs nor another endpoint', async () => {
  await using hanging = await startReceiver(() => 'hang')
  await using quick = await startReceiver()
  const limits = { webhookTimeoutMs: 600_000, webhookConcurrencyMax: 32 }
  await using app = await startTestApp({ webhookAllow, limits })
  await makeWebhook(app, hanging.url, { events: ['run.*'] })
  await makeWebhook(app, quick.url, { events: ['run.*'] })
  for (let run = 0; run < 20; run++) await app.finished(await app.add(`Mara keeps ${run} bees.`))
  await quick.until(20)
  expect(hanging.received.length).toBeLessThanOrEqual(8)
})

test('a hanging attempt counts as failed after its time', async () => {
  await using receiver = await startReceiver(() => 'hang')
  await using app = await startTestApp({ webhookAllow, limits: { webhookTimeoutMs: 50 } })
  const webhook = await makeWebhook(app, receiver.url, { events: ['run.*'] })
  await app.finished(await app.add('Mara keeps bees.'))
  expect(await untilDelivery(app, webhook, ({ attempts }) => attempts > 0)).toMatchObject({
    state: 'pending',
    last_status: null,
    last_error: 'no answer within 50 ms',
  })
})

test('however many endpoints are dead, the others are told at once', async () => {
  await using hanging = await startReceiver(() => 'hang')
  await using quick = await startReceiver()
  const limits = { webhookTimeoutMs: 300, webhookConcurrencyMax: 16, webhookCountMax: 50 }
  const clock = movableClock()
  await using app = await startTestApp({ webhookAllow, limits, clock })
  const dead = []
  for (let n = 0; n < 40; n++) dead.push(await makeWebhook(app, hanging.url, { events: ['run.*'] }))
  await app.finished(await app.add('Mara keeps bees.'))
  // From here on they are known to be dead, and share a quarter of the places.
  for (const webhook of dead) await untilDelivery(app, webhook, ({ attempts }) => attempts > 0)
  await makeWebhook(app, quick.url, { events: ['run.completed'] })
  for (let run = 0; run < 5; run++) await app.finished(await app.add(`Mara keeps ${run} goats.`))
  const before = hanging.received.length
  clock.advance(60_000)
  await quick.until(5)
  expect(hanging.received.length - before).toBeLessThan(40)
})

test('what an endpoint hears of a run it hears in order, over failures', async () => {
  const clock = movableClock()
  await using receiver = await startReceiver((_, index) => (index % 2 === 0 ? 500 : 200))
  await using app = await startTestApp({ webhookAllow, clock })
  const webhook = await makeWebhook(app, receiver.url)
  const items = ['Mara keeps bees.', 'Mara keeps goats.'].map((content) => ({
    content,
    topic: 'UserKnowledge',
  }))
  const runId = await app.add({ pre_extracted: { items } })
  await app.finished(runId)
  for (const count of [1, 3, 5]) {
    await receiver.until(count)
    // The one that failed waits; those behind it have no instant yet.
    const [failed, ...others] = await waiting()
    expect(others).toEqual([])
    clock.advance(Date.parse(failed?.next_attempt_at ?? '') - clock.now() + 1)
  }
  await receiver.until(6)
  await untilDelivery(app, webhook, ({ state }) => state === 'delivered')
  expect(receiver.received.map(({ json }) => json.type)).toEqual([
    'memory.created',
    'memory.created',
    'memory.created',
    'memory.created',
    'run.completed',
    'run.completed',
  ])
  const memories = receiver.received.slice(0, 4).map(({ json }) => json.data)
  expect(memories[0]).toEqual(memories[1])
  expect(memories[0]).toMatchObject({ run_id: runId, user_id: 'mara', version: 1, topic: 'UserKnowledge' })
  expect(JSON.stringify(memories)).not.toContain('bees')

  async function waiting() {
    for (;;) {
      const found = (await deliveriesOf(app, webhook)).filter(
        ({ next_attempt_at, attempts }) => next_attempt_at !== null && attempts > 0,
      )
      if (found.length > 0) return found
    }
  }
})
