import type { ActionSpec } from './action-spec.ts'

/** `active` runs; `inactive` does not for now; `archived` is kept for its runs and listed no more. */
export const agentStatuses = ['active', 'inactive', 'archived'] as const
export type AgentStatus = (typeof agentStatuses)[number]

/** What an agent is told, may do and remembers. Each change makes a new version; a run keeps the one it was accepted with. */
export type Agent = {
  readonly agentId: string
  readonly version: number
  readonly name: string
  readonly instructions: string
  /** At its provider; the configured one when null, and `recall` without any. */
  readonly model: string | null
  /** Calls to the model in one run, 1 to AGENT_STEP_COUNT_MAX. */
  readonly maxSteps: number
  readonly actions: readonly ActionSpec[]
  /** The group whose memories it searches and adds to. */
  readonly group: string
  /** Whether a run is shown what was said in its conversation before. */
  readonly conversationMemory: boolean
  readonly status: AgentStatus
  readonly createdAt: number
  readonly updatedAt: number
}

export const AGENT_STEP_COUNT_DEFAULT = 8
