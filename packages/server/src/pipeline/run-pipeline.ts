/**
 * The way of one input through the steps of its group's pipeline.
 *
 *     extract ──▶ transform ──▶ commit ──▶ … ──▶ commit ──▶ completed | partial
 *                    ▲             │
 *                    └──conflict───┘
 *
 * The output of each step is recorded before the next begins, so an attempt starts at the first step without one: what an
 * earlier attempt, or an earlier process, finished is not done again. What a transform decides stays a plan until the next commit;
 * behind a commit go on the statements that it created or changed. When nothing goes on, the run ends there.
 */
import { COMMIT_CONFLICT_COUNT_MAX } from '../kernel/limits.ts'
import { StepError } from '../kernel/step-error.ts'
import { extractedTopics, type PipelineStep, pathOf, type TransformStep } from '../projects/pipeline.ts'
import { isRunInput } from '../runs/input.ts'
import type { RunCounts } from '../runs/run.ts'
import { RunCancelled } from '../runs/run-cancelled.ts'
import { planDryRun } from './dry-run.ts'
import { type Flow, flowOf } from './flow.ts'
import { type Journal, readJournal } from './journal.ts'
import { runStep, StepFailure } from './run-step.ts'
import type { Attempt, PipelineDependencies } from './step.ts'
import { commit } from './steps/commit.ts'
import { countExtraction } from './steps/counts.ts'
import { type Extraction, extract, partialError } from './steps/extract.ts'
import { type Transformed, transform } from './steps/transform.ts'
import { withinTime } from './within-time.ts'

/** Where a run stands: before the step of that index, with what comes to it. */
type Place = {
  readonly index: number
  readonly flow: Flow
  readonly counts: RunCounts
  /** Outputs of steps that may be used as they are. */
  readonly known: Journal['output']
  /** Behind the last stage, where it goes on from when what was decided since does not hold any more. */
  readonly back: Omit<Place, 'back' | 'known'> | null
  /** Times that it went back. */
  readonly conflictCount: number
}

type Walk = {
  readonly dependencies: PipelineDependencies
  readonly attempt: Attempt
  readonly path: readonly PipelineStep[]
  readonly extraction: Extraction
}

export const runPipeline = async (dependencies: PipelineDependencies, attempt: Attempt): Promise<void> => {
  const { run, group, payload, storage, claim } = attempt
  if (!isRunInput(payload.input)) throw new Error(`run ${run.runId} has no input for a pipeline`)
  const path = pathOf(group.pipeline, payload.input.type)
  const journal = readJournal(run, path, run.attempt === 1 ? [] : await storage.listSteps(run.runId))
  const extraction = journal.extraction ?? (await extractInputs(dependencies, attempt, { path, journal }))
  const error = partialError(extraction)
  const counts = countExtraction(attempt, extraction)
  if (error !== null && extraction.results.every((result) => 'failure' in result)) {
    await storage.failRun({ claim, error, counts, step: null, now: dependencies.clock.now() })
    return
  }
  const walk = { dependencies, attempt, path, extraction }
  for (let place: Place | null = startOf(walk, journal, counts); place !== null; )
    place = await pass(walk, place)
}

const extractInputs = (
  dependencies: PipelineDependencies,
  attempt: Attempt,
  { path, journal }: { path: readonly PipelineStep[]; journal: Journal },
): Promise<Extraction> => {
  const { limits, extractor } = dependencies
  return runStep(dependencies, attempt, {
    name: path[0]?.name ?? '',
    type: 'extract',
    work: () =>
      extract(extractor, attempt, {
        topics: extractedTopics(attempt.group.topics, path),
        previous: journal.keptResults,
        inputTimeoutMs: limits.stepTimeoutMs,
        isLastAttempt: attempt.run.failures + 1 >= limits.runFailureCountMax,
      }),
  })
}

const startOf = ({ attempt, extraction }: Walk, journal: Journal, counts: RunCounts): Place => {
  const { stage, output } = journal
  const candidates =
    stage?.passed.candidates ??
    extraction.results.flatMap((result) => ('failure' in result ? [] : result.candidates))
  const start = {
    index: (stage?.index ?? 0) + 1,
    flow: flowOf(candidates),
    counts: stage === null ? counts : attempt.run.counts,
    conflictCount: 0,
  }
  return { ...start, known: output, back: start }
}

/** One step further; null when the run has ended. */
const pass = (walk: Walk, place: Place): Promise<Place | null> => {
  const step = walk.path[place.index]
  switch (step?.type) {
    case 'transform':
      return passTransform(walk, step, place)
    case 'commit':
      return passCommit(walk, step, place)
    default:
      throw new Error(`the pipeline of run ${walk.attempt.run.runId} cannot go on at step ${place.index}`)
  }
}

const passTransform = async (
  { dependencies, attempt }: Walk,
  step: TransformStep,
  place: Place,
): Promise<Place> => {
  const { name, type } = step
  const work = () =>
    withinTime(dependencies.limits.stepTimeoutMs, attempt.signal, (signal) =>
      transform(dependencies, { ...attempt, signal }, { step, flow: place.flow }),
    )
  // safety: a step's output is written by the step of that name only
  const known = place.known(name) as Transformed | null
  const { undecided = [], ...plan } = known ?? (await runStep(dependencies, attempt, { name, type, work }))
  return { ...place, index: place.index + 1, flow: { candidates: undecided, plan } }
}

const passCommit = async (
  { dependencies, attempt, path, extraction }: Walk,
  { name }: PipelineStep,
  place: Place,
): Promise<Place | null> => {
  attempt.signal.throwIfAborted()
  if (attempt.run.dryRun) {
    const { counts, flow } = place
    await planDryRun(dependencies, attempt, { plan: flow.plan, counts, error: partialError(extraction) })
    return null
  }
  const { counts, passed, result } = await commit(attempt, {
    ...{ name, flow: place.flow, counts: place.counts, error: partialError(extraction) },
    isLast: place.index === path.length - 1,
    now: dependencies.clock.now(),
  })
  switch (result.kind) {
    case 'cancelling':
      throw new RunCancelled()
    case 'topic_gone':
      throw new StepFailure('commit', goneTopic(result.topic), null)
    case 'conflict':
      return goBack(place)
    case 'claim_lost':
      return null
    case 'committed': {
      if (passed === null) return null
      const next = { index: place.index + 1, flow: flowOf(passed.candidates), counts, conflictCount: 0 }
      return { ...next, known: place.known, back: next }
    }
  }
}

const goneTopic = (topic: string): StepError =>
  new StepError('unknown_topic', `topic "${topic}" was removed from the group, or scoped differently`)

/** A memory that the plan was made on has moved: all that was decided since the last stage is decided again. */
const goBack = ({ back, conflictCount }: Place): Place => {
  if (back === null || conflictCount >= COMMIT_CONFLICT_COUNT_MAX)
    throw new StepFailure(
      'commit',
      new StepError('conflict', 'the memories kept changing', { retryable: true }),
      null,
    )
  return { ...back, back, known: () => null, conflictCount: conflictCount + 1 }
}
