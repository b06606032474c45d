import type { Outcome, Run, StepRecord } from '../runs/run.ts'
import type { Attempt, PipelineDependencies } from './step.ts'

/** Ends a maintenance run that has done its work, with what it reports. */
export const finishMaintenance = async (
  { clock }: PipelineDependencies,
  { claim, storage }: Attempt,
  end: Pick<Run, 'counts' | 'result'> & {
    readonly name: string
    readonly startedAt: number
    readonly outcome: Outcome
  },
): Promise<void> => {
  const now = clock.now()
  const step: StepRecord = {
    name: end.name,
    type: 'apply',
    attempt: claim.attempt,
    status: 'completed',
    startedAt: end.startedAt,
    completedAt: now,
    output: null,
    error: null,
  }
  const { counts, result, outcome } = end
  await storage.commitRun({
    ...{ claim, counts, result, outcome, step, now },
    operations: [],
    confirmations: [],
    state: 'completed',
    error: null,
  })
}
