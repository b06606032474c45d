/**
 * One call to a model or one action: told of before it begins, and recorded with what it costs before anything goes on from it. What it took is kept however it
 * ends: when it fails, and when the run is cancelled or the server stops in the middle of it. What changes memories is committed in
 * the transaction that records it, so a crash leaves both or neither.
 */
import { COMMIT_CONFLICT_COUNT_MAX } from '../kernel/limits.ts'
import { StepError } from '../kernel/step-error.ts'
import { asStepError } from '../pipeline/as-step-error.ts'
import { goneTopic, keptChanging } from '../pipeline/refused-commit.ts'
import { createMeter, StepFailure, stageNames } from '../pipeline/run-step.ts'
import type { Attempt, PipelineDependencies } from '../pipeline/step.ts'
import type { RunCounts, StepBeginning, StepRecord } from '../runs/run.ts'
import { RunCancelled } from '../runs/run-cancelled.ts'
import type { CommitResult, Guarded } from '../storage/storage.ts'
import type { PlannedChange } from './actions/action.ts'
import type { AgentAttempt } from './agent-attempt.ts'
import { chargeFor } from './charge.ts'

/** What the work has come to. */
export type Done<Output> = {
  readonly output: Output
  /** That are charged for. */
  readonly actions: number
  readonly change?: PlannedChange | undefined
}

type PaidStep<Output> = Pick<StepBeginning, 'name' | 'of' | 'number'> & {
  readonly type: StepBeginning['kind']
  /** Done again when a memory that its change was decided on has moved. */
  readonly work: (metered: Attempt) => Promise<Done<Output>>
  /** What there is by now of an output that will not come. */
  readonly unfinished?: () => Output | null
}

/** Answers the recorded output. Throws StepFailure and RunCancelled. */
export const runPaidStep = async <Output>(
  dependencies: PipelineDependencies,
  attempt: AgentAttempt,
  { name, type, of, number, work, unfinished }: PaidStep<Output>,
): Promise<Output> => {
  const { clock, signals } = dependencies
  const begun = { name, type, attempt: attempt.claim.attempt, startedAt: clock.now() }
  const meter = createMeter()
  const cost = (actions: number): Pick<StepRecord, 'use' | 'charge'> => {
    const taken = meter.total()
    const charge = chargeFor(attempt.rates, { use: taken.use ?? null, actions })
    return { ...taken, ...(charge !== null && { charge }) }
  }
  try {
    refuseBeginning(
      await attempt.storage.beginStep({ claim: attempt.claim, step: { ...begun, kind: type, of, number } }),
    )
    signals.reached?.('mid_step')
    for (let conflictCount = 0; conflictCount <= COMMIT_CONFLICT_COUNT_MAX; conflictCount++) {
      attempt.signal.throwIfAborted()
      const { output, actions, change } = await work({ ...attempt, used: meter.used })
      const end = { status: 'completed', completedAt: clock.now(), output, error: null } as const
      const step: StepRecord = { ...begun, ...end, ...cost(actions) }
      signals.reached?.('before_record')
      if (!isKept(await keep(attempt, step, change))) continue
      if (step.charge !== undefined) attempt.spend(step.charge)
      signals.reached?.('after_step')
      return output
    }
    throw keptChanging()
  } catch (error) {
    if (error instanceof Recorded) throw new RunCancelled()
    // What is told to end may say so in words of its own.
    const reason: unknown = attempt.signal.aborted ? attempt.signal.reason : error
    const step = { ...begun, status: 'failed', completedAt: clock.now(), ...cost(0) } as const
    const failed = { ...step, output: unfinished?.() ?? null }
    if (!isEnding(attempt, reason)) throw new StepFailure(type, asStepError(reason), failed)
    if (failed.use !== undefined)
      await attempt.storage.recordStep({
        claim: attempt.claim,
        step: { ...failed, error: endOf(type, reason) },
      })
    throw reason
  }
}

const refuseBeginning = ({ kind }: Guarded): void => {
  if (kind === 'cancelling') throw new RunCancelled()
  if (kind === 'claim_lost') throw claimLost()
}

const claimLost = (): StepError => new StepError('claim_lost', 'the claim was lost')

/** The step is recorded, and somebody wants the run to end. */
class Recorded extends Error {}

const keep = async (
  attempt: Attempt,
  step: StepRecord,
  change: PlannedChange | undefined,
): Promise<Guarded | CommitResult> => {
  const { storage, claim } = attempt
  if (change === undefined) {
    const answer = await storage.recordStep({ claim, step })
    if (answer.kind === 'cancelling') throw new Recorded()
    return answer
  }
  const { operations, confirmations } = change
  const counts = addCounts(await countsOf(attempt), change.counts)
  return storage.commitStep({ claim, operations, confirmations, counts, step, now: step.completedAt })
}

/** False: a memory has moved, so it is to be decided again. */
const isKept = (answer: Guarded | CommitResult): boolean => {
  switch (answer.kind) {
    case 'done':
    case 'committed':
      return true
    case 'conflict':
      return false
    case 'cancelling':
      throw new RunCancelled()
    case 'claim_lost':
      throw claimLost()
    case 'topic_gone':
      throw goneTopic(answer.topic)
    case 'company_changed':
      throw new Error('a run that is alone has company')
  }
}

/** The run ends, here or everywhere, and the step has no part in that. */
const isEnding = ({ signal }: Attempt, reason: unknown): boolean =>
  reason instanceof RunCancelled || (signal.aborted && !(reason instanceof StepError))

const endOf = (type: 'model' | 'action', reason: unknown) => ({
  stage: stageNames[type],
  ...(reason instanceof RunCancelled
    ? { code: 'cancelled', detail: 'the run was cancelled' }
    : { code: 'interrupted', detail: 'the attempt was interrupted' }),
})

/** What the run has done so far: another attempt may have done some of it. */
export const countsOf = async ({ run, storage }: Attempt): Promise<RunCounts> =>
  (await storage.getRun(run.runId))?.run.counts ?? run.counts

const addCounts = (counts: RunCounts, added: RunCounts): RunCounts => ({
  ...counts,
  candidates: counts.candidates + added.candidates,
  created: counts.created + added.created,
  updated: counts.updated + added.updated,
  deleted: counts.deleted + added.deleted,
  unchanged: counts.unchanged + added.unchanged,
})
