/**
 * Whatever is wrong with a request, the answer is a problem document that says so, nothing is stored, and the server goes on.
 * Goes over every operation of the OpenAPI document; one with a body needs a good one in testing/contract/ to be spoilt.
 */
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { brokenBodies, spoiltBodies } from '../testing/broken-bodies.ts'
import { contracts } from '../testing/contract/index.ts'
import { type Operation, operationsOf, type Parameter } from '../testing/open-api.ts'
import { type Answer, startTestApp } from '../testing/test-app.ts'
import { wrongBodies } from '../testing/wrong-values.ts'

const app = await startTestApp()
afterAll(app.stop)
const operations = await operationsOf(app)
const withBody = operations.filter(({ body }) => body !== null)

const uuid = '01a206d6-b94d-7475-acf8-b2edeb3ff0bc'
const good: Readonly<Record<string, string>> = {
  ...{ id: uuid, run_id: uuid, key_id: uuid, agent_id: uuid, tool_id: uuid, trigger_id: uuid },
  ...{ name: 'spoilt', secret_name: 'SPOILT' },
}
const addressOf = ({ path }: Operation): string => path.replace(/\{(\w+)\}/g, (_, name) => good[name] ?? 'x')

const expectProblem = (answer: Answer<unknown>, what: string, statuses = [400, 422]): void => {
  expect([what, answer.status]).toEqual([what, expect.toBeOneOf(statuses)])
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  const { status } = answer
  expect(answer.body).toMatchObject({ status, code: expect.any(String), detail: expect.stringMatching(/./) })
  expect(answer.text.length).toBeLessThan(10_000)
}

const stored = async () => {
  const parts = ['agents', 'tools', 'triggers', 'secrets', 'credits', 'credits/transactions']
  const paths = ['/v1/runs?limit=100', '/v1/groups', '/v1/keys', ...parts.map((part) => `/v1/${part}`)]
  const texts = await Promise.all(paths.map(async (path) => (await app.request('GET', path)).text))
  return [...texts, JSON.stringify(await app.list())].join('\n').replace(/"last_used_at":("[^"]*"|null)/g, '')
}

let before = ''
beforeEach(async () => {
  before = await stored()
})
afterEach(async () => {
  expect(await stored()).toBe(before)
  expect((await app.request('GET', '/health')).status).toBe(200)
})

test('every operation with a body has a good one to spoil', () => {
  expect(withBody.map(({ name }) => name).sort()).toEqual(
    Object.keys(contracts)
      .filter((name) => contracts[name]?.goodBodies)
      .sort(),
  )
})

describe.each(withBody)('$name', (operation) => {
  const { name, method, body: schema } = operation
  const send = (body: unknown, headers = {}) => app.request(method, addressOf(operation), body, { headers })

  test.each(Object.entries(brokenBodies))('refuses %s', async (what, body) =>
    expectProblem(await send(body), what),
  )

  test.each(spoiltBodies(contracts[name]?.goodBodies?.[0] ?? {}))(
    'refuses %s in a body that is good but for it',
    async (what, body) => expectProblem(await send(body), what),
  )

  test('refuses each member that is wrong, missing or unknown, at every depth', async () => {
    for (const goodBody of contracts[name]?.goodBodies ?? []) {
      const wrong = wrongBodies(schema ?? {}, goodBody)
      expect(wrong.length).toBeGreaterThan(10)
      for (const { mistake, body } of wrong) expectProblem(await send(body), mistake)
    }
  })

  test('refuses a hundred thousand characters where a name belongs', async () => {
    const long = 'x'.repeat(100_000)
    const named = {
      user_id: long,
      group: long,
      name: long,
      properties: { [long]: 'x' },
      topics: [long],
      cursor: long,
    }
    expectProblem(await send({ ...contracts[name]?.goodBodies?.[0], ...named }), 'long names')
    expectProblem(
      await send({ ...contracts[name]?.goodBodies?.[0], properties: { [long]: 5 } }),
      'a long key',
    )
  })

  test('refuses more than a mebibyte', async () => {
    const answer = await send({ ...contracts[name]?.goodBodies?.[0], $schema: 'x'.repeat(1_048_576) })
    expectProblem(answer, 'size', [413])
    expect(answer.body).toHaveProperty('code', 'body_too_large')
  })

  test.each(['text/plain', 'application/xml', 'application/jsonx', 'multipart/form-data'])(
    'refuses the content type %s',
    async (type) => {
      const statuses = type === 'multipart/form-data' && operation.form !== null ? [400] : [415]
      expectProblem(await send('{}', { 'content-type': type }), type, statuses)
    },
  )
})

/** Texts that no parameter of this schema may be. */
const wrongTexts = ({ name, schema }: Parameter): readonly string[] => {
  if (schema.type === 'integer') {
    const small = schema.minimum === 0 ? [] : ['0']
    const large = (schema.maximum ?? 0) < 1e9 ? ['101', '1e9'] : ['1e99']
    return ['', '-1', '1.5', 'x', 'NaN', 'null', '٣', ...small, ...large]
  }
  if (schema.format === 'uuid')
    return ['1', 'null', `${uuid}0`, uuid.slice(1), 'x'.repeat(400), 'é', "' OR 1=1"]
  if (schema.enum !== undefined) return ['', 'nope', 'COMPLETED', '__proto__']
  if (name === 'cursor') return ['', 'x', 'x'.repeat(600), '\0', btoa('-1'), btoa('1:x'), btoa('1;--')]
  return ['', ' ', 'x'.repeat(257), '🐝'.repeat(257), 'x'.repeat(5_000), 'a\0b', 'a\nb', '\u0085', '\x7f']
}

const parameters = operations.flatMap((operation) =>
  operation.parameters.filter((one) => one.in !== 'header').map((parameter) => ({ operation, parameter })),
)

describe.each(parameters)(
  '$operation.name with the parameter $parameter.name',
  ({ operation, parameter }) => {
    const { method, path, body } = operation
    const address = (value: string): string =>
      parameter.in === 'path'
        ? path.replace(`{${parameter.name}}`, value)
        : `${addressOf(operation)}?${parameter.name}=${value}`
    const send = (value: string) =>
      app.request(method, address(value), body === null ? undefined : { template: 'nope' })

    test('refuses what it cannot be', async () => {
      for (const text of wrongTexts(parameter)) {
        const answer = await send(encodeURIComponent(text))
        // An empty part of a path is another path.
        if (parameter.in === 'path' && text === '') expect(answer.text).toBe('404 page not found')
        else expectProblem(answer, `${parameter.name}=${text}`)
      }
    })

    test('is given once, and with no other beside it', async () => {
      if (parameter.in === 'path') return
      expectProblem(await send(`1&${parameter.name}=2`), 'twice')
      expectProblem(await send(`1&surprise=2`), 'surprise')
    })

    test('survives what is no text', async () => {
      for (const value of ['%', '%zz', '%FF', '%C0%AF', '%ED%A0%80', '%00']) {
        const answer = await send(value)
        expect([value, answer.status]).toEqual([value, expect.toBeOneOf([200, 400, 404, 422])])
        if (parameter.in === 'path') expectProblem(answer, value)
      }
    })
  },
)

describe('addresses', () => {
  test.each([
    `/v1/runs/${'x'.repeat(5_000)}`,
    `/v1${'/x'.repeat(2_000)}`,
    `/${'%20'.repeat(2_000)}`,
    '/v1/%',
    '/%2e%2e/%2e%2e',
  ])('nobody serves are no danger (%#)', async (path) => {
    const answer = await app.request('GET', path)
    expect(answer.status).toBeOneOf([400, 404])
    if (answer.status === 400) expectProblem(answer, path.slice(0, 20))
    else expect(answer.text).toBe('404 page not found')
  })
})

test('after all this a good add is stored', async () => {
  const run = await app.finished(await app.add('Mara still keeps bees.', { user_id: 'survivor' }))
  expect(run).toMatchObject({ status: 'completed', counts: { created: 1 } })
  expect(await app.list({ user_id: 'survivor' })).toHaveLength(1)
  before = await stored()
})
