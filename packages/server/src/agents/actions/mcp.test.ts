/** Tools of real MCP servers of this machine: how they are found, named, bounded and called. */
import { expect, test } from 'vitest'
import { MCP_TOOL_COUNT_MAX, MCP_TOOL_LENGTH_MAX } from '../../kernel/limits.ts'
import { openActionScene } from '../../testing/action-scene.ts'
import { mcpSecret, mcpSpec, performMcp } from '../../testing/mcp-scene.ts'
import { echoTool, type McpServerOptions, startMcpServer } from '../../testing/mcp-server.ts'
import { createActions } from './index.ts'
import { mcpActionName } from './mcp-tools.ts'

test.each([false, true])('a tool is found and called (answers in JSON: %s)', async (asJson) => {
  const { answer, asked } = await performMcp({ asJson })
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
    mcpSpec({ url: server.url }),
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
      mcpSpec({ url: server.url, tools }),
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
  const { failure } = await performMcp(server)
  expect(failure).toMatchObject({ name: 'StepError', code: 'invalid_action', retryable: false })
})

test('what a tool says in other ways than text is told of', async () => {
  const { answer } = await performMcp({
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
  const failed = await performMcp({
    call: () => ({ content: [{ type: 'text', text: 'sold out' }], isError: true }),
  })
  expect(failed.answer).toEqual({ output: { text: 'sold out' }, isError: true })
  const refused = await performMcp({
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
  const { answer, asked } = await performMcp(
    {
      call: (_name, given) => ({ content: [{ type: 'text', text: `key ${mcpSecret} for ${given.text}` }] }),
    },
    { text: 'me' },
    { over: { headers: { 'x-api-key': '{{secrets.KEY}}' } } },
  )
  expect(asked.every(({ headers }) => headers['x-api-key'] === mcpSecret)).toBe(true)
  expect(answer).toEqual({ output: { text: 'key [secret] for me' }, isError: false })
  const refused = await performMcp(
    { reply: () => ({ status: 401, body: `wrong key ${mcpSecret}` }) },
    {},
    { over: { headers: { 'x-api-key': '{{secrets.KEY}}' } } },
  )
  expect(refused.failure).toMatchObject({ code: 'invalid_action', retryable: false })
  expect(String(refused.failure)).toContain('wrong key [secret]')
})

test.each<[string, McpServerOptions]>([
  ['lets go of it', {}],
  ['does not answer any more', { reply: ({ method }) => (method === 'DELETE' ? 'hang' : 'pass') }],
  ['knows of no end', { reply: ({ method }) => (method === 'DELETE' ? { status: 405 } : 'pass') }],
])('a session is given back to a server that %s', async (_how, server) => {
  const { answer, asked } = await performMcp({ sessionId: 'session 1', ...server })
  expect(answer?.isError).toBe(false)
  expect(asked.at(-1)).toMatchObject({ method: 'DELETE', headers: { 'mcp-session-id': 'session 1' } })
  expect(asked.filter(({ method }) => method === 'GET')).toEqual([])
})
