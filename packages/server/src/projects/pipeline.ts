/**
 * A pipeline as data: steps by name, each leading to at most one other. Where a run enters is decided by what it works on; the steps
 * from there on are its path. A checked pipeline (`check-pipeline.ts`) has exactly one path for every kind of input, without a circle.
 */
import type { Topic } from './group.ts'

/** What content a run may work on; each kind may enter the pipeline by an extract step of its own. */
export const pipelineInputs = ['conversation', 'string', 'pre_extracted'] as const
export type PipelineInput = (typeof pipelineInputs)[number]

export const stepTypes = ['extract', 'transform', 'buffer', 'commit'] as const
export type StepType = (typeof stepTypes)[number]

/** When a buffer is full: by the first of these that comes true. At least one is set. */
export type Trigger = {
  /** Runs it holds. */
  readonly count: number | null
  /** Time since the first of them came. */
  readonly ageMs: number | null
  /** Time since the last of them came. */
  readonly idleMs: number | null
}

type Linked = {
  readonly name: string
  /** The step that follows; null for the last one. */
  readonly next: string | null
}
/** `inputs`: what enters here; null for all that enters nowhere else. */
export type ExtractStep = Linked & {
  readonly type: 'extract'
  readonly inputs: readonly PipelineInput[] | null
}
/** `topics`: those it decides about; null for all. */
export type TransformStep = Linked & {
  readonly type: 'transform'
  readonly topics: readonly string[] | null
}
export type BufferStep = Linked & { readonly type: 'buffer'; readonly trigger: Trigger }
export type CommitStep = Linked & { readonly type: 'commit' }
export type PipelineStep = ExtractStep | TransformStep | BufferStep | CommitStep

export type Pipeline = { readonly steps: readonly PipelineStep[] }

export const defaultPipeline: Pipeline = {
  steps: [
    { name: 'extract', type: 'extract', next: 'transform', inputs: null },
    { name: 'transform', type: 'transform', next: 'commit', topics: null },
    { name: 'commit', type: 'commit', next: null },
  ],
}

/** The steps that input of this kind goes through, in order. */
export const pathOf = ({ steps }: Pipeline, input: PipelineInput): readonly PipelineStep[] => {
  const entries = steps.filter((step) => step.type === 'extract')
  const entry =
    entries.find(({ inputs }) => inputs?.includes(input)) ?? entries.find(({ inputs }) => inputs === null)
  return entry === undefined ? [] : stepsFrom(steps, entry)
}

/** The step and all that follow it; one that was met already ends the row. */
export const stepsFrom = (
  steps: readonly PipelineStep[],
  first: PipelineStep,
): readonly [PipelineStep, ...PipelineStep[]] => {
  const row: [PipelineStep, ...PipelineStep[]] = [first]
  for (let step: PipelineStep | undefined = first; step?.next != null; ) {
    const { next }: PipelineStep = step
    step = steps.find(({ name }) => name === next)
    if (step === undefined || row.includes(step)) break
    row.push(step)
  }
  return row
}

export const decides = ({ topics }: TransformStep, topic: string): boolean =>
  topics === null || topics.includes(topic)

/**
 * The topics that statements are found for at the beginning of a path. A bounded topic that is decided only behind a commit is made of
 * what was committed, so nothing is found for it.
 */
export const extractedTopics = (
  topics: readonly Topic[],
  path: readonly PipelineStep[],
): readonly Topic[] => {
  const firstCommit = path.findIndex(({ type }) => type === 'commit')
  const transforms = path.flatMap((step, index) => (step.type === 'transform' ? [{ step, index }] : []))
  return topics.filter((topic) =>
    transforms.some(
      ({ step, index }) => decides(step, topic.name) && !(topic.isBounded && index > firstCommit),
    ),
  )
}

/** The topics that are decided about behind the step: they say whose statements may be gathered together. */
export const topicsBehind = (
  topics: readonly Topic[],
  path: readonly PipelineStep[],
  stepName: string,
): readonly Topic[] => {
  const behind = path.slice(path.findIndex(({ name }) => name === stepName) + 1)
  return topics.filter(({ name }) => behind.some((step) => step.type === 'transform' && decides(step, name)))
}
