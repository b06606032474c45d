/** Who a client is, and how it is told what went wrong. */
import { expect, test } from 'vitest'
import { startTestApp } from '../../testing/test-app.ts'

type Identity = { readonly client_id: string; readonly instance_id: string }

test('a client is told who it is, the same for every key of its project', async () => {
  await using app = await startTestApp()
  const whoAmI = (key = app.key) =>
    // The library sends its ids with every call, empty while it does not know them, and a content type where there is no content.
    app.request<Identity>('GET', '/api/v1/auth/whoami', undefined, {
      key,
      headers: { 'x-client-id': '', 'x-instance-id': '', 'x-correlation-id': 'syn__1_abcdef' },
    })
  const first = await whoAmI()
  expect(first.status).toBe(200)
  expect(first.body.client_id).toMatch(/^cli_[0-9a-f]{16}$/)
  expect(first.body.instance_id).toMatch(/^inst_[0-9a-f]{16}$/)
  const other = await app.request<{ key: string }>('POST', '/v1/keys', { name: 'other', scopes: ['read'] })
  expect((await whoAmI(other.body.key)).body).toEqual(first.body)
  const project = await app.request<{ key: string }>('POST', '/v1/projects', { name: 'second' })
  expect((await whoAmI(project.body.key)).body.instance_id).not.toBe(first.body.instance_id)
})

test('errors have a detail, and a key that is missing or wrong is 401', async () => {
  await using app = await startTestApp()
  for (const key of [null, 'rem_wrong', 'nonsense']) {
    const { status, body, headers } = await app.request('GET', '/api/v1/auth/whoami', undefined, { key })
    expect([status, body]).toEqual([401, { detail: expect.any(String), code: 'unauthorized' }])
    expect(headers.get('content-type')).toContain('application/json')
  }
})

test('without the wire none of its paths is there', async () => {
  await using app = await startTestApp({ wires: 'none' })
  expect((await app.request('GET', '/api/v1/auth/whoami')).status).toBe(404)
})
