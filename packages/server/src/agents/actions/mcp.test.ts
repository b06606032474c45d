/** Tools of real MCP servers of this machine, and servers that misbehave. */
import { expect, test } from 'vitest'
import { ACTION_RESPONSE_BYTES_MAX, MCP_TOOL_COUNT_MAX, MCP_TOOL_LENGTH_MAX } from '../../kernel/limits.ts'
import { openActionScene } from '../../testing/action-scene.ts'
import { echoTool, type McpServerOptions, startMcpServer } from '../../testing/mcp-server.ts'
import { startReceiver } from '../../testing/receiver.ts'
import type { ActionSpec } from '../action-spec.ts'
import { createActions } from './index.ts'
import { mcpActionName } from './mcp-tools.ts'

const secret = 'sk-live/+?&="quoted" 7'

type McpSpec = Extract<ActionSpec, { type: 'mcp' }>
const spec = (over: Partial<McpSpec> & { url: string }): ActionSpec => ({
  ...{ type: 'mcp', name: 'shop', description: 'The shop.', headers: {}, tools: null, ...over },
})

const perform = async (
  server: McpServerOptions,
  given: Readonly<Record<string, unknown>> = { text: 'hello' },
  { limits = {}, over = {} }: { limits?: { stepTimeoutMs?: number }; over?: Partial<McpSpec> } = {},
) => {
  await using running = await startMcpServer(server)
  await using scene = await openActionScene({ limits })
  await scene.putSecrets({ KEY: secret })
  return await scene.perform(spec({ url: running.url, ...over }), given).then(
    (answer) => ({ answer, failure: null, asked: running.asked }),
    (failure: unknown) => ({ answer: null, failure, asked: running.asked }),
  )
}

test.each([false, true])('a tool is found and called (answers in JSON: %s)', async (asJson) => {
  const { answer, asked } = await perform({ asJson })
  expect(answer).toEqual({ output: { text: '{"text":"hello"}' }, isError: false })
  expect(asked.map(({ rpc }) => rpc)).toEqual([
    'initialize',
    'notifications/initialized',
    'tools/list',
    'tools/call',
  ])
})

test('each tool is an action under a name that providers take, with its schema', async () => {
  const tools = ['echo', 'shop.find items!', 'shop_find_items_', 'x'.repeat(80)].map((name) => ({
    ...echoTool,
    name,
  }))
  await using server = await startMcpServer({ tools })
  await using scene = await openActionScene()
  await using actions = await createActions(scene.actionDependencies(), await scene.startAttempt(), [
    spec({ url: server.url }),
  ])
  const names = actions.list.map(({ name }) => name)
  expect(names[0]).toBe('shop_echo')
  expect(names[1]).toMatch(/^shop_shop_find_items__[0-9a-f]{8}$/)
  expect(names[2]).toBe('shop_shop_find_items_')
  for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
  expect(new Set(names).size).toBe(4)
  expect(actions.list[0]).toMatchObject({
    description: echoTool.description,
    parameters: echoTool.inputSchema,
  })
  expect(mcpActionName('a', 'b')).toBe('a_b')
})

test('lists in pages are read to their end, and only the tools that are wanted are kept', async () => {
  const list: McpServerOptions['list'] = (cursor) => {
    const page = Number(cursor ?? 0)
    return {
      tools: [{ ...echoTool, name: `tool${page}` }],
      ...(page < 3 && { nextCursor: String(page + 1) }),
    }
  }
  await using server = await startMcpServer({ list })
  await using scene = await openActionScene()
  const attempt = await scene.startAttempt()
  const namesOf = async (tools: readonly string[] | null) => {
    await using actions = await createActions(scene.actionDependencies(), attempt, [
      spec({ url: server.url, tools }),
    ])
    return actions.list.map(({ name }) => name)
  }
  expect(await namesOf(null)).toEqual(['shop_tool0', 'shop_tool1', 'shop_tool2', 'shop_tool3'])
  expect(await namesOf(['tool2'])).toEqual(['shop_tool2'])
  await expect(namesOf(['tool9'])).rejects.toMatchObject({ code: 'invalid_action', retryable: false })
})

test.each<[string, McpServerOptions]>([
  [
    'too many tools',
    {
      tools: Array.from({ length: MCP_TOOL_COUNT_MAX + 1 }, (_, index) => ({
        ...echoTool,
        name: `t${index}`,
      })),
    },
  ],
  ['a list without an end', { list: () => ({ tools: [], nextCursor: 'again' }) }],
  [
    'a tool that is described at length',
    { tools: [{ ...echoTool, description: 'x'.repeat(MCP_TOOL_LENGTH_MAX) }] },
  ],
])('%s is refused', async (_what, server) => {
  const { failure } = await perform(server)
  expect(failure).toMatchObject({ name: 'StepError', code: 'invalid_action', retryable: false })
})

test('what a tool says in other ways than text is told of', async () => {
  const { answer } = await perform({
    tools: [{ ...echoTool, outputSchema: { type: 'object', properties: { n: { type: 'string' } } } }],
    call: () => ({
      content: [
        { type: 'text', text: 'one' },
        { type: 'image', data: 'aGk=', mimeType: 'image/png' },
        { type: 'resource', resource: { uri: 'file:///a', text: 'two' } },
        { type: 'resource_link', uri: 'file:///b', name: 'b' },
      ],
      structuredContent: { n: 3 },
    }),
  })
  expect(answer).toEqual({
    output: { text: 'one\n[image: image/png]\ntwo\n[b: file:///b]', data: { n: 3 } },
    isError: false,
  })
})

test('a tool that fails, and a call that the server refuses, are answers', async () => {
  const failed = await perform({
    call: () => ({ content: [{ type: 'text', text: 'sold out' }], isError: true }),
  })
  expect(failed.answer).toEqual({ output: { text: 'sold out' }, isError: true })
  const refused = await perform({
    call: () => {
      throw Object.assign(new Error('no such thing'), { code: -32_602 })
    },
  })
  expect(refused.answer).toEqual({
    output: { error: expect.stringContaining('no such thing') },
    isError: true,
  })
})

test('secrets go to the server in its headers, and do not come back', async () => {
  const { answer, asked } = await perform(
    {
      call: (_name, given) => ({ content: [{ type: 'text', text: `key ${secret} for ${given.text}` }] }),
    },
    { text: 'me' },
    { over: { headers: { 'x-api-key': '{{secrets.KEY}}' } } },
  )
  expect(asked.every(({ headers }) => headers['x-api-key'] === secret)).toBe(true)
  expect(answer).toEqual({ output: { text: 'key [secret] for me' }, isError: false })
  const refused = await perform(
    { reply: () => ({ status: 401, body: `wrong key ${secret}` }) },
    {},
    { over: { headers: { 'x-api-key': '{{secrets.KEY}}' } } },
  )
  expect(refused.failure).toMatchObject({ code: 'invalid_action', retryable: false })
  expect(String(refused.failure)).toContain('wrong key [secret]')
})

const failures: readonly (readonly [string, McpServerOptions, object])[] = [
  ['hangs', { reply: () => 'hang' }, { code: 'timeout', retryable: true }],
  ['drops the connection', { reply: () => 'drop' }, { code: 'unreachable', retryable: true }],
  ['is out of order', { reply: () => ({ status: 503 }) }, { code: 'unreachable', retryable: true }],
  ['is busy', { reply: () => ({ status: 429 }) }, { code: 'rate_limited', retryable: true }],
  [
    'is no MCP server',
    { reply: () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<p>' }) },
    { retryable: true },
  ],
  [
    'talks garbage',
    { reply: () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '{"a":' }) },
    { retryable: true },
  ],
  [
    'streams garbage',
    {
      reply: () => ({
        status: 200,
        headers: { 'content-type': 'text/event-stream' },
        body: 'data: {"a":1}\n\n',
      }),
    },
    { retryable: true },
  ],
  ['does not exist', { reply: () => ({ status: 403 }) }, { code: 'invalid_action', retryable: false }],
]

const oneSecond = { limits: { stepTimeoutMs: 1_000 } }

test.each(failures)(
  'a server that %s when it is asked what it offers fails the step',
  async (_how, server, expected) => {
    const { failure } = await perform(server, {}, oneSecond)
    expect(failure).toMatchObject({ name: 'StepError', ...expected })
  },
)

test.each(failures.slice(0, 7))('so does one that %s when it is called', async (_how, server, expected) => {
  const reply: McpServerOptions['reply'] = (asked) =>
    asked.rpc === 'tools/call' ? (server.reply?.(asked) ?? 'pass') : 'pass'
  const { failure } = await perform({ reply }, {}, oneSecond)
  expect(failure).toMatchObject({ name: 'StepError', ...expected })
})

test.each([false, true])('an answer that is too long is told as an error (in JSON: %s)', async (asJson) => {
  const { answer } = await perform({
    asJson,
    call: () => ({ content: [{ type: 'text', text: 'x'.repeat(ACTION_RESPONSE_BYTES_MAX) }] }),
  })
  expect(answer).toMatchObject({
    output: { error: expect.stringContaining('is longer than') },
    isError: true,
  })
})

test('a server that is out of reach is not asked, and no redirect leads there', async () => {
  await using inner = await startMcpServer()
  await using scene = await openActionScene({ allow: null })
  await expect(scene.perform(spec({ url: inner.url }), {})).rejects.toMatchObject({ code: 'invalid_action' })
  expect(inner.asked).toEqual([])
  await using other = await startReceiver()
  const { failure } = await perform(
    { reply: () => ({ status: 307, headers: { location: other.url } }) },
    {},
    { over: { headers: { authorization: 'Bearer {{secrets.KEY}}' } } },
  )
  expect(failure).toMatchObject({ name: 'StepError' })
  expect(other.received).toEqual([])
})

test('a run that ends does not wait for the server', async () => {
  const called = Promise.withResolvers<void>()
  await using server = await startMcpServer({
    reply: ({ rpc }) => {
      if (rpc !== 'tools/call') return 'pass'
      called.resolve()
      return 'hang'
    },
  })
  await using scene = await openActionScene()
  const ending = new AbortController()
  const performing = scene.perform(spec({ url: server.url }), {}, { signal: ending.signal })
  await called.promise
  ending.abort(new Error('ended'))
  await expect(performing).rejects.toThrow('ended')
})
