/** Tools: made, listed, changed, archived. */
import { TOOL_COUNT_MAX } from '../kernel/limits.ts'
import type { ProblemError } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { findGroup } from '../projects/find-group.ts'
import type { Page } from '../storage/storage.ts'
import {
  actionErrors,
  type CheckPlace,
  lengthErrors,
  nameErrors,
  parameterOf,
  placeErrors,
  readSurroundings,
  refuseErrors,
  schemaErrors,
} from './check-actions.ts'
import type { DefinitionDependencies } from './manage-agents.ts'
import { changeDefinition, getDefinition, putDefinition } from './put-definition.ts'
import type { Tool, ToolStep } from './tool.ts'

type Rules = Pick<DefinitionDependencies, 'rules'>

export type ToolDefinition = Omit<Tool, 'toolId' | 'version' | 'createdAt' | 'updatedAt'>

const kindIn = ({ storage }: Pick<Access, 'storage'>) =>
  ({ noun: 'tool', kept: storage.agents.tools, countMax: TOOL_COUNT_MAX }) as const

/** Throws Problem `invalid_body`, `unknown_group`, `limit_reached`. */
export const createTool = async (access: Access, rules: Rules, definition: ToolDefinition): Promise<Tool> => {
  await checkTool(access, rules, definition)
  const value = { ...definition, toolId: access.ids.next(), createdAt: access.clock.now() }
  const made = await putDefinition(access, kindIn(access), { value, expectedVersion: 0 })
  if (made === null) throw new Error(`the new tool ${value.toolId} was there already`)
  return made
}

/** Throws Problem `not_found`. */
export const getTool = (access: Pick<Access, 'storage'>, toolId: string): Promise<Tool> =>
  getDefinition(kindIn(access), toolId)

/** Newest first. */
export const listTools = (
  { storage }: Access,
  params: { readonly limit: number; readonly cursor: string | null; readonly withArchived: boolean },
): Promise<Page<Tool>> => storage.agents.tools.list(params)

/** Throws Problem `not_found`, `conflict`, and what createTool throws. */
export const updateTool = (
  access: Access,
  rules: Rules,
  request: {
    readonly toolId: string
    readonly expectedVersion?: number | undefined
    readonly changes: Partial<ToolDefinition>
  },
): Promise<Tool> =>
  changeDefinition(access, kindIn(access), {
    id: request.toolId,
    expectedVersion: request.expectedVersion,
    change: async (before) => {
      const after = { ...before, ...request.changes }
      await checkTool(access, rules, after)
      return after
    },
  })

/** As of an agent. Throws Problem `not_found`, `conflict`. */
export const archiveTool = async (access: Access, toolId: string): Promise<void> => {
  if ((await getTool(access, toolId)).status === 'archived') return
  await changeDefinition(access, kindIn(access), {
    id: toolId,
    expectedVersion: undefined,
    change: async (before) => ({ ...before, status: 'archived' }),
  })
}

const checkTool = async (access: Access, { rules }: Rules, definition: ToolDefinition): Promise<void> => {
  if (definition.status === 'archived') return
  const { steps, parameters, outputSchema, output } = definition
  const group = await findGroup(access.storage, definition.group)
  const surroundings = await readSurroundings(access, { rules, group })
  const errors = await Promise.all([
    schemaErrors(parameters, 'body.parameters'),
    outputSchema === null ? [] : schemaErrors(outputSchema, 'body.output_schema'),
    ...steps.map(({ action }, index) => actionErrors(action, `body.steps[${index}].action`, surroundings)),
  ])
  const names = steps.map(({ name }) => name)
  refuseErrors('tool', [
    ...nameErrors(names, (index) => `body.steps[${index}].name`),
    ...errors.flat(),
    ...steps.flatMap((step, index) =>
      stepErrors(step, `body.steps[${index}]`, { parameters, before: names.slice(0, index) }),
    ),
    ...templateErrors(output, 'body.output', { parameters, before: names }),
  ])
}

type Known = Pick<Tool, 'parameters'> & { readonly before: readonly string[] }

const stepErrors = (step: ToolStep, location: string, known: Known): readonly ProblemError[] => {
  const isMcp = step.action.type === 'mcp'
  const needsName = isMcp && step.mcpTool === null
  const hasName = !isMcp && step.mcpTool !== null
  return [
    ...(needsName
      ? [{ message: 'is required: it says which tool is called', location: `${location}.mcp_tool` }]
      : []),
    ...(hasName ? [{ message: 'is for mcp actions only', location: `${location}.mcp_tool` }] : []),
    ...templateErrors(step.arguments, `${location}.arguments`, known),
  ]
}

const templateErrors = (template: unknown, location: string, known: Known): readonly ProblemError[] => [
  ...lengthErrors(template, location),
  ...placeErrors(template, location, {
    input: parameterOf(known.parameters),
    steps: stepIn(known.before),
  }),
]

const stepIn =
  (names: readonly string[]): CheckPlace =>
  ([name = '']) =>
    names.includes(name) ? null : 'names no earlier step'
