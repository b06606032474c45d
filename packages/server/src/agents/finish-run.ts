import type { PipelineDependencies } from '../pipeline/step.ts'
import type { Run, StepRecord } from '../runs/run.ts'
import { RunCancelled } from '../runs/run-cancelled.ts'
import type { AgentAttempt } from './agent-attempt.ts'
import { countsOf } from './paid-step.ts'

/** Ends an agent or tool run with its result. A cancellation that came first wins: then it throws RunCancelled. */
export const finishRun = async (
  { clock }: PipelineDependencies,
  attempt: AgentAttempt,
  result: NonNullable<Run['result']>,
): Promise<void> => {
  const { claim, storage } = attempt
  const now = clock.now()
  const step: StepRecord = {
    // No step of a tool can have a name with a space.
    ...{ name: 'finish run', type: 'apply', attempt: claim.attempt, status: 'completed' },
    ...{ startedAt: now, completedAt: now, output: null, error: null },
  }
  const counts = await countsOf(attempt)
  const answer = await storage.commitRun({
    ...{ claim, counts, result, step, now },
    ...{ operations: [], confirmations: [], state: 'completed', error: null },
    outcome: counts.created + counts.updated + counts.deleted > 0 ? 'committed' : 'done',
  })
  if (answer.kind === 'cancelling') throw new RunCancelled()
}
