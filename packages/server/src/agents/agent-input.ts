/** What a run of an agent or of a tool works on, and what it reports. */
import type { JsonSchema } from './action-spec.ts'
import type { Agent } from './agent.ts'
import type { RunInputs } from './run-inputs.ts'
import type { Tool } from './tool.ts'

/** How a run came about. */
export const runTriggers = ['api', 'webhook', 'agent'] as const
export type RunTrigger = (typeof runTriggers)[number]

/** Bounds of one run; none is wider than what its agent and its project have. Null: only those. */
export type AgentRunBounds = {
  readonly maxSteps: number | null
  readonly maxTokens: number | null
  readonly maxCredits: string | null
}

export type AgentInput = {
  readonly type: 'agent'
  /** As it was when the run was accepted. */
  readonly agent: Agent
  readonly userMessage: string
  /** For the places in the instructions; absent when none were given. */
  readonly inputs?: RunInputs
  /** Values of the scope properties of its memories come with the payload. */
  readonly bounds: AgentRunBounds
  /** The answer is to be JSON of this schema. */
  readonly outputSchema: JsonSchema | null
  readonly trigger: RunTrigger
  /** 0 for a run that no agent asked for, one more for each agent above it. */
  readonly depth: number
}

export type ToolInput = {
  readonly type: 'tool'
  readonly tool: Tool
  readonly input: Readonly<Record<string, unknown>>
  readonly trigger: RunTrigger
}

/** Why an agent run ended. */
export const stopReasons = [
  'final_answer',
  'max_steps',
  'max_tokens',
  'max_credits',
  'timeout',
  'cancelled',
  'error',
] as const
export type StopReason = (typeof stopReasons)[number]

/** `run.result` of an ended agent run. A run that stopped at a bound has completed, with what it had by then. */
export type AgentResult = { readonly finalOutput: string; readonly stopReason: StopReason }

/** `run.result` of an ended tool run. */
export type ToolResult = { readonly output: unknown }

/**
 * Output of a `model` step, named `model-1`, `model-2`, …: one call to the model. `text` is what it said; with tool calls it is
 * its reasoning, without any it is the answer.
 */
export type ModelStepOutput = {
  readonly text: string
  readonly toolCalls: readonly {
    readonly id: string
    readonly name: string
    readonly arguments: Readonly<Record<string, unknown>>
    readonly malformed?: string
  }[]
  /** Calls that it asked for beyond those, and that were not made; absent when there were none. */
  readonly droppedCount?: number
  /** It was cut off at its length. */
  readonly isCut?: true
  readonly usage: {
    readonly inputTokens: number
    readonly outputTokens: number
    readonly cachedTokens: number
  }
}

/** Output of an `action` step, named `action-<iteration>-<number of the call>` in an agent run and by its own name in a tool run. */
export type ActionStepOutput = {
  /** The call to the model that asked for it, from 1; 0 in a tool run. */
  readonly iteration: number
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
  readonly output: unknown
  readonly isError: boolean
}
