/** MCP servers that misbehave, are gone, or are out of reach. */
import { expect, test } from 'vitest'
import { ACTION_RESPONSE_BYTES_MAX } from '../../kernel/limits.ts'
import { openActionScene } from '../../testing/action-scene.ts'
import { mcpSpec, performMcp } from '../../testing/mcp-scene.ts'
import { type McpServerOptions, startMcpServer } from '../../testing/mcp-server.ts'
import { startReceiver } from '../../testing/receiver.ts'

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

/** Only who is to wait in vain has little time: all others must tell by themselves that there is no answer. */
const timeFor = (how: string) => (how === 'hangs' ? { limits: { stepTimeoutMs: 1_000 } } : {})

test.each(failures)(
  'a server that %s when it is asked what it offers fails the step',
  async (how, server, expected) => {
    const { failure } = await performMcp(server, {}, timeFor(how))
    expect(failure).toMatchObject({ name: 'StepError', ...expected })
  },
)

test.each(failures.slice(0, 7))('so does one that %s when it is called', async (how, server, expected) => {
  const reply: McpServerOptions['reply'] = (asked) =>
    asked.rpc === 'tools/call' ? (server.reply?.(asked) ?? 'pass') : 'pass'
  const { failure } = await performMcp({ reply }, {}, timeFor(how))
  expect(failure).toMatchObject({ name: 'StepError', ...expected })
})

test.each([false, true])('an answer that is too long is told as an error (in JSON: %s)', async (asJson) => {
  const { answer } = await performMcp({
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
  await expect(scene.perform(mcpSpec({ url: inner.url }), {})).rejects.toMatchObject({
    code: 'invalid_action',
  })
  expect(inner.asked).toEqual([])
  await using other = await startReceiver()
  const { failure } = await performMcp(
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
  const performing = scene.perform(mcpSpec({ url: server.url }), {}, { signal: ending.signal })
  await called.promise
  ending.abort(new Error('ended'))
  await expect(performing).rejects.toThrow('ended')
})
