/**
 * From step to step behind an extraction, or behind the stage that was passed last:
 *
 *     transform ──▶ commit ──▶ buffer ─ ─ others come ─ ─▶ transform ──▶ commit ──▶ completed | partial
 *        ▲             │                                      ▲             │
 *        └──conflict───┘                                      └──conflict───┘
 *
 * What a transform decides stays a plan until the next commit; behind a commit go on the statements that it created or changed. When
 * nothing goes on, the run ends there, unless it has more to do. At a buffer the run waits for others of its scope, and one of them goes on
 * for all (`company.ts`).
 */
import { COMMIT_CONFLICT_COUNT_MAX } from '../kernel/limits.ts'
import type { Candidate } from '../memories/candidate.ts'
import { type BufferStep, type PipelineStep, type TransformStep, topicsBehind } from '../projects/pipeline.ts'
import { RunCancelled } from '../runs/run-cancelled.ts'
import { type Company, isFor, readCompany } from './company.ts'
import { planDryRun } from './dry-run.ts'
import { type Flow, flowOf } from './flow.ts'
import type { Journal } from './journal.ts'
import { goneTopic, keptChanging } from './refused-commit.ts'
import { runStep, StepFailure } from './run-step.ts'
import type { Attempt, PipelineDependencies } from './step.ts'
import { wait } from './steps/buffer.ts'
import { commit } from './steps/commit.ts'
import { type Transformed, transform } from './steps/transform.ts'
import { withinTime } from './within-time.ts'

/** Behind a stage: what comes from it, and for whom. */
export type Start = {
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

export type Walk = {
  readonly dependencies: PipelineDependencies
  readonly attempt: Attempt
  readonly path: readonly PipelineStep[]
  /** There is more to do behind the last step: nothing that is committed here ends the run. */
  readonly isPortion?: boolean
}

/**
 * Goes on from there, with what is known already of the outputs of steps. Answers who came through when they have more to do; null when the
 * run has ended, or waits.
 */
export const walkOn = async (walk: Walk, start: Start, known: Journal['output']): Promise<Company | null> => {
  let place: Place | Through | null = placeAt(start, known)
  while (place !== null && 'index' in place) place = await pass(walk, place)
  return place?.through ?? null
}

/** Behind the last step of a portion. */
type Through = { readonly through: Company }

const placeAt = (start: Start, known: Journal['output'], conflictCount = 0): Place => ({
  ...{ index: start.index, flow: flowOf(start.candidates), start, known, conflictCount },
})

/** One step further; null when the run has ended, or waits. */
const pass = (walk: Walk, place: Place): Promise<Place | Through | null> => {
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

const passCommit = async (
  walk: Walk,
  { name }: PipelineStep,
  place: Place,
): Promise<Place | Through | null> => {
  const { dependencies, attempt, path, isPortion = false } = walk
  attempt.signal.throwIfAborted()
  if (attempt.run.dryRun) {
    await planDryRun(dependencies, attempt, { plan: place.flow.plan, company: place.start.company })
    return null
  }
  const { company, candidates, result } = await commit(attempt, {
    ...{ name, flow: place.flow, company: place.start.company },
    isLast: place.index === path.length - 1,
    isPortion,
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
      if (candidates === null) return isPortion ? { through: company } : null
      return placeAt({ index: place.index + 1, stage: name, company, candidates }, place.known)
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
