/** The port of actions: what a model may call and a tool is made of, made from its spec for one run. */

import type { Attempt } from '../../pipeline/step.ts'
import type { RunCounts } from '../../runs/run.ts'
import type { Confirmation, PlannedOperation } from '../../storage/storage.ts'
import type { JsonSchema } from '../action-spec.ts'

/** Memories that an action changes: committed together with the record of its step, so a crash does it neither twice nor not at all. */
export type PlannedChange = {
  readonly operations: readonly PlannedOperation[]
  readonly confirmations: readonly Confirmation[]
  readonly counts: RunCounts
}

/** `output` is JSON: what the model is told, and the next step of a tool may use. */
export type ActionAnswer = {
  readonly output: unknown
  /** It did not work; the model may do something about it, a tool cannot. */
  readonly isError: boolean
  readonly change?: PlannedChange
}

export type ActionCall = {
  readonly arguments: Readonly<Record<string, unknown>>
  /** Unique within the run and the same in every attempt: the name of the step. What is done elsewhere is asked for under it. */
  readonly stepName: string
  readonly attempt: Attempt
  readonly signal: AbortSignal
}

/**
 * May throw a StepError: what may pass (a connection lost, 429, 5xx) is retryable and tried again by the run; what is the fault of
 * the arguments is an answer with `isError`.
 */
export type Action = {
  readonly name: string
  readonly description: string
  readonly parameters: JsonSchema
  /** It takes as long as the run may: what it waits for has bounds of its own. Else it has the time of a step. */
  readonly isLong?: true
  readonly perform: (call: ActionCall) => Promise<ActionAnswer>
}
