/** Who may do what: three headers, the ways to get them wrong, four scopes. */
import { afterAll, expect, test } from 'vitest'
import { keyScopes } from '../projects/project.ts'
import { contracts } from '../testing/contract/index.ts'
import { operationsOf } from '../testing/open-api.ts'
import { startTestApp } from '../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)

const verify = (headers: Record<string, string>) =>
  app.request<{ detail: string }>('GET', '/v1/auth/verify', undefined, { key: null, headers })

test('a good key verifies with 204 and nothing else', async () => {
  const answer = await app.request('GET', '/v1/auth/verify')
  expect([answer.status, answer.text]).toEqual([204, ''])
})

const wrongHeaders: Record<string, Record<string, string>> = {
  'no header': {},
  'no scheme': { authorization: app.key },
  'another scheme': { authorization: `Digest ${app.key}` },
  'Basic without a pair in base64': { authorization: `Basic ${app.key}` },
  'Basic with another key': { authorization: `Basic ${btoa('key:rem_unknown')}` },
  'a scheme in other case': { authorization: `bearer ${app.key}` },
  'a scheme in capitals': { authorization: `BEARER ${app.key}` },
  'a key that is none': { authorization: 'Bearer sk-12345' },
  'an unknown key': { authorization: 'Bearer rem_unknown' },
  'an unknown key in the form of other servers': { authorization: 'Bearer eng_unknown' },
  'an unknown key in X-API-Key': { 'x-api-key': 'rem_unknown' },
  'an unknown key beside a good one in X-API-Key': {
    authorization: 'Bearer rem_unknown',
    'x-api-key': app.key,
  },
}

test.each(Object.entries(wrongHeaders))('401 for %s', async (_name, headers) => {
  const { status, body, headers: answered } = await verify(headers)
  expect({ status, body }).toMatchObject({ status: 401, body: { status: 401, code: 'unauthorized' } })
  expect(answered.get('content-type')).toMatch(/^application\/problem\+json/)
  expect(answered.get('www-authenticate')).toBe('Bearer')
})

test.each([
  ['as X-API-Key', { 'x-api-key': app.key }],
  ['as the password of Basic', { authorization: `Basic ${btoa(`key:${app.key}`)}` }],
  ['as the user name of Basic', { authorization: `basic ${btoa(`${app.key}:`)}` }],
])('the same key is good %s', async (_way, headers) => {
  expect((await verify(headers)).status).toBe(204)
})

test('each way to get it wrong has its own detail', async () => {
  const ways = [
    'no header',
    'no scheme',
    'Basic without a pair in base64',
    'a scheme in other case',
    'a key that is none',
    'an unknown key',
  ]
  const details = await Promise.all(
    ways.map(async (way) => (await verify(wrongHeaders[way] ?? {})).body.detail),
  )
  expect(new Set(details).size).toBe(ways.length)
})

test('the key is looked at before path, query and body', async () => {
  const options = { key: 'rem_unknown' }
  const answers = await Promise.all([
    app.request('POST', '/v1/memories', '{"input": broken', options),
    app.request('POST', '/v1/memories', 'x'.repeat(2_000_000), options),
    app.request('GET', '/v1/memories/not-a-uuid', undefined, options),
    app.request('GET', '/v1/runs?limit=x', undefined, options),
  ])
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401])
})

test('health, readiness and the documentation need no key', async () => {
  const open = ['/health', '/ready', '/openapi.json', '/docs']
  const answers = await Promise.all(open.map((path) => app.request('GET', path, undefined, { key: null })))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
})

const needed = (name: string) => contracts[name]?.scope

test.each(keyScopes)('a key with the scope %s opens its routes and no others', async (scope) => {
  const { body } = await app.request<{ key: string }>('POST', '/v1/keys', { name: scope, scopes: [scope] })
  const refused: string[] = []
  for (const { method, path, name } of (await operationsOf(app)).filter((one) => one.needsKey)) {
    const address = path.replace(/\{\w+\}/, 'x') // good or bad: the scope is looked at first
    const send = method === 'GET' || method === 'DELETE' ? undefined : {}
    const answer = await app.request<{ code: string }>(method, address, send, { key: body.key })
    if (answer.status === 403 && answer.body.code === 'forbidden') refused.push(name)
  }
  const others = Object.keys(contracts).filter((name) => needed(name) !== undefined && needed(name) !== scope)
  expect(refused.sort()).toEqual(others.sort())
})
