import { afterAll, expect, test } from 'vitest'
import { startTestApp } from '../../testing/test-app.ts'

type ToolBody = { id: string; errors: { location: string; message: string }[] }

const app = await startTestApp()
afterAll(app.stop)

const search = { type: 'memory_search', name: 'search' }
const step = (name: string, over: object = {}) => ({ name, action: search, ...over })
const create = (body: object) =>
  app.request<ToolBody>('POST', '/v1/tools', { name: 'look up', steps: [step('first')], ...body })

test('a tool needs a name and a step, and is read as it was answered', async () => {
  const { status, body } = await create({})
  expect(status).toBe(201)
  expect(body).toEqual({
    ...{
      id: expect.any(String),
      name: 'look up',
      description: '',
      parameters: { type: 'object', properties: {} },
    },
    steps: [{ name: 'first', action: { ...search, description: '', limit: 10 }, arguments: {} }],
    ...{ output: null, output_schema: null, group: 'default', status: 'active', version: 1 },
    ...{ created_at: expect.any(String), updated_at: expect.any(String) },
  })
  expect((await app.request('GET', `/v1/tools/${body.id}`)).body).toEqual(body)
})

test('steps use the input and earlier steps', async () => {
  const parameters = { type: 'object', properties: { query: { type: 'string' } } }
  const steps = [
    step('first', { arguments: { query: '{{input.query}}' } }),
    step('second', { arguments: { query: 'about {{steps.first.memories.0.content}}' } }),
  ]
  const output = { found: '{{steps.second}}', asked: ['{{input.query}}'] }
  expect(await create({ parameters, steps, output })).toMatchObject({ status: 201, body: { steps, output } })
})

test.each<[string, object, string, string]>([
  [
    'a later step',
    { steps: [step('a', { arguments: { q: '{{steps.b}}' } }), step('b')] },
    'body.steps[0].arguments',
    'no earlier step',
  ],
  [
    'an input nobody gives',
    { steps: [step('a', { arguments: { q: '{{input.query}}' } })] },
    'body.steps[0].arguments',
    'names no parameter',
  ],
  [
    'a secret in an argument',
    { steps: [step('a', { arguments: { q: '{{secrets.KEY}}' } })] },
    'body.steps[0].arguments',
    'input, steps',
  ],
  ['an unknown step in the output', { output: '{{steps.none}}' }, 'body.output', 'no earlier step'],
  ['a name twice', { steps: [step('a'), step('a')] }, 'body.steps[1].name', 'another one'],
  [
    'no tool of an MCP server',
    { steps: [{ name: 'a', action: { type: 'mcp', name: 'a', url: 'https://a.example/' } }] },
    'body.steps[0].mcp_tool',
    'is required',
  ],
  [
    'a tool of no MCP server',
    { steps: [step('a', { mcp_tool: 'x' })] },
    'body.steps[0].mcp_tool',
    'mcp actions only',
  ],
  ['no steps', { steps: [] }, 'body.steps', 'fewer than 1'],
  ['a schema that is none', { output_schema: { type: 'objekt' } }, 'body.output_schema', 'must be'],
  ['a large output', { output: 'x'.repeat(20_000) }, 'body.output', 'are allowed'],
])('%s is refused, with its place', async (_what, body, location, message) => {
  const answer = await create(body)
  expect(answer.status).toBe(422)
  expect(answer.body.errors).toContainEqual(
    expect.objectContaining({ location, message: expect.stringContaining(message) }),
  )
})

test('a change replaces what is given; null takes the output away', async () => {
  const { body } = await create({ output: '{{steps.first}}', output_schema: { type: 'object' } })
  const change = { output: null, output_schema: null, description: 'new' }
  expect(await app.request('PATCH', `/v1/tools/${body.id}`, change)).toMatchObject({
    ...{ status: 200, body: { ...change, version: 2, steps: [{ name: 'first' }] } },
  })
  expect((await app.request('DELETE', `/v1/tools/${body.id}`)).status).toBe(204)
  expect((await app.request('GET', '/v1/tools')).text).not.toContain(body.id)
})
