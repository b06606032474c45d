/**
 * One attempt of one run, from its claim to a recorded end: what its executor does, within the time the run has, and what becomes
 * of it when that fails. Whatever goes wrong ends in a recorded state; only when the store itself cannot record it does the
 * attempt reject, and the lease sees to another.
 */
import { StepError } from '../kernel/step-error.ts'
import { retryDelayMs } from '../runs/retry.ts'
import type { Claim, Run, RunError } from '../runs/run.ts'
import { RunCancelled } from '../runs/run-cancelled.ts'
import { asStepError } from './as-step-error.ts'
import type { Executors } from './executors.ts'
import { StepFailure, stageNames } from './run-step.ts'
import type { Attempt, PipelineDependencies } from './step.ts'
import { limitedSignal } from './within-time.ts'

export type ExecutionDependencies = PipelineDependencies & { readonly executors: Executors }

export const executeRun = async (
  dependencies: ExecutionDependencies,
  { claim, run }: { readonly claim: Claim; readonly run: Run },
  signal: AbortSignal,
): Promise<void> => {
  const storage = dependencies.storage.project(claim.projectId)
  const { clock, limits } = dependencies
  if (run.cancelRequestedAt !== null) return void (await storage.cancelAttempt({ claim, now: clock.now() }))
  if (run.attempt - run.attemptBase - run.failures > limits.runInterruptionCountMax)
    return failInterrupted(dependencies, { claim, run, storage })
  const [group, payload] = await Promise.all([
    storage.getGroupById(run.groupId, run.groupVersion),
    storage.readPayload(run.runId),
  ])
  if (group === null) return failWithoutGroup(dependencies, { claim, storage })
  if (payload === null) throw new Error(`run ${run.runId} has no input`)
  const attempt: Attempt = { claim, run, group, payload, storage, signal }
  try {
    await executeInTime(dependencies, attempt)
  } catch (error) {
    if (error instanceof RunCancelled || signal.reason instanceof RunCancelled) {
      await storage.cancelAttempt({ claim, now: clock.now() })
      return
    }
    // A stopping server or a lost claim is no failure of the run: it goes on elsewhere, from its last finished step.
    if (signal.aborted) return
    await recordFailure(dependencies, attempt, asStepFailure(error))
  }
}

const executeInTime = async (dependencies: ExecutionDependencies, attempt: Attempt): Promise<void> => {
  const { run, signal } = attempt
  const execute = dependencies.executors[run.inputType]
  if (execute === undefined) throw new Error(`nobody executes run ${run.runId}: it is a ${run.inputType}`)
  const leftMs = Math.max(0, (run.deadlineAt ?? Number.MAX_SAFE_INTEGER) - dependencies.clock.now())
  using limited = limitedSignal(signal, {
    leftMs,
    reason: new StepError('timeout', timeoutText(run.timeoutMs ?? dependencies.limits.runTimeoutMs), {
      retryable: true,
    }),
  })
  await execute(dependencies, { ...attempt, signal: limited.signal })
}

const timeoutText = (timeoutMs: number): string => `the run was not finished within ${timeoutMs / 1000} s`

const asStepFailure = (error: unknown): StepFailure =>
  error instanceof StepFailure ? error : new StepFailure('commit', asStepError(error), null)

const recordFailure = async (
  { limits, clock, log, random }: PipelineDependencies,
  { claim, run, storage }: Attempt,
  { stage, reason, step }: StepFailure,
): Promise<void> => {
  if (reason.code === 'claim_lost') return
  if (reason.code === 'internal_error')
    log.error({ err: reason.cause, runId: run.runId }, `${stage} failed unexpectedly`)
  const error: RunError = { stage: stageNames[stage], code: reason.code, detail: reason.message }
  const now = clock.now()
  const failed = { claim, error, step: step === null ? null : { ...step, error }, now }
  const failures = run.failures + 1
  const delayMs = retryDelayMs(failures, { ...limits, retryAfterMs: reason.retryAfterMs }, random())
  const retryAt = now + delayMs
  const isInTime = run.deadlineAt === null || retryAt < run.deadlineAt
  if (reason.retryable && failures < limits.runFailureCountMax && isInTime) {
    await storage.retryRun({ ...failed, retryAt })
  } else await storage.failRun(failed)
}

// It was accepted, or asked for anew, while its group was being deleted.
const failWithoutGroup = async (
  { clock }: PipelineDependencies,
  { claim, storage }: Pick<Attempt, 'claim' | 'storage'>,
): Promise<void> => {
  const error: RunError = { stage: 'processing', code: 'unknown_group', detail: 'its group was deleted' }
  await storage.failRun({ claim, error, step: null, now: clock.now() })
}

const failInterrupted = async (
  { clock }: PipelineDependencies,
  { claim, run, storage }: Pick<Attempt, 'claim' | 'run' | 'storage'>,
): Promise<void> => {
  const detail = `interrupted ${run.attempt - run.attemptBase - run.failures - 1} times without finishing`
  const error: RunError = { stage: 'processing', code: 'interrupted', detail }
  await storage.failRun({ claim, error, step: null, now: clock.now() })
}
