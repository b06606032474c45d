/** Agents: made, listed, changed, archived. */
import { AGENT_COUNT_MAX } from '../kernel/limits.ts'
import type { ChatModels } from '../models/chat-models.ts'
import type { AddressRules } from '../outbound/addresses.ts'
import type { Access } from '../projects/access.ts'
import { findGroup } from '../projects/find-group.ts'
import type { Page } from '../storage/storage.ts'
import type { Agent } from './agent.ts'
import { actionErrors, nameErrors, readSurroundings, refuseErrors } from './check-actions.ts'
import { changeDefinition, getDefinition, putDefinition } from './put-definition.ts'

/** What definitions are held against, besides what the project has. */
export type DefinitionDependencies = {
  readonly rules: AddressRules
  /** Throws Problem `model_not_configured`. */
  readonly chatModels: ChatModels
}

export type AgentDefinition = Omit<Agent, 'agentId' | 'version' | 'createdAt' | 'updatedAt'>

const kindIn = ({ storage }: Pick<Access, 'storage'>) =>
  ({ noun: 'agent', kept: storage.agents.agents, countMax: AGENT_COUNT_MAX }) as const

/** Throws Problem `invalid_body`, `unknown_group`, `model_not_configured`, `limit_reached`. */
export const createAgent = async (
  access: Access,
  dependencies: DefinitionDependencies,
  definition: AgentDefinition,
): Promise<Agent> => {
  await checkAgent(access, dependencies, definition)
  const value = { ...definition, agentId: access.ids.next(), createdAt: access.clock.now() }
  const made = await putDefinition(access, kindIn(access), { value, expectedVersion: 0 })
  if (made === null) throw new Error(`the new agent ${value.agentId} was there already`)
  return made
}

/** Throws Problem `not_found`. */
export const getAgent = (access: Pick<Access, 'storage'>, agentId: string): Promise<Agent> =>
  getDefinition(kindIn(access), agentId)

/** Newest first. */
export const listAgents = (
  { storage }: Access,
  params: { readonly limit: number; readonly cursor: string | null; readonly withArchived: boolean },
): Promise<Page<Agent>> => storage.agents.agents.list(params)

/** Throws Problem `not_found`, `conflict`, and what createAgent throws. */
export const updateAgent = (
  access: Access,
  dependencies: DefinitionDependencies,
  request: {
    readonly agentId: string
    readonly expectedVersion?: number | undefined
    readonly changes: Partial<AgentDefinition>
  },
): Promise<Agent> =>
  changeDefinition(access, kindIn(access), {
    id: request.agentId,
    expectedVersion: request.expectedVersion,
    change: async (before) => {
      const after = { ...before, ...request.changes }
      await checkAgent(access, dependencies, after)
      return after
    },
  })

/** It runs no more and is listed no more; what it did stays. Asking again changes nothing. Throws Problem `not_found`, `conflict`. */
export const archiveAgent = async (access: Access, agentId: string): Promise<void> => {
  if ((await getAgent(access, agentId)).status === 'archived') return
  await changeDefinition(access, kindIn(access), {
    id: agentId,
    expectedVersion: undefined,
    change: async (before) => ({ ...before, status: 'archived' }),
  })
}

const checkAgent = async (
  access: Access,
  { rules, chatModels }: DefinitionDependencies,
  definition: AgentDefinition,
): Promise<void> => {
  // What is archived does nothing, so what it names may be gone.
  if (definition.status === 'archived') return
  chatModels(definition.model)
  const group = await findGroup(access.storage, definition.group)
  const surroundings = await readSurroundings(access, { rules, group })
  const { actions } = definition
  const names = actions.map(({ name }) => name)
  const errors = await Promise.all(
    actions.map((action, index) => actionErrors(action, `body.actions[${index}]`, surroundings)),
  )
  refuseErrors('agent', [...nameErrors(names, (index) => `body.actions[${index}].name`), ...errors.flat()])
}
