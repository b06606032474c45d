/** Imports that are no lines of an export, as a whole or in one of them. */
import { expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../testing/test-app.ts'

const exported = async (app: TestApp): Promise<string> => (await app.request('GET', '/v1/export')).text

const post = (app: TestApp, text: string) =>
  app.request<{ detail: string }>('POST', '/v1/import', text, {
    headers: { 'content-type': 'application/x-ndjson' },
  })

const header = '{"type":"header","format":"remanence","version":1}'
test.each([
  ['nothing', '', 'invalid_body', 422],
  ['no header', '{"type":"user"}', 'invalid_body', 422],
  ['another format', '{"type":"header","format":"remanence","version":2}', 'invalid_body', 422],
  ['no JSON', `${header}\n{"type":`, 'malformed_json', 400],
  ['an unknown type', `${header}\n{"type":"key"}`, 'invalid_body', 422],
  ['no type', `${header}\n[]`, 'invalid_body', 422],
  [
    'a missing member',
    `${header}\n{"type":"user","cursor":"user:x","user_id":"x","created_at":1}`,
    'invalid_body',
    422,
  ],
  [
    'a wrong member',
    `${header}\n\n{"type":"user","cursor":"user:x","user_id":"x","created_at":"1","active_at":1}`,
    'invalid_body',
    422,
  ],
])('an import of %s is refused with its line, and nothing is stored', async (_what, body, code, status) => {
  await using app = await startTestApp()
  const before = await exported(app)
  expect(await post(app, body)).toMatchObject({ status, body: { code } })
  expect(await exported(app)).toBe(before)
  expect((await app.request('GET', '/v1/runs')).body).toMatchObject({ runs: [] })
})

test('a line is named by its number', async () => {
  await using app = await startTestApp()
  const { body } = await post(
    app,
    `${header}\n\n{"type":"user","cursor":"user:x","user_id":"x","created_at":"1","active_at":1}`,
  )
  expect(body.detail).toMatch(/^Line 3: /)
})
