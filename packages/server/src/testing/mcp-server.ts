/** A real MCP server on this machine, made with the server part of the same library; and servers that only pretend to be one. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type ListToolsResult,
} from '@modelcontextprotocol/sdk/types.js'

export type McpAsked = {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly rpc: string
}

/** `pass`: the real server answers. */
export type McpReply =
  | 'pass'
  | 'hang'
  | 'drop'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }

export type McpServerOptions = {
  readonly tools?: ListToolsResult['tools']
  readonly list?: (cursor: string | undefined) => ListToolsResult
  readonly call?: (name: string, given: Record<string, unknown>) => CallToolResult | Promise<CallToolResult>
  /** Stands before the server: a misbehaving one. */
  readonly reply?: (asked: McpAsked) => McpReply
  /** Answers by JSON rather than by a stream of events. */
  readonly asJson?: boolean
}

export const startMcpServer = async (options: McpServerOptions = {}) => {
  const asked: McpAsked[] = []
  const server = createServer(async (request, response) => {
    const body = request.method === 'POST' ? await json(request).catch(() => null) : null
    // safety: only looked at
    const rpc = (body as { method?: string } | null)?.method ?? ''
    const one = { method: request.method ?? '', headers: request.headers, rpc }
    asked.push(one)
    const reply = options.reply?.(one) ?? 'pass'
    if (reply === 'hang') return
    if (reply === 'drop') return void request.socket.destroy()
    if (reply !== 'pass') return void response.writeHead(reply.status, reply.headers).end(reply.body)
    await serve(options, { request, response, body })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // safety: it listens on a port
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    port,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Exchange = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly body: unknown
}

/** Without sessions, so each request has a server of its own. */
const serve = async (options: McpServerOptions, { request, response, body }: Exchange): Promise<void> => {
  const server = new Server({ name: 'test', version: '1' }, { capabilities: { tools: {} } })
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) =>
    options.list === undefined ? { tools: options.tools ?? [echoTool] } : options.list(params?.cursor),
  )
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) =>
    options.call === undefined
      ? { content: [{ type: 'text', text: JSON.stringify(params.arguments) }] }
      : options.call(params.name, params.arguments ?? {}),
  )
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: options.asJson ?? false })
  response.on('close', () => void server.close())
  // safety: it is the library's own transport; only the declarations of optional members differ
  await server.connect(transport as Transport)
  await transport.handleRequest(request, response, body)
}

export const echoTool: ListToolsResult['tools'][number] = {
  name: 'echo',
  description: 'Says it again.',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
}
