/**
 * The end of a dry run: where it would commit it records what, and shows it. A commit that is asked for later takes it from that record,
 * so it is exactly what was shown.
 */
import { type DryRunPlan, planStepName, withoutDocument } from '../memories/dry-run-plan.ts'
import type { Outcome, Run, RunCounts, RunError, StepRecord } from '../runs/run.ts'
import { RunCancelled } from '../runs/run-cancelled.ts'
import type { Confirmation, ProjectStorage, Retraction } from '../storage/storage.ts'
import { type Company, countCompany, ownersIn } from './company.ts'
import type { Decision, Plan } from './draft.ts'
import { type ShownOperation, showOperations } from './maintenance/shown-operations.ts'
import type { Attempt, PipelineDependencies } from './step.ts'
import { toOperation } from './steps/commit.ts'
import { outcomeOf } from './steps/counts.ts'

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
  { plan, company }: { readonly plan: Plan; readonly company: Company },
): Promise<void> => {
  const startedAt = dependencies.clock.now()
  const [member] = countCompany(company, plan)
  if (member === undefined) throw new Error(`run ${attempt.run.runId} is not in its own company`)
  const { counts, error } = member
  const owners = ownersIn(company)
  const operations: ShownOperation[] = []
  for (const decision of plan.decisions)
    operations.push({
      operation: toOperation(attempt, owners, decision),
      topic: decision.scope.topic,
      previousContent: await contentBefore(attempt.storage, decision),
    })
  const { confirmations } = plan
  await endDryRun(dependencies, attempt, {
    ...{ operations, confirmations, retractions: [], error, startedAt },
    counts,
    outcome: outcomeOf(counts),
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
