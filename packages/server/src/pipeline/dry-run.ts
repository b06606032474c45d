/**
 * The end of a dry run: where it would commit it records what, and shows it. A commit that is asked for later takes it from that record,
 * so it is exactly what was shown.
 */
import { type DryRunPlan, planStepName, withoutDocument } from '../memories/dry-run-plan.ts'
import type { Outcome, Run, RunCounts, RunError, StepRecord } from '../runs/run.ts'
import { RunCancelled } from '../runs/run-cancelled.ts'
import type { Confirmation, ProjectStorage, Retraction } from '../storage/storage.ts'
import type { Decision, Plan } from './draft.ts'
import { type ShownOperation, showOperations } from './maintenance/shown-operations.ts'
import type { Attempt, PipelineDependencies } from './step.ts'
import { toOperation } from './steps/commit.ts'
import { countPlan, outcomeOf } from './steps/counts.ts'

type Planned = {
  readonly operations: readonly ShownOperation[]
  readonly confirmations: readonly Confirmation[]
  readonly retractions: readonly Retraction[]
  /** What the run will have come to when it is committed. */
  readonly outcome: Outcome
  readonly counts: RunCounts
  /** What is to be said about inputs that failed for good. */
  readonly error: RunError | null
  readonly result: NonNullable<Run['result']>
  readonly startedAt: number
}

/** Throws RunCancelled. */
export const endDryRun = async (
  { clock }: PipelineDependencies,
  { claim, storage }: Attempt,
  { operations, confirmations, retractions, outcome, counts, ...planned }: Planned,
): Promise<void> => {
  const now = clock.now()
  const { error, result, startedAt } = planned
  const output: DryRunPlan = {
    operations: operations.map(({ operation }) => withoutDocument(operation)),
    ...{ confirmations, retractions, outcome, counts },
  }
  const step: StepRecord = {
    ...{ name: planStepName, type: 'apply', attempt: claim.attempt, status: 'completed' },
    ...{ startedAt, completedAt: now, output, error: null },
  }
  const answer = await storage.commitRun({
    ...{ claim, step, now, error, result, operations: [], confirmations: [] },
    state: error === null ? 'completed' : 'partial',
    outcome: 'planned',
    counts: { ...counts, created: 0, updated: 0, deleted: 0 },
  })
  if (answer.kind === 'cancelling') throw new RunCancelled()
}

/** A dry run of content, at its first commit. */
export const planDryRun = async (
  dependencies: PipelineDependencies,
  attempt: Attempt,
  { plan, counts, error }: { plan: Plan; counts: RunCounts; error: RunError | null },
): Promise<void> => {
  const startedAt = dependencies.clock.now()
  const operations: ShownOperation[] = []
  for (const decision of plan.decisions)
    operations.push({
      operation: toOperation(attempt, decision),
      topic: decision.scope.topic,
      previousContent: await contentBefore(attempt.storage, decision),
    })
  const { confirmations } = plan
  const after = countPlan(counts, plan)
  await endDryRun(dependencies, attempt, {
    ...{ operations, confirmations, retractions: [], error, startedAt },
    counts: after,
    outcome: outcomeOf(after),
    result: {
      operations: showOperations(operations),
      operation_count: operations.length,
      sources_added: confirmations.length,
    },
  })
}

const contentBefore = async (
  storage: ProjectStorage,
  { memoryId, version }: Decision,
): Promise<string | null> =>
  version === null ? null : ((await storage.getVersion({ memoryId, version }))?.content ?? null)
