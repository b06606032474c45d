/** Actions of agents and tools as they are written: one closed object, whose members depend on its type. */
import { type Static, Type } from 'typebox'
import type { ActionSpec, JsonSchema } from '../../agents/action-spec.ts'
import {
  ACTION_SEARCH_COUNT_MAX,
  ACTION_TIMEOUT_MS_DEFAULT,
  ACTION_TIMEOUT_MS_MAX,
  DESCRIPTION_LENGTH_MAX,
  HEADER_COUNT_MAX,
  HEADER_LENGTH_MAX,
  MCP_TOOL_COUNT_MAX,
  NAME_LENGTH_MAX,
  WEBHOOK_URL_LENGTH_MAX,
} from '../../kernel/limits.ts'
import { type ProblemError, problem } from '../../kernel/problem.ts'

const actionTypes = ['memory_search', 'memory_add', 'http', 'mcp', 'agent'] as const
type ActionType = (typeof actionTypes)[number]
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

const SEARCH_COUNT_DEFAULT = 10

export const ActionName = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'Letters, digits, `_` and `-`.',
})
export const Description = Type.String({ maxLength: DESCRIPTION_LENGTH_MAX })
export const Schema = (description: string) => Type.Record(Type.String(), Type.Unknown(), { description })
const Url = Type.String({ minLength: 1, maxLength: WEBHOOK_URL_LENGTH_MAX })
const Texts = (description: string) =>
  Type.Record(Type.String(), Type.String({ maxLength: HEADER_LENGTH_MAX }), {
    maxProperties: HEADER_COUNT_MAX,
    description,
  })

const Request = Type.Object(
  {
    method: Type.Unsafe<(typeof methods)[number]>({ type: 'string', enum: [...methods] }),
    url: Url,
    headers: Type.Optional(Texts('With places for values.')),
    query: Type.Optional(Texts('Added to the address, with places for values.')),
    body: Type.Optional(Type.Unknown({ description: 'Sent as JSON, with places for values.' })),
  },
  {
    additionalProperties: false,
    description: '`{{args.NAME}}` is an argument, `{{secrets.NAME}}` a secret of the project.',
  },
)

export const Action = Type.Object(
  {
    type: Type.Unsafe<ActionType>({ type: 'string', enum: [...actionTypes] }),
    name: ActionName,
    description: Type.Optional(Description),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: ACTION_SEARCH_COUNT_MAX, description: 'memory_search' }),
    ),
    topic: Type.Optional(
      Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX, description: 'memory_add' }),
    ),
    parameters: Type.Optional(Schema('http: the schema of its arguments, an object.')),
    request: Type.Optional(Request),
    timeout: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: ACTION_TIMEOUT_MS_MAX / 1_000,
        description: 'http: seconds.',
      }),
    ),
    url: Type.Optional(Url),
    headers: Type.Optional(Texts('mcp: may hold `{{secrets.NAME}}`.')),
    tools: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX }), {
        maxItems: MCP_TOOL_COUNT_MAX,
        uniqueItems: true,
        description: 'mcp: only these of the tools it offers; all when absent.',
      }),
    ),
    agent_id: Type.Optional(Type.String({ format: 'uuid', description: 'agent' })),
  },
  { additionalProperties: false },
)
type ActionBody = Static<typeof Action>

/** By type: the members it must have, and those it may have, besides those of all. */
const members: Readonly<
  Record<
    ActionType,
    { readonly required: readonly (keyof ActionBody)[]; readonly optional: readonly (keyof ActionBody)[] }
  >
> = {
  memory_search: { required: [], optional: ['limit'] },
  memory_add: { required: [], optional: ['topic'] },
  http: { required: ['request'], optional: ['parameters', 'timeout'] },
  mcp: { required: ['url'], optional: ['headers', 'tools'] },
  agent: { required: ['agent_id'], optional: [] },
}

/** Throws Problem `invalid_body`. */
export const readAction = (body: ActionBody, location: string): ActionSpec => {
  const { type, name, description = '' } = body
  refuseMembers(body, location)
  const common = { name, description }
  switch (type) {
    case 'memory_search':
      return { ...common, type, limit: body.limit ?? SEARCH_COUNT_DEFAULT }
    case 'memory_add':
      return { ...common, type, topic: body.topic ?? null }
    case 'http': {
      const { method = 'GET', url = '', headers = {}, query = {}, body: sent = null } = body.request ?? {}
      return {
        ...{ ...common, type, parameters: body.parameters ?? emptyParameters },
        request: { method, url, headers, query, body: sent },
        timeoutMs: body.timeout === undefined ? ACTION_TIMEOUT_MS_DEFAULT : Math.ceil(body.timeout * 1_000),
      }
    }
    case 'mcp': {
      const { url = '', headers = {}, tools = null } = body
      return { ...common, type, url, headers, tools }
    }
    case 'agent':
      return { ...common, type, agentId: (body.agent_id ?? '').toLowerCase() }
  }
}

const emptyParameters: JsonSchema = { type: 'object', properties: {} }

const refuseMembers = (body: ActionBody, location: string): void => {
  const { required, optional } = members[body.type]
  const known = new Set<string>(['type', 'name', 'description', ...required, ...optional])
  const errors: ProblemError[] = [
    ...required
      .filter((member) => body[member] === undefined)
      .map((member) => ({ message: `is required by ${body.type}`, location: `${location}.${member}` })),
    ...Object.keys(body)
      .filter((member) => !known.has(member))
      .map((member) => ({ message: `is no member of ${body.type}`, location: `${location}.${member}` })),
  ]
  const [first] = errors
  if (first !== undefined)
    throw problem('invalid_body', `validation failed: ${first.location} ${first.message}`, { errors })
}

export const toActionRepresentation = (action: ActionSpec): ActionBody => {
  const { type, name, description } = action
  const common = { type, name, description }
  switch (action.type) {
    case 'memory_search':
      return { ...common, limit: action.limit }
    case 'memory_add':
      return { ...common, ...(action.topic !== null && { topic: action.topic }) }
    case 'http': {
      const { method, url, headers, query, body } = action.request
      return {
        ...{ ...common, parameters: action.parameters, timeout: action.timeoutMs / 1_000 },
        request: { method, url, headers, query, ...(body !== null && { body }) },
      }
    }
    case 'mcp': {
      const { url, headers, tools } = action
      return { ...common, url, headers, ...(tools !== null && { tools: [...tools] }) }
    }
    case 'agent':
      return { ...common, agent_id: action.agentId }
  }
}
