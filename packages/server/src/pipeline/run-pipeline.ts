/**
 * The pipeline on one input.
 *
 *     extract ──▶ transform ──▶ commit ──▶ completed | partial
 *                    ▲             │
 *                    └──conflict───┘
 *
 * The output of each step is recorded before the next begins, so an attempt starts at the first step without one: what an
 * earlier attempt, or an earlier process, finished is not done again.
 */
import { COMMIT_CONFLICT_COUNT_MAX } from '../kernel/limits.ts'
import { StepError } from '../kernel/step-error.ts'
import type { RecordedStep } from '../runs/run.ts'
import { RunCancelled } from '../runs/run-cancelled.ts'
import type { Plan } from './draft.ts'
import { runStep, StepFailure } from './run-step.ts'
import type { Attempt, PipelineDependencies } from './step.ts'
import { commit, countRun, partialError } from './steps/commit.ts'
import { type Extraction, extract } from './steps/extract.ts'
import { transform } from './steps/transform.ts'
import { withinTime } from './within-time.ts'

export const runPipeline = async (dependencies: PipelineDependencies, attempt: Attempt): Promise<void> => {
  const { limits, clock } = dependencies
  const earlier = attempt.run.attempt === 1 ? [] : await attempt.storage.listSteps(attempt.run.runId)
  const extraction =
    finishedExtraction(attempt, earlier) ??
    (await runStep(dependencies, attempt, {
      name: 'extract',
      type: 'extract',
      work: () =>
        extract(dependencies.extractor, attempt, {
          previous: resultsToKeep(attempt, earlier),
          inputTimeoutMs: limits.stepTimeoutMs,
          isLastAttempt: attempt.run.failures + 1 >= limits.runFailureCountMax,
        }),
    }))
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
    plan ??= await runStep(dependencies, attempt, {
      name: 'transform',
      type: 'transform',
      work: () =>
        withinTime(limits.stepTimeoutMs, attempt.signal, (signal) =>
          transform(dependencies, { ...attempt, signal }, candidates),
        ),
    })
    attempt.signal.throwIfAborted()
    const startedAt = clock.now()
    const result = await commit(attempt, { extraction, plan, startedAt, now: startedAt })
    if (result.kind === 'cancelling') throw new RunCancelled()
    if (result.kind !== 'conflict') return
    plan = null
  }
  throw new StepFailure(
    'commit',
    new StepError('conflict', 'the memories kept changing', { retryable: true }),
    null,
  )
}

/** What was extracted before, unless some of it failed and somebody has asked for another try since. */
const finishedExtraction = ({ run }: Attempt, earlier: readonly RecordedStep[]): Extraction | null => {
  const step = earlier.findLast((one) => one.name === 'extract' && one.status === 'completed' && !one.isVoid)
  // safety: a step's output is written by the step of that name only
  const extraction = (step?.output as Extraction | undefined) ?? null
  const isToBeMended = step !== undefined && step.attempt <= run.attemptBase
  return extraction !== null && isToBeMended && partialError(extraction) !== null ? null : extraction
}

/** Results of earlier attempts that need not be found again. What is committed already has no candidates left. */
const resultsToKeep = ({ run }: Attempt, earlier: readonly RecordedStep[]): Extraction | null => {
  const last = earlier.findLast((one) => one.name === 'extract' && one.output !== null && !one.isVoid)
  if (last === undefined) return null
  const { results } = last.output as Extraction // safety: as above
  if (last.attempt > run.attemptBase) return { results }
  const isCommitted = earlier.some((one) => one.type === 'commit' && one.status === 'completed')
  const kept = results.filter((result) => !('failure' in result))
  return {
    results: isCommitted ? kept.map(({ input }) => ({ input, candidates: [], isSettled: true })) : kept,
  }
}

const completedOutput = <Output>(steps: readonly RecordedStep[], name: string): Output | null =>
  // safety: a step's output is written by the step of that name only
  (steps.findLast((step) => step.name === name && step.status === 'completed' && !step.isVoid)?.output as
    | Output
    | undefined) ?? null
