import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { isWebhookSecret, newWebhookSecret, signatureHeaders } from './signature.ts'

// The example of the specification's own libraries.
const example = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  at: 1_614_265_330_000,
  body: '{"test": 2432232314}',
}

test('signs the example of the specification', () => {
  expect(signatureHeaders(example, [example.secret])).toEqual({
    'webhook-id': example.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

test('signs by every secret, of the bytes of the body in UTF-8', () => {
  const secrets = [newWebhookSecret(), newWebhookSecret()]
  const headers = signatureHeaders({ ...example, body: '{"a":"Grüße 🐝"}' }, secrets)
  const signed = Buffer.from(`${example.id}.1614265330.{"a":"Grüße 🐝"}`, 'utf8')
  const expected = secrets.map(
    (secret) =>
      `v1,${createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
        .update(signed)
        .digest('base64')}`,
  )
  expect(headers['webhook-signature']).toBe(expected.join(' '))
})

const secretOf = (byteCount: number) => `whsec_${Buffer.alloc(byteCount, 255).toString('base64')}`

test.each([newWebhookSecret(), secretOf(24), secretOf(64), example.secret])('%s is a secret', (secret) =>
  expect(isWebhookSecret(secret)).toBe(true),
)

test.each([
  '',
  'whsec_',
  'secret',
  secretOf(23),
  secretOf(65),
  `${secretOf(32)}=`,
  `whsec_${'!'.repeat(40)}`,
  `whsec_${'A'.repeat(33)}`,
])('%j is none', (secret) => expect(isWebhookSecret(secret)).toBe(false))
