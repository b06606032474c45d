/**
 * The way of one input through the steps of its group's pipeline.
 *
 *     extract ──▶ transform ──▶ commit ──▶ buffer ─ ─ others come ─ ─▶ transform ──▶ commit ──▶ completed | partial
 *
 * The output of each step is recorded before the next begins, so an attempt starts at the first step without one: what an
 * earlier attempt, or an earlier process, finished is not done again. What comes behind the extraction is in `walk.ts`.
 */
import { extractedTopics, type PipelineStep, pathOf } from '../projects/pipeline.ts'
import { isRunInput } from '../runs/input.ts'
import type { RecordedStep, RunCounts, RunError } from '../runs/run.ts'
import { memberOf, readCompany } from './company.ts'
import { type Journal, readJournal } from './journal.ts'
import { runStep } from './run-step.ts'
import type { Attempt, PipelineDependencies } from './step.ts'
import { countExtraction } from './steps/counts.ts'
import { type Extraction, extract, type InputResult, partialError } from './steps/extract.ts'
import { type Start, type Walk, walkOn } from './walk.ts'

export const runPipeline = async (dependencies: PipelineDependencies, attempt: Attempt): Promise<void> => {
  const { run, group, payload, storage } = attempt
  if (!isRunInput(payload.input) || payload.input.type === 'document')
    throw new Error(`run ${run.runId} has no input for a pipeline`)
  await passInputs(dependencies, attempt, {
    path: pathOf(group.pipeline, payload.input.type),
    recorded: run.attempt === 1 ? [] : await storage.listSteps(run.runId),
  })
}

/** What goes through the steps together. */
export type Inputs = {
  readonly path: readonly PipelineStep[]
  readonly recorded: readonly RecordedStep[]
  /** Their numbers; all inputs of the run when absent. */
  readonly inputs?: readonly number[]
  /** Results that are there before anything is extracted. */
  readonly given?: readonly InputResult[]
}

/** All inputs of the run, to its end. */
export const passInputs = async (
  dependencies: PipelineDependencies,
  attempt: Attempt,
  inputs: Inputs,
): Promise<void> => {
  const { run, storage, claim } = attempt
  const { path, recorded } = inputs
  const journal = readJournal(run, path, recorded)
  const extraction = await extractInputs(dependencies, attempt, { ...inputs, journal })
  const error = partialError(extraction)
  const counts = countExtraction(attempt, extraction)
  if (error !== null && extraction.results.every((result) => 'failure' in result)) {
    await storage.failRun({ claim, error, counts, step: null, now: dependencies.clock.now() })
    return
  }
  const walk = { dependencies, attempt, path }
  await walkOn(walk, await startOf(walk, journal, { extraction, counts, error }), journal.output)
}

/** What was found in the inputs, by this attempt or an earlier one. */
export const extractInputs = async (
  dependencies: PipelineDependencies,
  attempt: Attempt,
  { path, journal, inputs, given = [] }: Inputs & { readonly journal: Journal },
): Promise<Extraction> => {
  if (journal.extraction !== null) return journal.extraction
  const { limits, extractor } = dependencies
  return runStep(dependencies, attempt, {
    name: path[0]?.name ?? '',
    type: 'extract',
    work: (metered) =>
      extract(extractor, metered, {
        ...(inputs !== undefined && { inputs }),
        topics: extractedTopics(attempt.group.topics, path),
        previous: { results: [...given, ...(journal.keptResults?.results ?? [])] },
        inputTimeoutMs: limits.stepTimeoutMs,
        isLastAttempt: attempt.run.failures + 1 >= limits.runFailureCountMax,
      }),
  })
}

type Beginning = {
  readonly extraction: Extraction
  readonly counts: RunCounts
  readonly error: RunError | null
}

const startOf = async (
  { dependencies, attempt, path }: Walk,
  { stage }: Journal,
  { extraction, counts, error }: Beginning,
): Promise<Start> => {
  const { run } = attempt
  if (stage === null) {
    const candidates = extraction.results.flatMap((result) => ('failure' in result ? [] : result.candidates))
    return { index: 1, stage: null, company: [memberOf(attempt, { counts, error })], candidates }
  }
  const name = path[stage.index]?.name ?? ''
  const here = { index: stage.index + 1, stage: name }
  if (run.bufferId === null) {
    const company = [memberOf(attempt, { counts: run.counts, error })]
    return { ...here, company, candidates: stage.passed.candidates }
  }
  dependencies.signals.reached?.('mid_flush')
  return { ...here, ...(await readCompany(attempt, { bufferId: run.bufferId, stage: name })) }
}
