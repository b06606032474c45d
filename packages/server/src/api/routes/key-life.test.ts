/** Keys that end by themselves, are renamed, and give place to another. Time is the test's own. */
import { afterAll, expect, test } from 'vitest'
import { systemClock } from '../../kernel/clock.ts'
import { type RequestOptions, startTestApp } from '../../testing/test-app.ts'

let now = Date.parse('2026-11-01T08:00:00Z')
const clock = {
  now: () => now,
  sleep: systemClock.sleep,
  advance: (ms: number) => {
    now += ms
  },
}
const app = await startTestApp({ clock })
afterAll(app.stop)

type Key = {
  readonly key_id: string
  readonly key: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly state: string
  readonly expires_at: string | null
  readonly replaced_by: string | null
}
const post = (path: string, body: object, options?: RequestOptions) =>
  app.request<Key>('POST', path, body, options)
const create = async (members: object = {}) =>
  (await post('/v1/keys', { name: 'a key', scopes: ['read'], ...members })).body
const patch = (keyId: string, body: object, options?: RequestOptions) =>
  app.request<Key>('PATCH', `/v1/keys/${keyId}`, body, options)
const listed = async (keyId: string) =>
  (await app.request<{ keys: Key[] }>('GET', '/v1/keys')).body.keys.find(({ key_id }) => key_id === keyId)
const verify = (key: string) => app.request('GET', '/v1/auth/verify', undefined, { key })
const inMs = (ms: number) => new Date(clock.now() + ms).toISOString()
const minute = 60_000

test('a key opens until its expiry and not at it, though it was used a moment before', async () => {
  const expires_at = inMs(10 * minute)
  const { key, key_id } = await create({ expires_at })
  clock.advance(10 * minute - 1)
  expect((await verify(key)).status).toBe(204)
  expect(await listed(key_id)).toMatchObject({ state: 'active', expires_at })
  clock.advance(1)
  expect(await verify(key)).toMatchObject({
    status: 401,
    body: { code: 'unauthorized', detail: `The API key expired at ${expires_at}.` },
  })
  expect(await listed(key_id)).toMatchObject({ state: 'expired' })
})

test('what has expired by then makes no key and changes none', async () => {
  const { key_id } = await create()
  for (const expires_at of [inMs(0), inMs(-1), '1970-01-01T00:00:00Z']) {
    const refused = {
      status: 400,
      body: { code: 'invalid_request', detail: 'expires_at must be in the future.' },
    }
    expect(await post('/v1/keys', { name: 'late', scopes: ['read'], expires_at })).toMatchObject(refused)
    expect(await patch(key_id, { expires_at })).toMatchObject(refused)
    expect(await post(`/v1/keys/${key_id}/rotate`, { expires_at })).toMatchObject(refused)
  }
  expect(await listed(key_id)).toMatchObject({ expires_at: null, replaced_by: null })
})

test('a key is renamed and given an end, also while it is in use', async () => {
  const { key, key_id } = await create()
  expect((await verify(key)).status).toBe(204)
  expect(await patch(key_id, { name: 'dashboard' })).toMatchObject({
    status: 200,
    body: { name: 'dashboard' },
  })
  const expires_at = inMs(minute)
  expect((await patch(key_id, { expires_at })).body).toMatchObject({ name: 'dashboard', expires_at })
  expect((await patch(key_id, { expires_at })).text).not.toContain(key)
  clock.advance(minute)
  expect((await verify(key)).status).toBe(401)
  // An administrator may think again.
  expect((await patch(key_id, { expires_at: inMs(minute) })).body.state).toBe('active')
  expect((await verify(key)).status).toBe(204)
})

test.each([{}, { name: null }, { name: null, expires_at: null }])('%j changes nothing', async (body) => {
  const { key_id } = await create()
  expect(await patch(key_id, body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
})

test('a rotated key goes on for its grace, beside the new one', async () => {
  const old = await create({ name: 'bot', scopes: ['write', 'read'] })
  expect((await verify(old.key)).status).toBe(204)
  const { status, body } = await post(`/v1/keys/${old.key_id}/rotate`, { grace_seconds: 120 })
  expect([status, body]).toEqual([
    201,
    expect.objectContaining({ name: 'bot', scopes: ['write', 'read'], expires_at: null }),
  ])
  expect(body.key_id).not.toBe(old.key_id)
  expect([(await verify(old.key)).status, (await verify(body.key)).status]).toEqual([204, 204])
  expect(await listed(old.key_id)).toMatchObject({ state: 'active', replaced_by: body.key_id })
  clock.advance(2 * minute)
  expect([(await verify(old.key)).status, (await verify(body.key)).status]).toEqual([401, 204])
})

test('without grace the old key is refused at once, also the key of the call', async () => {
  const own = await create({ scopes: ['admin'] })
  const { body } = await post(`/v1/keys/${own.key_id}/rotate`, {}, { key: own.key })
  expect([(await verify(own.key)).status, (await verify(body.key)).status]).toEqual([401, 204])
  expect(await post(`/v1/keys/${own.key_id}/rotate`, {})).toMatchObject({
    status: 404,
    body: { code: 'not_found' },
  })
})

test('the new key lives as long as the old one was given, or as is asked for; grace prolongs no life', async () => {
  const old = await create({ expires_at: inMs(10 * minute) })
  clock.advance(9 * minute)
  const { body: next } = await post(`/v1/keys/${old.key_id}/rotate`, { grace_seconds: 3_600 })
  expect(next.expires_at).toBe(inMs(10 * minute))
  expect(await listed(old.key_id)).toMatchObject({ expires_at: old.expires_at })
  const expires_at = inMs(99 * minute)
  expect((await post(`/v1/keys/${next.key_id}/rotate`, { expires_at })).body).toMatchObject({ expires_at })
})

test('who is no operator gives that scope to nobody, and touches no key that has it', async () => {
  const admin = { key: (await create({ scopes: ['read', 'write', 'admin'] })).key }
  const operator = await create({ scopes: ['operator'] })
  const forbidden = { status: 403, body: { code: 'forbidden', detail: expect.stringContaining('operator') } }
  const keys = `/v1/keys/${operator.key_id}`
  expect(await post('/v1/keys', { name: 'x', scopes: ['operator'] }, admin)).toMatchObject(forbidden)
  expect(await patch(operator.key_id, { name: 'x' }, admin)).toMatchObject(forbidden)
  expect(await post(`${keys}/rotate`, {}, admin)).toMatchObject(forbidden)
  expect(await app.request('DELETE', keys, undefined, admin)).toMatchObject(forbidden)
  expect(await listed(operator.key_id)).toMatchObject({ state: 'active', name: 'a key' })
  expect((await app.request('DELETE', keys)).status).toBe(204)
})

test.each([
  [{ grace_seconds: -1 }],
  [{ grace_seconds: 0.5 }],
  [{ grace_seconds: 2_592_001 }],
  [{ grace_seconds: '60' }],
  [{ grace: 60 }],
  [{ scopes: ['read'] }],
])('%j rotates no key', async (body) => {
  const { key, key_id } = await create()
  expect(await post(`/v1/keys/${key_id}/rotate`, body)).toMatchObject({
    status: 422,
    body: { code: 'invalid_body' },
  })
  expect((await verify(key)).status).toBe(204)
})
