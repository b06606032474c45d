import { type Static, Type } from 'typebox'
import type { ToolDefinition } from '../../agents/manage-tools.ts'
import type { Tool, ToolStep } from '../../agents/tool.ts'
import { toIso } from '../../kernel/clock.ts'
import { NAME_LENGTH_MAX, TOOL_STEP_COUNT_MAX } from '../../kernel/limits.ts'
import { defaultGroupName } from '../../projects/group.ts'
import { Action, ActionName, Description, readAction, Schema, toActionRepresentation } from './action.ts'
import { ExpectedVersion, Status } from './agent.ts'
import { GroupName, Name, RequestBody, Uuid } from './schema.ts'

export const ToolPath = Type.Object({ tool_id: Uuid })
export const ToolRunPath = Type.Object({ tool_id: Uuid, run_id: Uuid })

const Step = Type.Object(
  {
    name: ActionName,
    action: Action,
    mcp_tool: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: NAME_LENGTH_MAX,
        description: 'Of an mcp action the tool that is called.',
      }),
    ),
    arguments: Type.Optional(
      Schema(
        'What the action is given: `{{input.NAME}}` of the run, `{{steps.NAME.path}}` of an earlier step.',
      ),
    ),
  },
  { additionalProperties: false },
)

const NullableObject = (description: string) =>
  Type.Unsafe<Readonly<Record<string, unknown>> | null>({ type: ['object', 'null'], description })

const ToolName = Name('What people call it.')
const members = {
  description: Type.Optional(Description),
  parameters: Type.Optional(Schema('What the input must be: the schema of an object.')),
  output: Type.Optional(
    Type.Unknown({
      description: 'What a run gives, with places as in arguments; null: what its last step gives.',
    }),
  ),
  output_schema: Type.Optional(NullableObject('What the output is.')),
  group: Type.Optional(GroupName),
  status: Type.Optional(Status),
}
const Steps = Type.Array(Step, { minItems: 1, maxItems: TOOL_STEP_COUNT_MAX })

export const NewTool = RequestBody({ name: ToolName, steps: Steps, ...members })
export const ToolChanges = RequestBody({
  name: Type.Optional(ToolName),
  steps: Type.Optional(Steps),
  ...members,
  expected_version: Type.Optional(ExpectedVersion),
})

export const ToolRepresentation = Type.Object({
  id: Uuid,
  name: Type.String(),
  description: Type.String(),
  parameters: Type.Record(Type.String(), Type.Unknown()),
  steps: Type.Array(Step),
  output: Type.Unknown(),
  output_schema: NullableObject('What the output is.'),
  group: Type.String(),
  status: Status,
  version: Type.Integer({ description: 'Counts changes from 1.' }),
  created_at: Type.String(),
  updated_at: Type.String(),
})

const initial: Omit<ToolDefinition, 'name' | 'steps'> = {
  description: '',
  parameters: { type: 'object', properties: {} },
  output: null,
  outputSchema: null,
  group: defaultGroupName,
  status: 'active',
}

/** Throws Problem `invalid_body`. */
export const readNewTool = (body: Static<typeof NewTool>): ToolDefinition => ({
  ...initial,
  name: body.name,
  steps: [],
  ...readToolChanges(body),
})

/** The members that are given. Throws Problem `invalid_body`. */
export const readToolChanges = ({
  output_schema: outputSchema,
  steps,
  ...body
}: Omit<Static<typeof ToolChanges>, 'expected_version'>): Partial<ToolDefinition> => ({
  ...(body.name !== undefined && { name: body.name }),
  ...(body.description !== undefined && { description: body.description }),
  ...(body.parameters !== undefined && { parameters: body.parameters }),
  ...(steps !== undefined && { steps: steps.map((step, index) => readStep(step, `body.steps[${index}]`)) }),
  ...(body.output !== undefined && { output: body.output }),
  ...(outputSchema !== undefined && { outputSchema }),
  ...(body.group !== undefined && { group: body.group }),
  ...(body.status !== undefined && { status: body.status }),
})

const readStep = (step: Static<typeof Step>, location: string): ToolStep => ({
  name: step.name,
  action: readAction(step.action, `${location}.action`),
  mcpTool: step.mcp_tool ?? null,
  arguments: step.arguments ?? {},
})

export const toToolRepresentation = (tool: Tool): Static<typeof ToolRepresentation> => ({
  id: tool.toolId,
  name: tool.name,
  description: tool.description,
  parameters: tool.parameters,
  steps: tool.steps.map(({ name, action, mcpTool, arguments: given }) => ({
    ...{ name, action: toActionRepresentation(action), arguments: given },
    ...(mcpTool !== null && { mcp_tool: mcpTool }),
  })),
  output: tool.output,
  output_schema: tool.outputSchema,
  group: tool.group,
  status: tool.status,
  version: tool.version,
  created_at: toIso(tool.createdAt),
  updated_at: toIso(tool.updatedAt),
})
