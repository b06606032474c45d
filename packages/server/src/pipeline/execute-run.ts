/**
 * One attempt of one run, from its claim to a recorded end.
 *
 *     extract ──▶ transform ──▶ commit ──▶ completed | partial
 *        │            ▲  │          │
 *        │            └──┼─conflict─┘
 *        └───────────────┴──▶ retry later | failed
 *
 * The output of each step is recorded before the next begins, so an attempt starts at the first step without one: what an
 * earlier attempt, or an earlier process, finished is not done again. Whatever goes wrong ends in a recorded state; only when the
 * store itself cannot record it does the attempt reject, and the lease sees to another.
 */
import { COMMIT_CONFLICT_COUNT_MAX } from '../kernel/limits.ts'
import { StepError } from '../kernel/step-error.ts'
import { retryDelayMs } from '../runs/retry.ts'
import type { Claim, Run, RunError, StepRecord } from '../runs/run.ts'
import { asStepError } from './as-step-error.ts'
import type { Plan } from './draft.ts'
import type { Attempt, PipelineDependencies } from './step.ts'
import { commit, countRun, partialError } from './steps/commit.ts'
import { type Extraction, extract, UnfinishedExtraction } from './steps/extract.ts'
import { transform } from './steps/transform.ts'
import { withinTime } from './within-time.ts'

export const executeRun = async (
  dependencies: PipelineDependencies,
  { claim, run }: { readonly claim: Claim; readonly run: Run },
  signal: AbortSignal,
): Promise<void> => {
  const storage = dependencies.storage.project(claim.projectId)
  if (run.attempt - run.failures > dependencies.limits.runInterruptionCountMax)
    return failInterrupted(dependencies, { claim, run, storage })
  const [group, payload] = await Promise.all([
    storage.getGroupById(run.groupId),
    storage.readPayload(run.runId),
  ])
  if (group === null || payload === null) throw new Error(`run ${run.runId} has no group or no input`)
  const attempt: Attempt = { claim, run, group, payload, storage, signal }
  try {
    await runSteps(dependencies, attempt)
  } catch (error) {
    // A stopping server or a lost claim is no failure of the run: it goes on elsewhere, from its last finished step.
    if (signal.aborted) return
    await recordFailure(dependencies, attempt, asStepFailure(error))
  }
}

const runSteps = async (dependencies: PipelineDependencies, attempt: Attempt): Promise<void> => {
  const { limits, clock } = dependencies
  const earlier = attempt.run.attempt === 1 ? [] : await attempt.storage.listSteps(attempt.run.runId)
  const extraction =
    completedOutput<Extraction>(earlier, 'extract') ??
    (await runStep(dependencies, attempt, 'extract', () =>
      extract(dependencies.extractor, attempt, {
        previous: lastOutput<Extraction>(earlier, 'extract'),
        inputTimeoutMs: limits.stepTimeoutMs,
        isLastAttempt: attempt.run.failures + 1 >= limits.runFailureCountMax,
      }),
    ))
  const error = partialError(extraction)
  if (error !== null && extraction.results.every((result) => 'failure' in result)) {
    const counts = countRun(attempt, extraction, null)
    await attempt.storage.failRun({ claim: attempt.claim, error, counts, step: null, now: clock.now() })
    return
  }
  await transformAndCommit(dependencies, attempt, {
    extraction,
    known: completedOutput<Plan>(earlier, 'transform'),
  })
}

const transformAndCommit = async (
  dependencies: PipelineDependencies,
  attempt: Attempt,
  { extraction, known }: { extraction: Extraction; known: Plan | null },
): Promise<void> => {
  const { clock, limits } = dependencies
  const candidates = extraction.results.flatMap((result) => ('failure' in result ? [] : result.candidates))
  let plan = known
  for (let conflicts = 0; conflicts <= COMMIT_CONFLICT_COUNT_MAX; conflicts++) {
    plan ??= await runStep(dependencies, attempt, 'transform', () =>
      withinTime(limits.stepTimeoutMs, attempt.signal, (signal) =>
        transform(dependencies, { ...attempt, signal }, candidates),
      ),
    )
    attempt.signal.throwIfAborted()
    const startedAt = clock.now()
    const result = await commit(attempt, { extraction, plan, startedAt, now: startedAt })
    if (result.kind !== 'conflict') return
    plan = null
  }
  throw new StepFailure(
    'commit',
    new StepError('conflict', 'the memories kept changing', { retryable: true }),
    null,
  )
}

/** A step that failed, and the record of it when it had one. */
class StepFailure extends Error {
  override readonly name = 'StepFailure'
  readonly stage: StepRecord['type']
  readonly reason: StepError
  readonly step: Omit<StepRecord, 'error'> | null

  constructor(stage: StepRecord['type'], reason: StepError, step: Omit<StepRecord, 'error'> | null) {
    super(reason.message, { cause: reason })
    this.stage = stage
    this.reason = reason
    this.step = step
  }
}

const runStep = async <Output>(
  { clock, signals }: PipelineDependencies,
  attempt: Attempt,
  type: 'extract' | 'transform',
  work: () => Promise<Output>,
): Promise<Output> => {
  const record = { name: type, type, attempt: attempt.claim.attempt, startedAt: clock.now() }
  signals.reached?.('mid_step')
  try {
    const output = await work()
    const step: StepRecord = { ...record, status: 'completed', completedAt: clock.now(), output, error: null }
    const answer = await attempt.storage.recordStep({ claim: attempt.claim, step })
    if (answer.kind === 'claim_lost') throw new StepError('claim_lost', 'the claim was lost')
    signals.reached?.('after_step')
    return output
  } catch (error) {
    const output = error instanceof UnfinishedExtraction ? error.extraction : null
    const reason = error instanceof UnfinishedExtraction ? error.cause : asStepError(error)
    throw new StepFailure(type, reason, { ...record, status: 'failed', completedAt: clock.now(), output })
  }
}

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
  if (!reason.retryable || failures >= limits.runFailureCountMax) {
    await storage.failRun({ ...failed, counts: run.counts })
    return
  }
  const delayMs = retryDelayMs(failures, { ...limits, retryAfterMs: reason.retryAfterMs }, random())
  await storage.retryRun({ ...failed, retryAt: now + delayMs })
}

const stageNames = { extract: 'extraction', transform: 'transformation', commit: 'commit' } as const

const failInterrupted = async (
  { clock }: PipelineDependencies,
  { claim, run, storage }: Pick<Attempt, 'claim' | 'run' | 'storage'>,
): Promise<void> => {
  const detail = `interrupted ${run.attempt - run.failures - 1} times without finishing`
  const error: RunError = { stage: 'processing', code: 'interrupted', detail }
  await storage.failRun({ claim, error, counts: run.counts, step: null, now: clock.now() })
}

const lastOutput = <Output>(steps: readonly StepRecord[], name: string): Output | null =>
  // safety: a step's output is written by the step of that name only
  (steps.findLast((step) => step.name === name && step.output !== null)?.output as Output | undefined) ?? null

const completedOutput = <Output>(steps: readonly StepRecord[], name: string): Output | null =>
  lastOutput(
    steps.filter((step) => step.status === 'completed'),
    name,
  )
