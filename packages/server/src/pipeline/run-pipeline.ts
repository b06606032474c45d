/**
 * The way of one input through the steps of its group's pipeline.
 *
 *     extract ──▶ transform ──▶ commit ──▶ buffer ─ ─ others come ─ ─▶ transform ──▶ commit ──▶ completed | partial
 *                    ▲             │                                     ▲             │
 *                    └──conflict───┘                                     └──conflict───┘
 *
 * The output of each step is recorded before the next begins, so an attempt starts at the first step without one: what an
 * earlier attempt, or an earlier process, finished is not done again. What a transform decides stays a plan until the next commit;
 * behind a commit go on the statements that it created or changed. When nothing goes on, the run ends there.
 * At a buffer the run waits for others of its scope, and one of them goes on for all (`company.ts`).
 */
import { COMMIT_CONFLICT_COUNT_MAX } from '../kernel/limits.ts'
import type { Candidate } from '../memories/candidate.ts'
import {
  type BufferStep,
  extractedTopics,
  type PipelineStep,
  pathOf,
  type TransformStep,
  topicsBehind,
} from '../projects/pipeline.ts'
import { isRunInput } from '../runs/input.ts'
import type { RunCounts, RunError } from '../runs/run.ts'
import { RunCancelled } from '../runs/run-cancelled.ts'
import { type Company, isFor, memberOf, readCompany } from './company.ts'
import { planDryRun } from './dry-run.ts'
import { type Flow, flowOf } from './flow.ts'
import { type Journal, readJournal } from './journal.ts'
import { goneTopic, keptChanging } from './refused-commit.ts'
import { runStep, StepFailure } from './run-step.ts'
import type { Attempt, PipelineDependencies } from './step.ts'
import { wait } from './steps/buffer.ts'
import { commit } from './steps/commit.ts'
import { countExtraction } from './steps/counts.ts'
import { type Extraction, extract, partialError } from './steps/extract.ts'
import { type Transformed, transform } from './steps/transform.ts'
import { withinTime } from './within-time.ts'

/** Behind a stage: what comes from it, and for whom. */
type Start = {
  readonly index: number
  /** The buffer or commit that was passed; null at the beginning. */
  readonly stage: string | null
  readonly company: Company
  readonly candidates: readonly Candidate[]
}

/** Where a run stands: before the step of that index, with what comes to it. */
type Place = {
  readonly index: number
  readonly flow: Flow
  /** Where it goes on from when what was decided since does not hold any more. */
  readonly start: Start
  /** Outputs of steps that may be used as they are. */
  readonly known: Journal['output']
  /** Times that it went back. */
  readonly conflictCount: number
}

type Walk = {
  readonly dependencies: PipelineDependencies
  readonly attempt: Attempt
  readonly path: readonly PipelineStep[]
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
  const walk = { dependencies, attempt, path }
  const start = await startOf(walk, journal, { extraction, counts, error })
  for (let place: Place | null = placeAt(start, journal.output); place !== null; )
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
    work: (metered) =>
      extract(extractor, metered, {
        topics: extractedTopics(attempt.group.topics, path),
        previous: journal.keptResults,
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

const placeAt = (start: Start, known: Journal['output'], conflictCount = 0): Place => ({
  ...{ index: start.index, flow: flowOf(start.candidates), start, known, conflictCount },
})

/** One step further; null when the run has ended, or waits. */
const pass = (walk: Walk, place: Place): Promise<Place | null> => {
  const step = walk.path[place.index]
  switch (step?.type) {
    case 'transform':
      return passTransform(walk, step, place)
    case 'buffer':
      return passBuffer(walk, step, place)
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
  const runIds = place.start.company.map(({ runId }) => runId)
  const work = async (metered: Attempt): Promise<Transformed> => ({
    ...(await withinTime(dependencies.limits.stepTimeoutMs, metered.signal, (signal) =>
      transform(dependencies, { ...metered, signal }, { step, flow: place.flow }),
    )),
    ...(runIds.length > 1 && { company: runIds }),
  })
  // safety: a step's output is written by the step of that name only
  const known = place.known(name) as Transformed | null
  const isKnown = known !== null && isFor(place.start.company, known.company ?? [attempt.run.runId])
  const { undecided = [], ...plan } = isKnown
    ? known
    : await runStep(dependencies, attempt, { name, type, work })
  return { ...place, index: place.index + 1, flow: { candidates: undecided, plan } }
}

const passBuffer = async (walk: Walk, step: BufferStep, place: Place): Promise<Place | null> => {
  const { attempt, path, dependencies } = walk
  const { flow, start } = place
  const isNothingNew = flow.candidates.length + flow.plan.decisions.length === 0
  // A dry run waits for nobody, and nobody waits for it.
  if (isNothingNew || attempt.run.dryRun) return { ...place, index: place.index + 1 }
  attempt.signal.throwIfAborted()
  // What was decided is not committed, and will have changed by the time that it would be: all of it goes on undecided.
  const result = await wait(dependencies, attempt, {
    ...{ step, company: start.company, candidates: start.candidates },
    topics: topicsBehind(attempt.group.topics, path, step.name),
  })
  if (result.kind === 'cancelling') throw new RunCancelled()
  return result.kind === 'company_changed' ? again(walk, place) : null
}

const passCommit = async (walk: Walk, { name }: PipelineStep, place: Place): Promise<Place | null> => {
  const { dependencies, attempt, path } = walk
  attempt.signal.throwIfAborted()
  if (attempt.run.dryRun) {
    await planDryRun(dependencies, attempt, { plan: place.flow.plan, company: place.start.company })
    return null
  }
  const { company, candidates, result } = await commit(attempt, {
    ...{ name, flow: place.flow, company: place.start.company },
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
    case 'company_changed':
      return again(walk, place)
    case 'claim_lost':
      return null
    case 'committed':
      return candidates === null
        ? null
        : placeAt({ index: place.index + 1, stage: name, company, candidates }, place.known)
  }
}

/** A memory that the plan was made on has moved: all that was decided since the last stage is decided again. */
const goBack = ({ start, conflictCount }: Place): Place => {
  if (conflictCount >= COMMIT_CONFLICT_COUNT_MAX) throw new StepFailure('commit', keptChanging(), null)
  return placeAt(start, () => null, conflictCount + 1)
}

/** One of those that go on together is gone: what was decided since the last stage is decided for the others. */
const again = async ({ attempt }: Walk, { start, conflictCount }: Place): Promise<Place> => {
  const { bufferId } = attempt.run
  if (bufferId === null || start.stage === null)
    throw new Error(`run ${attempt.run.runId} is alone, and yet its company has changed`)
  const company = await readCompany(attempt, { bufferId, stage: start.stage })
  return placeAt({ ...start, ...company }, () => null, conflictCount)
}
