import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { SIGNATURE_AGE_MS_MAX } from '../kernel/limits.ts'
import { signatureMistake } from './trigger-signature.ts'

const secret = 'a secret of the trigger'
const body = Buffer.from('{"event":"order","id":7}')
const now = Date.parse('2026-11-25T10:00:00Z')
const hex = createHmac('sha256', secret).update(body).digest('hex')

const mistake = (headers: Record<string, string>, given: Partial<{ body: Buffer; secret: string }> = {}) =>
  signatureMistake(given.secret ?? secret, { headers, body: given.body ?? body, now })

test('the HMAC of the body in hex is good, in either case', () => {
  expect(mistake({ 'x-signature': hex })).toBeNull()
  expect(mistake({ 'x-signature': ` ${hex.toUpperCase()} ` })).toBeNull()
})

test.each([
  ['no signature', {}],
  ['an empty one', { 'x-signature': '' }],
  ['one cut short', { 'x-signature': hex.slice(0, -1) }],
  ['one with a prefix', { 'x-signature': `sha256=${hex}` }],
  ['that of another body', { 'x-signature': createHmac('sha256', secret).update('{}').digest('hex') }],
  ['that of another secret', { 'x-signature': createHmac('sha256', 'other').update(body).digest('hex') }],
  ['text beyond ASCII', { 'x-signature': 'é'.repeat(32) }],
])('%s is refused', (_name, headers) => {
  expect(mistake(headers)).toMatch(/[Ss]ignature/)
})

const standard = ({ id = 'msg_1', at = now, key = Buffer.from(secret) as Buffer } = {}) => {
  const timestamp = String(Math.floor(at / 1_000))
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}

test('a signature by Standard Webhooks is good, also as one of several', () => {
  expect(mistake(standard())).toBeNull()
  const headers = standard()
  expect(
    mistake({ ...headers, 'webhook-signature': `v1,AAAA v2,x ${headers['webhook-signature']}` }),
  ).toBeNull()
})

test('a secret in the form of Standard Webhooks is bytes', () => {
  const key = Buffer.from('0123456789abcdef0123456789abcdef')
  expect(mistake(standard({ key }), { secret: `whsec_${key.toString('base64')}` })).toBeNull()
})

test.each([
  ['too old', standard({ at: now - SIGNATURE_AGE_MS_MAX - 1_000 })],
  ['from the future', standard({ at: now + SIGNATURE_AGE_MS_MAX + 1_000 })],
  ['of another id', { ...standard(), 'webhook-id': 'msg_2' }],
  ['of another time', { ...standard(), 'webhook-timestamp': String(Math.floor(now / 1_000) + 1) }],
  ['without a time', { 'webhook-id': 'msg_1', 'webhook-signature': standard()['webhook-signature'] }],
  ['without its version', { ...standard(), 'webhook-signature': standard()['webhook-signature'].slice(3) }],
])('one %s is refused', (_name, headers) => {
  expect(mistake(headers)).not.toBeNull()
})

test('where a signature with its time is sent, one without counts for nothing', () => {
  expect(mistake({ ...standard(), 'webhook-signature': 'v1,AAAA', 'x-signature': hex })).not.toBeNull()
})
