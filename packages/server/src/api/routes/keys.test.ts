/** Keys: made for a purpose, shown once, listed without their secret, revoked at once. */
import { afterAll, expect, test } from 'vitest'
import { startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)

type Key = { readonly key_id: string; readonly key: string; readonly prefix: string }
const create = (body: object) => app.request<Key>('POST', '/v1/keys', body)
const listed = async () => (await app.request<{ keys: Key[] }>('GET', '/v1/keys')).body.keys
const statusWith = async (key: string) =>
  (await app.request('GET', '/v1/auth/verify', undefined, { key })).status

test('a new key works, and its secret is in that answer only', async () => {
  const { status, body } = await create({ name: 'for the bot', scopes: ['read', 'write'] })
  expect(status).toBe(201)
  expect(body).toEqual({
    key_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    key: expect.stringMatching(/^rem_[\w-]{43}$/),
    prefix: body.key.slice(0, 12),
    name: 'for the bot',
    scopes: ['read', 'write'],
    state: 'active',
    created_at: expect.any(String),
    expires_at: null,
    replaced_by: null,
    last_used_at: null,
    revoked_at: null,
  })
  expect(await statusWith(body.key)).toBe(204)
  const { text } = await app.request('GET', '/v1/keys')
  expect(text).toContain(body.key_id)
  expect(text).not.toContain(body.key)
})

test('the list tells when a key was last used', async () => {
  const { body } = await create({ name: 'used', scopes: ['read'] })
  await statusWith(body.key)
  await expect
    .poll(async () => (await listed()).find(({ key_id }) => key_id === body.key_id), { interval: 3 })
    .toMatchObject({ last_used_at: expect.any(String) })
})

test('a revoked key opens nothing from that moment on, and stays in the list', async () => {
  const { body } = await create({ name: 'short-lived', scopes: ['read'] })
  expect(await statusWith(body.key)).toBe(204)
  expect((await app.request('DELETE', `/v1/keys/${body.key_id}`)).status).toBe(204)
  expect(await statusWith(body.key)).toBe(401)
  const entry = (await listed()).find(({ key_id }) => key_id === body.key_id)
  expect(entry).toMatchObject({ state: 'revoked', revoked_at: expect.any(String) })
  expect((await app.request('DELETE', `/v1/keys/${body.key_id}`)).status).toBe(404)
})

test('a key cannot revoke itself', async () => {
  const { body } = await create({ name: 'suicidal', scopes: ['admin'] })
  const answer = await app.request('DELETE', `/v1/keys/${body.key_id}`, undefined, { key: body.key })
  expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } })
  expect(await statusWith(body.key)).toBe(204)
})

test('unknown ids are 404, what is no id is 422', async () => {
  expect(await app.request('DELETE', '/v1/keys/01a206d6-b94d-7475-acf8-b2edeb3ff0bc')).toMatchObject({
    status: 404,
    body: { code: 'not_found' },
  })
  expect((await app.request('DELETE', '/v1/keys/1')).status).toBe(422)
})

test.each([
  [{ name: 'x' }],
  [{ scopes: ['read'] }],
  [{ name: '', scopes: ['read'] }],
  [{ name: 'x', scopes: [] }],
  [{ name: 'x', scopes: ['root'] }],
  [{ name: 'x', scopes: ['read', 'read'] }],
  [{ name: 'x', scopes: ['read'], key: 'rem_chosen' }],
  [{ name: 'x', scopes: ['read'], expires_at: 'tomorrow' }],
  [{ name: 'x', scopes: ['read'], expires_at: 1_900_000_000 }],
])('%j makes no key', async (body) => {
  const before = (await listed()).length
  expect(await create(body)).toMatchObject({ status: 422, body: { code: 'invalid_body' } })
  expect(await listed()).toHaveLength(before)
})
