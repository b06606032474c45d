/** One action of an MCP server, performed. */
import type { ActionSpec } from '../agents/action-spec.ts'
import { openActionScene } from './action-scene.ts'
import { type McpServerOptions, startMcpServer } from './mcp-server.ts'

/** What the place `{{secrets.KEY}}` is filled with. */
export const mcpSecret = 'sk-live/+?&="quoted" 7'

type McpSpec = Extract<ActionSpec, { type: 'mcp' }>

export const mcpSpec = (over: Partial<McpSpec> & { url: string }): ActionSpec => ({
  ...{ type: 'mcp', name: 'shop', description: 'The shop.', headers: {}, tools: null, ...over },
})

/** Calls the first tool of a server, and answers what came of it with what the server was asked. */
export const performMcp = async (
  server: McpServerOptions,
  given: Readonly<Record<string, unknown>> = { text: 'hello' },
  { limits = {}, over = {} }: { limits?: { stepTimeoutMs?: number }; over?: Partial<McpSpec> } = {},
) => {
  await using running = await startMcpServer(server)
  await using scene = await openActionScene({ limits })
  await scene.putSecrets({ KEY: mcpSecret })
  return await scene.perform(mcpSpec({ url: running.url, ...over }), given).then(
    (answer) => ({ answer, failure: null, asked: running.asked }),
    (failure: unknown) => ({ answer: null, failure, asked: running.asked }),
  )
}
