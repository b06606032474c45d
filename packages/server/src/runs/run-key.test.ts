import { expect, test } from 'vitest'
import { ownKey } from './run-key.ts'

test('a key of the server is none that a header can carry, and tells everything apart that it is made of', async () => {
  const key = ownKey('document', ['group', null, { b: '1', a: '2' }, 'id'])
  expect(key).toMatch(/^ document [0-9a-f]{64}$/)
  // What a header is sent with at its ends is no part of it.
  expect(new Headers({ 'idempotency-key': key }).get('idempotency-key')).not.toBe(key)
  expect(ownKey('document', ['group', null, { a: '2', b: '1' }, 'id'])).toBe(key)
  const others = [
    ['group', 'null', {}, 'id'],
    ['group', null, {}, 'id'],
    ['group', null, { b: '1', a: '2' }],
  ]
  for (const parts of others) expect(ownKey('document', parts)).not.toBe(key)
  expect(ownKey('gomemory', ['id'])).not.toBe(ownKey('document', ['id']))
})
