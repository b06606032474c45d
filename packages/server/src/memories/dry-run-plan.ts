/** What a dry run has recorded to be committed: all of its operations, less what can be made again from them. */
import type { Outcome, RunCounts } from '../runs/run.ts'
import { indexDocument } from '../search/index-document.ts'
import type { Confirmation, PlannedOperation, Retraction } from '../storage/storage.ts'

/** The step under which it is recorded. */
export const planStepName = 'dry run'

type WithoutDocument<Operation> = Operation extends PlannedOperation ? Omit<Operation, 'document'> : never

export type DryRunPlan = {
  readonly operations: readonly WithoutDocument<PlannedOperation>[]
  readonly confirmations: readonly Confirmation[]
  readonly retractions: readonly Retraction[]
  /** What the run has come to when that is committed. */
  readonly outcome: Outcome
  readonly counts: RunCounts
}

export const withoutDocument = (operation: PlannedOperation): WithoutDocument<PlannedOperation> => {
  if (operation.kind === 'delete') return operation
  const { document: _, ...kept } = operation
  return kept
}

export const withDocument = (operation: WithoutDocument<PlannedOperation>): PlannedOperation => {
  if (operation.kind === 'delete') return operation
  const { content, origin } = operation
  return { ...operation, document: indexDocument({ content, ...origin }) }
}
