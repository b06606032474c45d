/** What an MCP server offers, within bounds and under names that providers of models accept. */
import { createHash } from 'node:crypto'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js'
import type { Tool } from '@modelcontextprotocol/sdk/types.js'
import { MCP_PAGE_COUNT_MAX, MCP_TOOL_COUNT_MAX, MCP_TOOL_LENGTH_MAX } from '../../kernel/limits.ts'
import { StepError } from '../../kernel/step-error.ts'
import type { JsonSchema } from '../action-spec.ts'

export type McpTool = {
  /** As its server calls it. */
  readonly name: string
  readonly actionName: string
  readonly description: string
  readonly parameters: JsonSchema
}

type Wanted = { readonly name: string; readonly tools: readonly string[] | null }

/** Throws StepError `invalid_action` when there is more than may be, or less than was asked for. */
export const listMcpTools = async (
  client: Client,
  wanted: Wanted,
  options: RequestOptions,
): Promise<readonly McpTool[]> => {
  const offered = await readOffered(client, options)
  const missing = wanted.tools?.find((name) => !offered.some((tool) => tool.name === name))
  if (missing !== undefined) throw invalid(`the server offers no tool "${missing}"`)
  const tools = offered.filter(({ name }) => wanted.tools?.includes(name) ?? true)
  if (tools.length > MCP_TOOL_COUNT_MAX) throw tooMany()
  return tools.map((tool) => toMcpTool(wanted.name, tool))
}

const readOffered = async (client: Client, options: RequestOptions): Promise<readonly Tool[]> => {
  const { ListToolsResultSchema } = await import('@modelcontextprotocol/sdk/types.js')
  const tools = new Map<string, Tool>()
  let cursor: string | undefined
  for (let page = 0; page < MCP_PAGE_COUNT_MAX; page++) {
    const params = cursor === undefined ? {} : { cursor }
    const answer = await client.request({ method: 'tools/list', params }, ListToolsResultSchema, options)
    for (const tool of answer.tools) tools.set(tool.name, tool)
    cursor = answer.nextCursor
    if (cursor === undefined) return [...tools.values()]
  }
  throw tooMany()
}

const toMcpTool = (prefix: string, { name, title, description, inputSchema }: Tool): McpTool => {
  const tool = {
    name,
    actionName: mcpActionName(prefix, name),
    description: description ?? title ?? name,
    parameters: inputSchema,
  }
  if (JSON.stringify(tool).length > MCP_TOOL_LENGTH_MAX)
    throw invalid(
      `the tool "${name.slice(0, NAME_LENGTH_MAX)}" is described in more than ${MCP_TOOL_LENGTH_MAX} characters`,
    )
  return tool
}

/** The strictest of the providers takes as many, of these characters. */
const NAME_LENGTH_MAX = 64
const DIGEST_LENGTH = 8

/** A name that had to be changed ends in a digest of what it was, so that no two become the same. */
export const mcpActionName = (prefix: string, name: string): string => {
  const whole = `${prefix}_${name}`
  if (whole.length <= NAME_LENGTH_MAX && /^[\w-]+$/.test(whole)) return whole
  const digest = createHash('sha256').update(whole).digest('hex').slice(0, DIGEST_LENGTH)
  const kept = whole.replace(/[^\w-]/g, '_').slice(0, NAME_LENGTH_MAX - DIGEST_LENGTH - 1)
  return `${kept}_${digest}`
}

const invalid = (message: string): StepError => new StepError('invalid_action', message)

const tooMany = (): StepError =>
  invalid(`the server offers more than ${MCP_TOOL_COUNT_MAX} tools: name those that are wanted`)
