/**
 * The work of a run that cancels, retries or replays many. First it looks which runs are meant, of those accepted before it, and
 * records them; then it takes one after the other, the oldest first so that those of a user keep their order, and records how far
 * it is. After a crash it goes on from there; what it may do a second time has no second effect.
 */
import { BULK_RUN_COUNT_MAX, PAGE_COUNT_MAX } from '../kernel/limits.ts'
import { Problem } from '../kernel/problem.ts'
import { StepError } from '../kernel/step-error.ts'
import type { BulkInput } from '../runs/input.ts'
import type { RunView } from '../runs/run.ts'
import { isTerminal, isWork } from '../runs/run.ts'
import { cancelRun, replayRun, retryRun, type Steerer } from '../runs/steer-runs.ts'
import type { Executor } from './executors.ts'
import { finishMaintenance } from './finish-maintenance.ts'
import { recordedOutput, runStep } from './run-step.ts'
import type { Attempt, PipelineDependencies } from './step.ts'

type Selected = { readonly runIds: readonly string[] }
/** `done`: it was as wished; `unchanged`: there was nothing to do any more; `refused`: its state or its input does not allow it. */
type Progress = { readonly done: number; readonly unchanged: number; readonly refused: number }

/** Runs after which the progress is recorded. */
const RECORDED_COUNT = 200

export const bulk: Executor = async (dependencies, attempt) => {
  const { input } = attempt.payload
  if (input.type !== 'bulk') throw new Error(`run ${attempt.run.runId} says nothing of other runs`)
  const startedAt = dependencies.clock.now()
  const earlier = await attempt.storage.listSteps(attempt.run.runId)
  const { runIds } =
    recordedOutput<Selected>(earlier, 'select') ??
    (await runStep(dependencies, attempt, {
      name: 'select',
      type: 'apply',
      work: () => select(attempt, input),
    }))
  let progress = recordedOutput<Progress>(earlier, 'progress') ?? { done: 0, unchanged: 0, refused: 0 }
  for (let next = sumOf(progress); next < runIds.length; next = sumOf(progress)) {
    const known = progress
    progress = await runStep(dependencies, attempt, {
      name: 'progress',
      type: 'apply',
      work: () =>
        steerSome(dependencies, attempt, { input, runIds: runIds.slice(next, next + RECORDED_COUNT), known }),
    })
  }
  await finishMaintenance(dependencies, attempt, {
    name: input.action,
    startedAt,
    counts: attempt.run.counts,
    outcome: 'done',
    result: { action: input.action, matched: runIds.length, ...progress },
  })
}

const sumOf = ({ done, unchanged, refused }: Progress): number => done + unchanged + refused

const select = async (
  { run, storage, signal }: Attempt,
  { action, filter }: BulkInput,
): Promise<Selected> => {
  const runIds: string[] = []
  for (let cursor: string | null = null; ; ) {
    signal.throwIfAborted()
    const page = await storage.listRuns({ filter, limit: PAGE_COUNT_MAX, cursor })
    for (const { run: found } of page.items)
      if (found.seq < run.seq && isWork(found) && isMeant(action, found)) runIds.push(found.runId)
    if (runIds.length > BULK_RUN_COUNT_MAX)
      throw new StepError('too_many_runs', `the filter admits more than ${BULK_RUN_COUNT_MAX} runs`)
    if (page.nextCursor === null) return { runIds: runIds.reverse() }
    cursor = page.nextCursor
  }
}

// What nobody would call cancelling or retrying need not be counted.
const isMeant = (action: BulkInput['action'], { state }: RunView['run']): boolean => {
  if (action === 'cancel') return !isTerminal(state)
  return action === 'replay' || (isTerminal(state) && state !== 'completed')
}

const steerSome = async (
  dependencies: PipelineDependencies,
  { claim, run, storage, signal }: Attempt,
  { input, runIds, known }: { input: BulkInput; runIds: readonly string[]; known: Progress },
): Promise<Progress> => {
  const steerer: Steerer = { ...dependencies, storage, traceparent: run.traceparent, wire: run.wire }
  const progress = { ...known }
  for (const runId of runIds) {
    signal.throwIfAborted()
    progress[
      await steerOne(steerer, {
        input,
        runId,
        bulkId: claim.runId,
        find: dependencies.storage.findRunProject,
      })
    ]++
  }
  return progress
}

const steerOne = async (
  steerer: Steerer,
  { input, runId, bulkId, find }: { input: BulkInput; runId: string; bulkId: string; find: FindRunProject },
): Promise<keyof Progress> => {
  try {
    switch (input.action) {
      case 'cancel': {
        const before = await steerer.storage.getRun(runId)
        if (before === null || isTerminal(before.run.state)) return 'unchanged'
        await cancelRun(steerer, find, { runId, reason: input.reason })
        return 'done'
      }
      case 'retry':
        await retryRun(steerer, find, { runId, startingStep: null })
        return 'done'
      case 'replay':
        await replayRun(steerer, find, { runId, idempotencyKey: `${bulkId} ${runId}` })
        return 'done'
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (error.status === 429 || error.status === 503)
      throw new StepError(error.code, error.message, { retryable: true, cause: error })
    return 'refused'
  }
}

type FindRunProject = Parameters<typeof cancelRun>[1]
