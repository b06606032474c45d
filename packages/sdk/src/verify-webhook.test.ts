import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { verifyWebhook, WebhookVerificationError } from './index.ts'

const now = 1_614_265_330_000

// The example of the specification's own libraries.
const spec = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
  body: '{"test": 2432232314}',
  now,
}

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const body = JSON.stringify({
  type: 'run.completed',
  timestamp: '2026-11-01T08:00:00.000Z',
  data: { run_id: 'r1', committed_operations: null, metadata: { my_key: 'Grüße' } },
})
const sign = (by: string, text = body) =>
  `v1,${createHmac('sha256', Buffer.from(by.slice(6), 'base64'))
    .update(`m1.1614265330.${text}`)
    .digest('base64')}`
const headers = (signature: string) => ({
  'webhook-id': 'm1',
  'webhook-timestamp': '1614265330',
  'webhook-signature': signature,
})
const message = { secret, headers: headers(sign(secret)), body, now }

test('the example of the specification is genuine', async () => {
  expect(await verifyWebhook(spec)).toEqual({ id: spec.headers['webhook-id'], test: 2432232314 })
})

test('an event is read with its id, its keys as in TypeScript, metadata as it is', async () => {
  const event = {
    id: 'm1',
    type: 'run.completed',
    timestamp: '2026-11-01T08:00:00.000Z',
    data: { runId: 'r1', committedOperations: null, metadata: { my_key: 'Grüße' } },
  }
  expect(await verifyWebhook(message)).toEqual(event)
  expect(await verifyWebhook({ ...message, body: new TextEncoder().encode(body) })).toEqual(event)
  expect(await verifyWebhook({ ...message, headers: new Headers(message.headers) })).toEqual(event)
})

const other = `whsec_${Buffer.alloc(24, 9).toString('base64')}`

test('one fitting signature of several, by one of several secrets, is enough', async () => {
  const several = `v1a,ed25519 ${sign(other)} v1,!!! v1,AAAA ${sign(secret)}`
  await verifyWebhook({ ...message, headers: headers(several) })
  await verifyWebhook({ ...message, secret: [other, secret] })
})

test.each([
  ['another body', { body: body.replace('r1', 'r2') }],
  ['a body that was parsed and written again', { body: JSON.stringify(JSON.parse(body), null, 1) }],
  ['another secret', { secret: other }],
  ['no secret at all', { secret: [] }],
  ['a secret of another form', { secret: 'secret' }],
  ['another id', { headers: { ...message.headers, 'webhook-id': 'm2' } }],
  ['another time', { headers: { ...message.headers, 'webhook-timestamp': '1614265331' } }],
  ['no time', { headers: { ...message.headers, 'webhook-timestamp': 'now' } }],
  ['no id', { headers: { ...message.headers, 'webhook-id': undefined } }],
  ['no signature', { headers: { ...message.headers, 'webhook-signature': '' } }],
  ['a signature of another version', { headers: headers(sign(secret).replace('v1,', 'v2,')) }],
  ['a shortened signature', { headers: headers(sign(secret).slice(0, 20)) }],
  ['an old message', { now: now + 301_000 }],
  ['a message from the future', { now: now - 301_000 }],
  ['a message older than asked for', { now: now + 11_000, toleranceSeconds: 10 }],
])('%s is refused', async (_, over) => {
  await expect(verifyWebhook({ ...message, ...over })).rejects.toThrow(WebhookVerificationError)
})
