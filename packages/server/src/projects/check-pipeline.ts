/** Reads a pipeline as somebody wrote it: fills in what was left out, and says of each step that cannot be what is wrong with it. */
import { PROBLEM_ERROR_COUNT_MAX } from '../kernel/limits.ts'
import { type ProblemError, problem } from '../kernel/problem.ts'
import type { Topic } from './group.ts'
import {
  decides,
  type Pipeline,
  type PipelineInput,
  type PipelineStep,
  pathOf,
  pipelineInputs,
  type StepType,
  stepsFrom,
  type Trigger,
} from './pipeline.ts'

export type StepDraft = {
  readonly name: string
  readonly type: StepType
  /** The step that follows in the list when absent; none when that is an extract step, which comes first always. */
  readonly next?: string
  readonly topics?: readonly string[]
  readonly inputs?: readonly PipelineInput[]
  readonly trigger?: Trigger
}

/** Throws Problem `invalid_body`, with a location for each thing that is wrong. */
export const readPipeline = (drafts: readonly StepDraft[], topics: readonly Topic[]): Pipeline => {
  refuse(wrongMembers(drafts, topics))
  const pipeline = { steps: drafts.map((draft, index) => toStep(draft, drafts[index + 1])) }
  refuse(wrongLinks(pipeline))
  refuse(wrongEntries(pipeline))
  refuse(wrongPaths(pipeline, topics))
  return pipeline
}

const refuse = (errors: readonly ProblemError[]): void => {
  const [first] = errors
  if (first === undefined) return
  throw problem('invalid_body', `validation failed: ${first.location} ${first.message}`, {
    errors: errors.slice(0, PROBLEM_ERROR_COUNT_MAX),
  })
}

const wrong = (index: number, member: string, message: string): ProblemError => ({
  message,
  location: `body.pipeline.steps[${index}]${member === '' ? '' : `.${member}`}`,
})

const wrongMembers = (drafts: readonly StepDraft[], topics: readonly Topic[]): ProblemError[] =>
  drafts.flatMap(({ name, type, next, trigger, inputs, ...draft }, index) => [
    ...(drafts.findIndex((one) => one.name === name) < index
      ? [wrong(index, 'name', 'is the name of an earlier step')]
      : []),
    ...(next !== undefined && !drafts.some((one) => one.name === next)
      ? [wrong(index, 'next', 'names no step of the pipeline')]
      : []),
    ...(type === 'buffer' && (trigger === undefined || Object.values(trigger).every((one) => one === null))
      ? [
          wrong(
            index,
            'trigger',
            'is required of a buffer, with at least one of count, age_seconds, idle_seconds',
          ),
        ]
      : []),
    ...(type !== 'buffer' && trigger !== undefined
      ? [wrong(index, 'trigger', 'is for buffer steps only')]
      : []),
    ...(type !== 'extract' && inputs !== undefined
      ? [wrong(index, 'inputs', 'is for extract steps only')]
      : []),
    ...(type !== 'transform' && draft.topics !== undefined
      ? [wrong(index, 'topics', 'is for transform steps only')]
      : []),
    ...(draft.topics ?? []).flatMap((topic, place) =>
      topics.some((one) => one.name === topic)
        ? []
        : [wrong(index, `topics[${place}]`, 'names no topic of the group')],
    ),
  ])

const toStep = (draft: StepDraft, following: StepDraft | undefined): PipelineStep => {
  const isLast = following === undefined || following.type === 'extract'
  const linked = { name: draft.name, next: draft.next ?? (isLast ? null : following.name) }
  switch (draft.type) {
    case 'extract':
      return { ...linked, type: 'extract', inputs: draft.inputs ?? null }
    case 'transform':
      return { ...linked, type: 'transform', topics: draft.topics ?? null }
    case 'buffer':
      return {
        ...linked,
        type: 'buffer',
        trigger: draft.trigger ?? { count: null, ageMs: null, idleMs: null },
      }
    case 'commit':
      return { ...linked, type: 'commit' }
  }
}

const wrongLinks = ({ steps }: Pipeline): ProblemError[] =>
  steps.flatMap((step, index) => {
    const row = stepsFrom(steps, step)
    const back = row.at(-1)?.next ?? null
    if (back !== null) {
      const circle = row.slice(row.findIndex(({ name }) => name === back))
      // Told once, at the step that is written last.
      const isTold = circle.includes(step) && circle.every((one) => steps.indexOf(one) <= index)
      return isTold ? [wrong(index, 'next', 'leads back: a pipeline has no circle')] : []
    }
    const following = steps.find(({ name }) => name === step.next)
    return following?.type === 'extract'
      ? [wrong(index, 'next', 'leads to an extract step, which comes first')]
      : []
  })

const wrongEntries = ({ steps }: Pipeline): ProblemError[] => {
  const errors: ProblemError[] = []
  const taken = new Set<PipelineInput | 'others'>()
  for (const [index, step] of steps.entries()) {
    if (step.type !== 'extract') {
      if (!steps.some(({ next }) => next === step.name))
        errors.push(wrong(index, '', 'is reached by no step: only an extract step comes first'))
      continue
    }
    for (const input of step.inputs ?? (['others'] as const)) {
      if (taken.has(input)) {
        const message =
          input === 'others'
            ? 'is required of all extract steps but one'
            : `${input} enters by an earlier step`
        errors.push(wrong(index, 'inputs', message))
      }
      taken.add(input)
    }
  }
  const missing = pipelineInputs.filter((input) => !taken.has(input) && !taken.has('others'))
  if (errors.length === 0 && missing.length > 0)
    errors.push({ message: `no extract step takes ${missing.join(', ')}`, location: 'body.pipeline.steps' })
  return errors
}

const wrongPaths = (pipeline: Pipeline, topics: readonly Topic[]): ProblemError[] => {
  const errors = new Map<string, ProblemError>()
  const tell = (error: ProblemError) => errors.set(`${error.location} ${error.message}`, error)
  for (const input of pipelineInputs) {
    const path = pathOf(pipeline, input)
    let isDecided = false
    for (const step of path) {
      if (step.type === 'commit' && !isDecided)
        tell(wrong(pipeline.steps.indexOf(step), '', 'commits nothing: it needs a transform step before it'))
      isDecided = step.type === 'transform'
    }
    const last = path.at(-1)
    if (last !== undefined && last.type !== 'commit')
      tell(wrong(pipeline.steps.indexOf(last), '', 'ends the pipeline: the last step must be a commit'))
    const undecided = topics.find(
      ({ name }) => !path.some((step) => step.type === 'transform' && decides(step, name)),
    )
    if (undecided !== undefined)
      tell({
        message: `no transform step that ${input} comes to decides about the topic "${undecided.name}"`,
        location: 'body.pipeline.steps',
      })
  }
  return [...errors.values()]
}
