/**
 * What earlier attempts of a run have recorded, and where the next one stands after it. A commit (and a buffer) is a stage of the way:
 * what goes on from there is in its record, and nothing before it is done again. Of the steps since the last stage the outputs are used
 * as they are while they hold.
 */
import type { Candidate } from '../memories/candidate.ts'
import type { PipelineStep } from '../projects/pipeline.ts'
import type { RecordedStep, Run, RunError } from '../runs/run.ts'
import type { Extraction } from './steps/extract.ts'
import { partialError } from './steps/extract.ts'

/** What a run hands on at a stage, for itself: those that go on together hand on what all of them do. */
export type Passed = {
  readonly candidates: readonly Candidate[]
  /** The conversation its statements are from. */
  readonly session: string
  /** What is to be said about its inputs that failed for good. */
  readonly error: RunError | null
}

export type Journal = {
  /** What was extracted; null when it is still to be done, wholly or in part. */
  readonly extraction: Extraction | null
  /** Results of an extraction that is to be done that need not be found again. */
  readonly keptResults: Extraction | null
  /** The last stage the run has passed. */
  readonly stage: { readonly index: number; readonly passed: Passed } | null
  /** The latest output of a step, if any holds. */
  readonly output: (name: string) => unknown
}

export const readJournal = (
  run: Run,
  path: readonly PipelineStep[],
  recorded: readonly RecordedStep[],
): Journal => {
  const completed = recorded.filter(({ status, isVoid }) => status === 'completed' && !isVoid)
  const output = (name: string) => completed.findLast((step) => step.name === name)?.output ?? null
  const entry = path[0]?.name ?? ''
  const index = path.findLastIndex(
    ({ name, type }) => (type === 'commit' || type === 'buffer') && output(name) !== null,
  )
  const stage = path[index]
  const isFurther = completed.some(({ name }) => name !== entry)
  return {
    extraction: finishedExtraction(
      run,
      completed.findLast(({ name }) => name === entry),
      isFurther,
    ),
    keptResults: resultsToKeep(run, entry, recorded),
    // safety: a step's output is written by the step of that name only
    stage: stage === undefined ? null : { index, passed: output(stage.name) as Passed },
    output,
  }
}

/** What was extracted before, unless some of it failed and somebody has asked for another try of it since. */
const finishedExtraction = (
  run: Run,
  step: RecordedStep | undefined,
  isFurther: boolean,
): Extraction | null => {
  if (step === undefined) return null
  const extraction = step.output as Extraction // safety: as above
  const isToBeMended = step.attempt <= run.attemptBase && !isFurther && partialError(extraction) !== null
  return isToBeMended ? null : extraction
}

/** What is committed already has no candidates left. */
const resultsToKeep = (run: Run, entry: string, recorded: readonly RecordedStep[]): Extraction | null => {
  const last = recorded.findLast((one) => one.name === entry && one.output !== null && !one.isVoid)
  if (last === undefined) return null
  const { results } = last.output as Extraction // safety: as above
  if (last.attempt > run.attemptBase) return { results }
  const isCommitted = recorded.some((one) => one.type === 'commit' && one.status === 'completed')
  const kept = results.filter((result) => !('failure' in result))
  return {
    results: isCommitted ? kept.map(({ input }) => ({ input, candidates: [], isSettled: true })) : kept,
  }
}
