/**
 * A connection to an MCP server. The library is loaded when the first one is opened. It reaches the server through the guarded
 * client only, and follows redirects only within its origin, so what is sent in headers stays there.
 */
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { ACTION_RESPONSE_BYTES_MAX, MCP_CLOSE_MS_MAX } from '../../kernel/limits.ts'
import type { GuardedClient } from '../../outbound/guarded-client.ts'
import { createGuardedFetch, type GuardedFetch } from '../../outbound/guarded-fetch.ts'
import { withinTime } from '../../pipeline/within-time.ts'
import type { Values } from '../template.ts'
import { fillHeaders, fillUrl } from './fill-request.ts'

export type McpConnection = {
  readonly client: Client
  readonly connect: (options: RequestOptions) => Promise<void>
  readonly call: (
    params: { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> },
    options: RequestOptions,
  ) => Promise<CallToolResult>
  /** What the work comes to, unless the connection has a fault meanwhile: then its answer may never come. */
  readonly guard: <Result>(work: Promise<Result>) => Promise<Result>
  /** Lets go of the session, within its time, and closes everything. Never rejects. */
  readonly close: () => Promise<void>
}

/** Sends nothing yet. Throws TemplateError. */
export const openMcpConnection = async (
  guarded: GuardedClient,
  target: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  values: Values,
): Promise<McpConnection> => {
  const url = new URL(fillUrl(target.url, values))
  const headers = fillHeaders(target.headers, values)
  const [{ Client }, { StreamableHTTPClientTransport }, { CallToolResultSchema }] = await Promise.all([
    import('@modelcontextprotocol/sdk/client/index.js'),
    import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
    import('@modelcontextprotocol/sdk/types.js'),
  ])
  const { guard, fail } = createGuard()
  const bounds = { responseBytesMax: ACTION_RESPONSE_BYTES_MAX, tooLong: fail }
  const fetch = withoutStandingStream(createGuardedFetch(guarded, bounds))
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers }, fetch })
  const client = new Client({ name: 'remanence', version: '1' })
  client.onerror = fail
  return {
    client,
    // safety: it is the library's own transport; only the declarations of optional members differ
    connect: (options) => guard(client.connect(transport as Transport, options)),
    // Not by the method of the client: that compiles the schemas of outputs that the server sends.
    call: ({ name, arguments: given }, options) =>
      guard(
        client.request(
          { method: 'tools/call', params: { name, arguments: { ...given } } },
          CallToolResultSchema,
          options,
        ),
      ),
    guard,
    close: async () => {
      const never = new AbortController().signal
      // Whether the server lets go of the session is its own affair.
      await withinTime(MCP_CLOSE_MS_MAX, never, () => transport.terminateSession()).catch(() => {})
      await client.close()
    },
  }
}

const METHOD_NOT_ALLOWED = 405

/** What a server has to say without being asked is not listened to: to the library it is a server that has nothing. */
const withoutStandingStream =
  (fetch: GuardedFetch): GuardedFetch =>
  async (url, init) =>
    (init?.method ?? 'GET') === 'GET' ? new Response(null, { status: METHOD_NOT_ALLOWED }) : fetch(url, init)

const createGuard = () => {
  const inWork = new Set<(error: unknown) => void>()
  return {
    fail: (error: unknown) => {
      for (const reject of inWork) reject(error)
    },
    guard: async <Result>(work: Promise<Result>): Promise<Result> => {
      const { promise: failed, reject } = Promise.withResolvers<never>()
      inWork.add(reject)
      try {
        return await Promise.race([work, failed])
      } finally {
        inWork.delete(reject)
      }
    },
  }
}
