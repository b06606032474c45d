/**
 * A document in portions: some of its parts at a time go through all steps of the pipeline, to their commit, and the next ones after
 * them. Each portion has a journal of its own, so an attempt passes over those that are committed. When the run is opened again, only
 * portions with parts that failed are worked on again, and of these only such parts. The run ends by a commit of its own behind the
 * last portion, whichever of them were worked on.
 */
import { DOCUMENT_PORTION_COUNT_MAX } from '../kernel/limits.ts'
import type { PipelineStep } from '../projects/pipeline.ts'
import { portionStep } from '../runs/portions.ts'
import type { RecordedStep, Run, RunCounts } from '../runs/run.ts'
import { memberOf } from './company.ts'
import { type Journal, readJournal } from './journal.ts'
import { endReplacing } from './replace-earlier.ts'
import { extractInputs, type Inputs } from './run-pipeline.ts'
import type { Attempt, PipelineDependencies } from './step.ts'
import { type Extraction, type InputResult, partialError } from './steps/extract.ts'
import { type Start, walkOn } from './walk.ts'

export type DocumentRun = Required<Pick<Inputs, 'path' | 'recorded' | 'given'>> & {
  readonly partCount: number
  /** The tag of the runs whose place it takes. */
  readonly replaces: string | null
}

/** What has become of the parts so far: results without what was found. */
type Done = { readonly counts: RunCounts; readonly results: readonly InputResult[] }

/** @param attempt its input are the parts, as texts */
export const passPortions = async (
  dependencies: PipelineDependencies,
  attempt: Attempt,
  document: DocumentRun,
): Promise<void> => {
  let done: Done = { counts: { ...attempt.run.counts, inputs: document.partCount }, results: [] }
  for (let from = 0; from < document.partCount; from += DOCUMENT_PORTION_COUNT_MAX) {
    attempt.signal.throwIfAborted()
    const passed = await passPortion(dependencies, attempt, {
      ...portionOf(attempt.run, document, from),
      done,
    })
    if (passed === null) return
    done = passed
  }
  const { counts, results } = done
  const error = partialError({ results })
  if (results.every((result) => 'failure' in result)) {
    const { claim, storage } = attempt
    if (error === null) throw new Error(`the document of run ${attempt.run.runId} has no parts`)
    await storage.failRun({ claim, error, counts, step: null, now: dependencies.clock.now() })
    return
  }
  await endReplacing(dependencies, attempt, {
    ...{ counts, error, startedAt: dependencies.clock.now() },
    // What only earlier ones have said stays while parts of this one are missing: they may have said the same.
    replaces: error === null ? document.replaces : null,
  })
}

const portionOf = (
  run: Run,
  { path, recorded, given, partCount }: DocumentRun,
  from: number,
): Required<Inputs> => {
  const to = Math.min(partCount, from + DOCUMENT_PORTION_COUNT_MAX)
  const portion = from / DOCUMENT_PORTION_COUNT_MAX
  const own: readonly PipelineStep[] = path.map((step) => ({
    ...step,
    name: portionStep(step.name, portion),
  }))
  return {
    path: own,
    recorded: stepsToKeep(run, own, recorded),
    inputs: Array.from({ length: to - from }, (_, index) => from + index),
    given: given.filter(({ input }) => input >= from && input < to),
  }
}

/** What was recorded of a portion; all but what was extracted is void when that has failed in part, and somebody wants another try. */
const stepsToKeep = (
  run: Run,
  path: readonly PipelineStep[],
  recorded: readonly RecordedStep[],
): readonly RecordedStep[] => {
  const entry = path[0]?.name
  const own = recorded.filter((step) => path.some(({ name }) => name === step.name))
  const extracted = own.findLast(
    ({ name, status, isVoid }) => name === entry && status === 'completed' && !isVoid,
  )
  if (extracted === undefined) return own
  // safety: a step's output is written by the step of that name only
  const hasFailures = partialError(extracted.output as Extraction) !== null
  const isToBeMended = hasFailures && extracted.attempt <= run.attemptBase
  const isVoid = (step: RecordedStep) => isToBeMended || step.attempt < extracted.attempt
  return own.map((step) => (step.name !== entry && isVoid(step) ? { ...step, isVoid: true } : step))
}

type Portion = Required<Inputs> & { readonly done: Done }

/** Answers null when the run has ended, or is somebody else's by now. */
const passPortion = async (
  dependencies: PipelineDependencies,
  attempt: Attempt,
  { done, ...portion }: Portion,
): Promise<Done | null> => {
  const { path, recorded } = portion
  const journal = readJournal(attempt.run, path, recorded)
  const extraction = await extractInputs(dependencies, attempt, { ...portion, journal })
  const results = [...done.results, ...extraction.results.map(withoutCandidates)]
  if (journal.stage?.index === path.length - 1) return { ...done, results }
  const counts = journal.stage === null ? countPortion(done.counts, extraction, results) : done.counts
  const walk = { dependencies, attempt, path, isPortion: true }
  const company = await walkOn(walk, startOf(attempt, { path, journal, extraction, counts }), journal.output)
  const [member] = company ?? []
  return member === undefined ? null : { counts: member.counts, results }
}

const withoutCandidates = (result: InputResult): InputResult =>
  'failure' in result ? result : { input: result.input, candidates: [] }

const countPortion = (
  counts: RunCounts,
  { results }: Extraction,
  all: readonly InputResult[],
): RunCounts => ({
  ...counts,
  failedInputs: all.filter((result) => 'failure' in result).length,
  candidates: results.reduce(
    (sum, result) => sum + ('failure' in result ? 0 : result.candidates.length),
    counts.candidates,
  ),
})

const startOf = (
  attempt: Attempt,
  {
    path,
    journal: { stage },
    extraction,
    counts,
  }: {
    readonly path: readonly PipelineStep[]
    readonly journal: Journal
    readonly extraction: Extraction
    readonly counts: RunCounts
  },
): Start => {
  const company = [memberOf(attempt, { counts, error: null })]
  if (stage !== null) {
    const name = path[stage.index]?.name ?? ''
    return { index: stage.index + 1, stage: name, company, candidates: stage.passed.candidates }
  }
  const candidates = extraction.results.flatMap((result) => ('failure' in result ? [] : result.candidates))
  return { index: 1, stage: null, company, candidates }
}
