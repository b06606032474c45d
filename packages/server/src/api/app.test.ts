/** What holds for every route: addresses, content types, the documents about the API itself. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, expect, test } from 'vitest'
import { defaultLimits } from '../kernel/limits.ts'
import { operationsOf } from '../testing/open-api.ts'
import { startTestApp } from '../testing/test-app.ts'
import type { Api, RouteDependencies } from './route.ts'
import { routes } from './routes/index.ts'

const app = await startTestApp()
afterAll(app.stop)

test.each([
  ['GET', '/'],
  ['GET', '/v1'],
  ['GET', '/groups'],
  ['POST', '/memories'],
  ['GET', '/v1/groups/'],
  ['GET', '/v1/runs/'],
  ['GET', '/v1/runs//events'],
  ['DELETE', '/v1/memories/'],
  ['PUT', '/v1/groups/'],
  ['POST', '/v1/memories/'],
  ['GET', '/health/'],
  ['GET', '/V1/groups'],
  ['GET', '//v1/groups'],
  ['PATCH', '/v1/memories'],
  ['GET', '/v1/memories'],
  ['GET', '/v1/runs/a/b/c'],
])('%s %s is nothing: 404 in plain text, no redirect', async (method, path) => {
  const answer = await app.request(method, path)
  expect([answer.status, answer.text]).toEqual([404, '404 page not found'])
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain/)
})

test('health is two members', async () => {
  const answer = await app.request('GET', '/health')
  expect(answer).toMatchObject({ status: 200, body: { status: 'healthy', service: 'remanence' } })
})

test('a content type of JSON with an empty body is no mistake on GET and DELETE', async () => {
  await app.finished(await app.add('Mara keeps bees.'))
  const [memory] = await app.list()
  const sent = await Promise.all([
    app.request('GET', '/v1/groups'),
    app.request('GET', `/v1/memories/${memory?.id}?user_id=mara`),
  ])
  expect(sent.map(({ status }) => status)).toEqual([200, 200])
  expect((await app.request('DELETE', `/v1/memories/${memory?.id}?user_id=mara`)).status).toBe(204)
})

test('headers that clients add are no mistake', async () => {
  const headers = {
    'x-engram-client': 'python-sdk/1.0.1',
    'user-agent': 'weaviate-engram/1.0.1',
    accept: '*/*',
  }
  expect((await app.request('GET', '/v1/groups', undefined, { headers })).status).toBe(200)
})

test.each([['text/plain'], ['application/x-www-form-urlencoded'], ['multipart/mixed; boundary=x'], ['x']])(
  'a body of type %s is refused with 415',
  async (type) => {
    const answer = await app.request('POST', '/v1/memories', '{}', { headers: { 'content-type': type } })
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } })
  },
)

test('a charset beside the content type is no mistake', async () => {
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  const body = { query: 'x', user_id: 'mara' }
  expect((await app.request('POST', '/v1/memories/search', body, { headers })).status).toBe(200)
})

test('every route of the list is in the OpenAPI document', async () => {
  const declared: string[] = []
  const recorder = {
    route: ({ method, url }: { method: string; url: string }) =>
      declared.push(`${method} ${url.replace(/:(\w+)/g, '{$1}')}`),
    get: () => {},
    // A part of the app is a function of it; what comes as a promise of a plugin is somebody else's.
    register: (part: unknown) => typeof part === 'function' && part.length === 1 && part(recorder),
  }
  // safety: defining routes calls these three functions only, and needs no more of the dependencies
  const dependencies = { limits: defaultLimits } as RouteDependencies
  for (const route of routes) route(recorder as unknown as Api, dependencies)
  const documented = (await operationsOf(app)).map(({ name }) => name)
  expect(documented.sort()).toEqual(declared.sort())
  expect(documented.length).toBeGreaterThanOrEqual(17)
})

test('the OpenAPI document is a sound 3.1 document', async () => {
  const { body } = await app.request<{ openapi: string; info: object; tags: { name: string }[] }>(
    'GET',
    '/openapi.json',
  )
  expect(body).toMatchObject({ openapi: '3.1.0', info: { title: 'Remanence', version: expect.any(String) } })
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  for (const { name, path, parameters, body: schema, statuses } of await operationsOf(app)) {
    const inPath = parameters
      .filter((parameter) => parameter.in === 'path')
      .map((parameter) => parameter.name)
    expect([name, inPath]).toEqual([name, [...path.matchAll(/\{(\w+)\}/g)].map(([, key]) => key)])
    expect([name, statuses.length]).not.toEqual([name, 0])
    for (const part of [...parameters.map((parameter) => parameter.schema), schema ?? {}]) ajv.compile(part)
  }
  expect(unresolvedReferences(body)).toEqual([])
})

test('every operation says what it is for, what it answers, and whether it needs a key', async () => {
  const { body } = await app.request<{
    paths: Record<string, Record<string, object>>
    tags: { name: string }[]
  }>('GET', '/openapi.json')
  const tags = body.tags.map(({ name }) => name)
  for (const operation of Object.values(body.paths).flatMap((methods) => Object.values(methods))) {
    expect(operation).toMatchObject({ summary: expect.any(String), tags: [expect.toBeOneOf(tags)] })
    expect(Object.values((operation as { responses: object }).responses)).toContainEqual(
      expect.objectContaining({ description: expect.any(String) }),
    )
  }
  const keyless = (await operationsOf(app)).filter(({ needsKey }) => !needsKey).map(({ name }) => name)
  expect(keyless).toEqual(['GET /health', 'GET /ready', 'GET /metrics'])
})

test('the documentation is a page of its own', async () => {
  const answer = await app.request('GET', '/docs')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
})

const unresolvedReferences = (document: object): string[] => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#([^"]*)"/g)].map(
    ([, pointer]) => pointer ?? '',
  )
  return references.filter((pointer) => {
    let place: unknown = document
    for (const key of pointer.split('/').slice(1))
      place = (place as Record<string, unknown> | undefined)?.[key]
    return place === undefined
  })
}
