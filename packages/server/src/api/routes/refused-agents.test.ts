/** Agents that cannot work are refused when they are made, whatever it is that cannot. */
import { afterAll, expect, test } from 'vitest'
import { AGENT_STEP_COUNT_MAX } from '../../kernel/limits.ts'
import { startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)

type ProblemBody = { code: string; errors: { location: string; message: string }[] }
const create = (body: object) => app.request<ProblemBody>('POST', '/v1/agents', body)
const http = (request: object, over: object = {}) => ({
  ...{ type: 'http', name: 'call', parameters: { type: 'object', properties: { city: {} } } },
  request: { method: 'GET', url: 'https://a.example/', ...request },
  ...over,
})

test.each<[string, object, string, string]>([
  [
    'a name twice',
    {
      actions: [
        { type: 'memory_search', name: 'a' },
        { type: 'memory_add', name: 'a' },
      ],
    },
    'body.actions[1].name',
    'another one',
  ],
  [
    'a name no model can say',
    { actions: [{ type: 'memory_search', name: 'look up' }] },
    'body.actions[0].name',
    'letters',
  ],
  [
    'a member of another type',
    { actions: [{ type: 'memory_add', name: 'a', limit: 5 }] },
    'body.actions[0].limit',
    'is no member of memory_add',
  ],
  [
    'a missing member',
    { actions: [{ type: 'mcp', name: 'a' }] },
    'body.actions[0].url',
    'is required by mcp',
  ],
  [
    'an unknown topic',
    { actions: [{ type: 'memory_add', name: 'a', topic: 'Weather' }] },
    'body.actions[0].topic',
    'no topic',
  ],
  [
    'a schema that is none',
    { actions: [http({}, { parameters: { type: 'objekt' } })] },
    'body.actions[0].parameters',
    'must be',
  ],
  [
    'an argument nobody gives',
    { actions: [http({ url: 'https://a.example/{{args.town}}' })] },
    'body.actions[0].request.url',
    '{{args.town}} names no parameter',
  ],
  [
    'a secret that is not there',
    { actions: [http({ headers: { key: '{{secrets.NONE}}' } })] },
    'body.actions[0].request.headers',
    'names no secret',
  ],
  [
    'an unknown place',
    { actions: [http({ query: { q: '{{env.HOME}}' } })] },
    'body.actions[0].request.query',
    'begins with none of args, secrets',
  ],
  [
    'a place without an end',
    { actions: [http({ query: { q: '{{args.city' } })] },
    'body.actions[0].request.query',
    'does not end',
  ],
  [
    'a host that a model chooses',
    { actions: [http({ url: 'https://{{args.city}}.example/' })] },
    'body.actions[0].request.url',
    'behind its host',
  ],
  [
    'an address inside',
    { actions: [http({ url: 'http://10.0.0.1/{{args.city}}' })] },
    'body.actions[0].request.url',
    'private',
  ],
  [
    'an MCP server inside',
    { actions: [{ type: 'mcp', name: 'a', url: 'http://169.254.169.254/' }] },
    'body.actions[0].url',
    'link-local',
  ],
  [
    'another scheme',
    { actions: [{ type: 'mcp', name: 'a', url: 'file:///etc/passwd' }] },
    'body.actions[0].url',
    'http',
  ],
  [
    'a header of the connection',
    { actions: [http({ headers: { Host: 'b.example' } })] },
    'body.actions[0].request.headers.Host',
    'by the server',
  ],
  [
    'a header with a line end',
    { actions: [http({ headers: { a: 'x\r\nb: y' } })] },
    'body.actions[0].request.headers.a',
    'control',
  ],
  ['a GET with a body', { actions: [http({ body: {} })] }, 'body.actions[0].request.body', 'GET'],
  [
    'an unknown agent',
    { actions: [{ type: 'agent', name: 'a', agent_id: '01a206d6-b94d-7475-acf8-b2edeb3ff0bc' }] },
    'body.actions[0].agent_id',
    'no agent',
  ],
  ['too many steps', { max_steps: AGENT_STEP_COUNT_MAX + 1 }, 'body.max_steps', '12'],
])('%s is refused, with its place', async (_what, body, location, message) => {
  const before = (await app.request('GET', '/v1/agents')).text
  const answer = await create({ name: 'spoilt', ...body })
  expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_body' } })
  expect(answer.body.errors).toContainEqual(
    expect.objectContaining({ location, message: expect.stringContaining(message) }),
  )
  expect((await app.request('GET', '/v1/agents')).text).toBe(before)
})
