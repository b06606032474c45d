import type { ActionSpec, JsonSchema } from './action-spec.ts'
import type { AgentStatus } from './agent.ts'

/**
 * One step of a tool. `arguments` hold places for values: `{{input.city}}` is a member of the run's input, `{{steps.NAME.path}}` the
 * output of an earlier step. A place that is all of a text keeps the type of its value.
 */
export type ToolStep = {
  /** Unique within the tool. */
  readonly name: string
  readonly action: ActionSpec
  /** Of an `mcp` action the tool of the server that is called; null for all others. */
  readonly mcpTool: string | null
  readonly arguments: Readonly<Record<string, unknown>>
}

/** A fixed sequence of actions: the same input takes the same way, and no model decides. */
export type Tool = {
  readonly toolId: string
  readonly version: number
  readonly name: string
  readonly description: string
  /** What the input must be: an object. */
  readonly parameters: JsonSchema
  readonly steps: readonly ToolStep[]
  /** With places, as arguments of steps; the output of the last step when null. */
  readonly output: unknown
  readonly outputSchema: JsonSchema | null
  /** The group whose memories its steps search and add to. */
  readonly group: string
  readonly status: AgentStatus
  readonly createdAt: number
  readonly updatedAt: number
}
