/**
 * The work of a run that takes another one back. It decides, like a transform, and commits, like any run: behind its claim, and
 * only if nothing it decided on has moved; else it decides again. So it is done once, whatever crashes on the way.
 */
import { COMMIT_CONFLICT_COUNT_MAX, RESULT_COUNT_MAX } from '../../kernel/limits.ts'
import { StepError } from '../../kernel/step-error.ts'
import type { UndoInput } from '../../runs/input.ts'
import type { Outcome, Run, StepRecord } from '../../runs/run.ts'
import { RunCancelled } from '../../runs/run-cancelled.ts'
import type { CommitResult } from '../../storage/storage.ts'
import { endDryRun } from '../dry-run.ts'
import { StepFailure } from '../run-step.ts'
import type { Attempt, PipelineDependencies } from '../step.ts'
import { planUndo, type UndoConflict, type UndoPlan } from './plan-undo.ts'
import { countOperations, showOperations } from './shown-operations.ts'

export const undo = async (dependencies: PipelineDependencies, attempt: Attempt): Promise<void> => {
  const { clock } = dependencies
  const { run, storage, signal } = attempt
  const { input } = attempt.payload
  if (input.type !== 'undo') throw new Error(`run ${run.runId} does not say what to take back`)
  for (let conflicts = 0; conflicts <= COMMIT_CONFLICT_COUNT_MAX; conflicts++) {
    const startedAt = clock.now()
    // As it is now: topics may have gone since this run was accepted.
    const group = await storage.getGroupById(run.groupId)
    if (group === null) throw new Error(`run ${run.runId} has no group`)
    const plan = await planUndo({ storage, group, signal, runId: input.runId, force: input.force })
    signal.throwIfAborted()
    const reversal = { input, plan, startedAt }
    if (run.dryRun) return planCommit(dependencies, attempt, reversal)
    const result = await commitUndo(attempt, { ...reversal, now: clock.now() })
    if (result.kind === 'cancelling') throw new RunCancelled()
    if (result.kind === 'committed' || result.kind === 'claim_lost') return
  }
  const reason = new StepError('conflict', 'the memories kept changing', { retryable: true })
  throw new StepFailure('commit', reason, null)
}

type Reversal = { readonly input: UndoInput; readonly plan: UndoPlan; readonly startedAt: number }

const commitUndo = (
  { run, claim, storage }: Attempt,
  { input, plan, startedAt, now }: Reversal & { readonly now: number },
): Promise<CommitResult> => {
  const { confirmations, retractions } = plan
  const operations = plan.operations.map(({ operation }) => operation)
  const step: StepRecord = {
    ...{ name: 'undo', type: 'apply', attempt: claim.attempt, status: 'completed' },
    ...{ startedAt, completedAt: now, output: null, error: null },
  }
  return storage.commitRun({
    ...{ claim, step, now, error: null, state: 'completed', outcome: outcomeOf(plan) },
    ...{ operations, confirmations, retractions },
    counts: { ...run.counts, ...countOperations(operations) },
    result: resultOf(input, plan),
  })
}

const planCommit = (
  dependencies: PipelineDependencies,
  attempt: Attempt,
  { input, plan, startedAt }: Reversal,
): Promise<void> =>
  endDryRun(dependencies, attempt, {
    ...{ ...plan, startedAt, error: null, outcome: outcomeOf(plan), result: resultOf(input, plan) },
    counts: {
      ...attempt.run.counts,
      ...countOperations(plan.operations.map(({ operation }) => operation)),
    },
  })

const outcomeOf = ({ operations, confirmations, retractions }: UndoPlan): Outcome =>
  operations.length + confirmations.length + retractions.length > 0 ? 'committed' : 'unchanged'

const resultOf = ({ runId, force }: UndoInput, plan: UndoPlan): NonNullable<Run['result']> => ({
  undo_of: runId,
  force,
  operations: showOperations(plan.operations),
  operation_count: plan.operations.length,
  conflicts: plan.conflicts.slice(0, RESULT_COUNT_MAX).map(showConflict),
  conflict_count: plan.conflicts.length,
  sources_removed: plan.retractions.length,
  sources_restored: plan.confirmations.length,
})

const showConflict = (conflict: UndoConflict) => ({
  memory_id: conflict.memoryId,
  kind: conflict.kind,
  reason: conflict.reason,
  expected_version: conflict.expectedVersion,
  version: conflict.version,
  forced: conflict.isForced,
})
