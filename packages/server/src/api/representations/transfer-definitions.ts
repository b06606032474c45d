/** What the lines of agents and tools in an export look like: as the store keeps them, without anything secret. */
import { Type } from 'typebox'
import { agentStatuses } from '../../agents/agent.ts'
import {
  ACTION_COUNT_MAX,
  ACTION_SEARCH_COUNT_MAX,
  ACTION_TIMEOUT_MS_MAX,
  AGENT_STEP_COUNT_MAX,
  DESCRIPTION_LENGTH_MAX,
  INSTRUCTIONS_LENGTH_MAX,
  TOOL_STEP_COUNT_MAX,
  WEBHOOK_URL_LENGTH_MAX,
} from '../../kernel/limits.ts'
import { Uuid } from './schema.ts'

const Closed = (members: Parameters<typeof Type.Object>[0]) =>
  Type.Object(members, { additionalProperties: false })
const Instant = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 })
const Name = Type.String({ minLength: 1, maxLength: 256, pattern: '^[^\\p{Cc}]+$' })
const MaybeName = Type.Unsafe<string | null>({ anyOf: [Name, { type: 'null' }] })
const Description = Type.String({ maxLength: DESCRIPTION_LENGTH_MAX })
const Schema = Type.Unsafe<object>({ type: 'object' })
const Texts = Type.Record(Type.String(), Type.String())
const Url = Type.String({ minLength: 1, maxLength: WEBHOOK_URL_LENGTH_MAX })

const common = { name: Name, description: Description }
const ActionSpec = Type.Union([
  Closed({
    ...common,
    type: Type.Literal('memory_search'),
    limit: Type.Integer({ minimum: 1, maximum: ACTION_SEARCH_COUNT_MAX }),
  }),
  Closed({ ...common, type: Type.Literal('memory_add'), topic: MaybeName }),
  Closed({
    ...common,
    type: Type.Literal('http'),
    parameters: Schema,
    request: Closed({
      method: Type.Unsafe<string>({ type: 'string', enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] }),
      url: Url,
      headers: Texts,
      query: Texts,
      body: Type.Unknown(),
    }),
    timeoutMs: Type.Integer({ minimum: 1, maximum: ACTION_TIMEOUT_MS_MAX }),
  }),
  Closed({
    ...common,
    type: Type.Literal('mcp'),
    url: Url,
    headers: Texts,
    tools: Type.Unsafe<string[] | null>({ type: ['array', 'null'], items: { type: 'string' } }),
  }),
  Closed({ ...common, type: Type.Literal('agent'), agentId: Uuid }),
])

const kept = {
  type: Type.String(),
  cursor: Type.String(),
  id: Uuid,
  version: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  status: Type.Unsafe<string>({ type: 'string', enum: [...agentStatuses] }),
  group: Name,
  created_at: Instant,
  updated_at: Instant,
}

export const AgentLine = Closed({
  ...kept,
  definition: Closed({
    name: Name,
    instructions: Type.String({ maxLength: INSTRUCTIONS_LENGTH_MAX }),
    model: MaybeName,
    maxSteps: Type.Integer({ minimum: 1, maximum: AGENT_STEP_COUNT_MAX }),
    actions: Type.Array(ActionSpec, { maxItems: ACTION_COUNT_MAX }),
    conversationMemory: Type.Boolean(),
  }),
})

export const ToolLine = Closed({
  ...kept,
  definition: Closed({
    name: Name,
    description: Description,
    parameters: Schema,
    steps: Type.Array(
      Closed({
        name: Name,
        action: ActionSpec,
        mcpTool: MaybeName,
        arguments: Type.Record(Type.String(), Type.Unknown()),
      }),
      { minItems: 1, maxItems: TOOL_STEP_COUNT_MAX },
    ),
    output: Type.Unknown(),
    outputSchema: Type.Unsafe<object | null>({ type: ['object', 'null'] }),
  }),
})
