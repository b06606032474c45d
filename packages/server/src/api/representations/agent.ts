import { type Static, Type } from 'typebox'
import { AGENT_STEP_COUNT_DEFAULT, type Agent, type AgentStatus, agentStatuses } from '../../agents/agent.ts'
import type { AgentDefinition } from '../../agents/manage-agents.ts'
import { toIso } from '../../kernel/clock.ts'
import {
  ACTION_COUNT_MAX,
  AGENT_STEP_COUNT_MAX,
  INSTRUCTIONS_LENGTH_MAX,
  NAME_LENGTH_MAX,
} from '../../kernel/limits.ts'
import { defaultGroupName } from '../../projects/group.ts'
import { Action, readAction, toActionRepresentation } from './action.ts'
import { GroupName, Name, NullableString, RequestBody, Uuid } from './schema.ts'

export const AgentPath = Type.Object({ agent_id: Uuid })
export const AgentRunPath = Type.Object({ agent_id: Uuid, run_id: Uuid })

export const Status = Type.Unsafe<AgentStatus>({
  type: 'string',
  enum: [...agentStatuses],
  description: '`active` runs, `inactive` does not for now, `archived` is listed no more.',
})
export const ExpectedVersion = Type.Integer({
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Changes nothing unless it is at this version.',
})

const AgentName = Name('What people call it.')
const members = {
  instructions: Type.Optional(
    Type.String({
      maxLength: INSTRUCTIONS_LENGTH_MAX,
      description: 'What the model is told before all else.',
    }),
  ),
  model: Type.Optional(
    Type.Unsafe<string | null>({
      type: ['string', 'null'],
      minLength: 1,
      maxLength: NAME_LENGTH_MAX,
      description: 'Its name at the provider; null: the configured one.',
    }),
  ),
  max_steps: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: AGENT_STEP_COUNT_MAX,
      description: 'Calls to the model in one run.',
    }),
  ),
  actions: Type.Optional(Type.Array(Action, { maxItems: ACTION_COUNT_MAX })),
  group: Type.Optional(GroupName),
  conversation_memory: Type.Optional(
    Type.Boolean({ description: 'Whether a run is shown what was said in its conversation before.' }),
  ),
  status: Type.Optional(Status),
}

export const NewAgent = RequestBody({ name: AgentName, ...members })
export const AgentChanges = RequestBody({
  name: Type.Optional(AgentName),
  ...members,
  expected_version: Type.Optional(ExpectedVersion),
})

export const AgentRepresentation = Type.Object({
  id: Uuid,
  name: Type.String(),
  instructions: Type.String(),
  model: NullableString('Its name at the provider; null: the configured one.'),
  max_steps: Type.Integer(),
  actions: Type.Array(Action),
  group: Type.String(),
  conversation_memory: Type.Boolean(),
  status: Status,
  version: Type.Integer({ description: 'Counts changes from 1.' }),
  created_at: Type.String(),
  updated_at: Type.String(),
})

const initial: Omit<AgentDefinition, 'name'> = {
  instructions: '',
  model: null,
  maxSteps: AGENT_STEP_COUNT_DEFAULT,
  actions: [],
  group: defaultGroupName,
  conversationMemory: true,
  status: 'active',
}

/** Throws Problem `invalid_body`. */
export const readNewAgent = (body: Static<typeof NewAgent>): AgentDefinition => ({
  ...initial,
  name: body.name,
  ...readAgentChanges(body),
})

/** The members that are given. Throws Problem `invalid_body`. */
export const readAgentChanges = ({
  max_steps: maxSteps,
  conversation_memory: conversationMemory,
  actions,
  ...body
}: Omit<Static<typeof AgentChanges>, 'expected_version'>): Partial<AgentDefinition> => ({
  ...(body.name !== undefined && { name: body.name }),
  ...(body.instructions !== undefined && { instructions: body.instructions }),
  ...(body.model !== undefined && { model: body.model }),
  ...(maxSteps !== undefined && { maxSteps }),
  ...(actions !== undefined && {
    actions: actions.map((action, index) => readAction(action, `body.actions[${index}]`)),
  }),
  ...(body.group !== undefined && { group: body.group }),
  ...(conversationMemory !== undefined && { conversationMemory }),
  ...(body.status !== undefined && { status: body.status }),
})

export const toAgentRepresentation = (agent: Agent): Static<typeof AgentRepresentation> => ({
  id: agent.agentId,
  name: agent.name,
  instructions: agent.instructions,
  model: agent.model,
  max_steps: agent.maxSteps,
  actions: agent.actions.map(toActionRepresentation),
  group: agent.group,
  conversation_memory: agent.conversationMemory,
  status: agent.status,
  version: agent.version,
  created_at: toIso(agent.createdAt),
  updated_at: toIso(agent.updatedAt),
})
