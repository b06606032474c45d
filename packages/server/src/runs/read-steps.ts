/** The timeline of a run: every attempt of every step, with what went in and what came out. */
import { EVENT_PAGE_COUNT } from '../kernel/limits.ts'
import type { Access } from '../projects/access.ts'
import { type PipelineInput, type PipelineStep, pathOf, pipelineInputs } from '../projects/pipeline.ts'
import type { ProjectStorage, Storage } from '../storage/storage.ts'
import { isPortionStep, portionStep, readPortionStep, readStepName } from './portions.ts'
import { getRun } from './read-runs.ts'
import type { RecordedStep, Run, RunError, RunView, StepRecord } from './run.ts'

export type StepCounts = {
  readonly count: number
  /** Inputs of an extraction that failed for good. */
  readonly failed?: number
  readonly created?: number
  readonly updated?: number
  readonly deleted?: number
}

export type StepView = Pick<StepRecord, 'name' | 'type' | 'attempt' | 'startedAt' | 'use'> & {
  readonly status: StepRecord['status'] | 'running'
  readonly completedAt: number | null
  readonly error: RunError | null
  /** When the next attempt might start, after one that failed and was to be tried again. */
  readonly retryAt: number | null
  /** A later attempt was told not to go on from it. */
  readonly isVoid: boolean
  readonly inputs: StepCounts | null
  readonly outputs: StepCounts | null
  readonly output: unknown
}

/** Throws what getRun throws. */
export const readSteps = async (
  access: Access,
  findRunProject: Storage['findRunProject'],
  runId: string,
): Promise<readonly StepView[]> => {
  const view = await getRun(access, findRunProject, runId)
  const [recorded, retries] = await Promise.all([
    access.storage.listSteps(runId),
    retriesOf(access.storage, runId),
  ])
  const steps = countFlow(view, recorded).map((step) => ({
    ...step,
    retryAt: step.status === 'failed' ? (retries.get(step.attempt) ?? null) : null,
  }))
  const running = await runningStep(access.storage, view.run, recorded)
  return running === null ? steps : [...steps, running]
}

/** By attempt: when the one after it might start. */
const retriesOf = async (storage: ProjectStorage, runId: string): Promise<ReadonlyMap<number, number>> => {
  const retries = new Map<number, number>()
  for (let after = 0; ; ) {
    const events = await storage.listEvents({ runId, after, limit: EVENT_PAGE_COUNT })
    for (const { type, data } of events) {
      if (type !== 'run.retrying' || typeof data.attempt !== 'number') continue
      const at = typeof data.retry_at === 'string' ? Date.parse(data.retry_at) : Number(data.retry_at)
      if (!Number.isNaN(at)) retries.set(data.attempt, at)
    }
    const last = events.at(-1)
    if (last === undefined || events.length < EVENT_PAGE_COUNT) return retries
    after = last.seq
  }
}

/** What comes out of one step goes into the next, over attempts too, for outputs are used again. */
const countFlow = (view: RunView, recorded: readonly RecordedStep[]): Omit<StepView, 'retryAt'>[] => {
  let flowing: StepCounts | null = null
  return recorded.map((step) => {
    const inputs = step.type === 'extract' ? { count: inputsOf(view, step) } : flowing
    const outputs = step.status === 'completed' ? outputsOf(view, step) : null
    if (step.status === 'completed') flowing = handedOn(step, outputs)
    return { ...step, inputs, outputs }
  })
}

/** A portion has fewer than the run. */
const inputsOf = ({ run }: RunView, { name, output }: RecordedStep): number =>
  isPortionStep(name) ? listIn(output, 'results').length : run.counts.inputs

const outputsOf = (
  { operations }: RunView,
  { type, output, completedAt }: RecordedStep,
): StepCounts | null => {
  if (type === 'read') return countParts(listIn(output, 'parts'))
  if (type === 'extract') {
    const results = listIn(output, 'results')
    const found = results.map((result) => listIn(result, 'candidates').length)
    const failed = results.filter((result) => isObject(result) && 'failure' in result).length
    return { count: found.reduce((sum, count) => sum + count, 0), failed }
  }
  if (type === 'transform') {
    const decisions = listIn(output, 'decisions')
    const created = decisions.filter((one) => isObject(one) && one.version === null).length
    return { count: decisions.length, created, updated: decisions.length - created }
  }
  if (type !== 'commit') return null
  const committed = operations.filter(({ committedAt }) => committedAt === completedAt)
  const count = (kind: 'create' | 'update' | 'delete') =>
    committed.filter((operation) => operation.kind === kind).length
  return {
    count: committed.length,
    created: count('create'),
    updated: count('update'),
    deleted: count('delete'),
  }
}

const countParts = (parts: readonly unknown[]): StepCounts => ({
  count: parts.length,
  failed: parts.filter((part) => isObject(part) && 'failure' in part).length,
})

/** A commit hands on what its record says, everything else all that came out of it. */
const handedOn = ({ type, output }: RecordedStep, outputs: StepCounts | null): StepCounts | null =>
  type === 'commit' ? { count: listIn(output, 'candidates').length } : outputs && { count: outputs.count }

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const listIn = (value: unknown, name: string): readonly unknown[] => {
  const list = isObject(value) ? value[name] : undefined
  return Array.isArray(list) ? list : []
}

/** A step is recorded when it is done; the one that is being done is the next on the way of the run's input. */
const runningStep = async (
  storage: ProjectStorage,
  run: Run,
  recorded: readonly RecordedStep[],
): Promise<StepView | null> => {
  if (run.state !== 'running' || run.retryAt !== null) return null
  const isDocument = run.inputType === 'document'
  const input = isDocument
    ? 'string'
    : pipelineInputs.find((one): one is PipelineInput => one === run.inputType)
  const group = await storage.getGroupById(run.groupId, run.groupVersion)
  if (group === null || input === undefined) return null
  const done = recorded.filter(({ status, isVoid }) => status === 'completed' && !isVoid)
  const path = pathOf(group.pipeline, input)
  const next =
    (isDocument ? nextOfDocument(path, done) : null) ??
    path[path.findLastIndex(({ name }) => done.some((step) => step.name === name)) + 1]
  if (next === undefined || next.type === 'buffer') return null
  const before = done.findLast(({ attempt }) => attempt === run.attempt)
  return {
    name: next.name,
    type: next.type,
    attempt: run.attempt,
    status: 'running',
    // Between two steps of an attempt there is nothing; that of its first one is told by the run.
    startedAt: before?.completedAt ?? run.updatedAt,
    completedAt: null,
    error: null,
    retryAt: null,
    isVoid: false,
    inputs: null,
    outputs: null,
    output: null,
  }
}

/** Null when it goes the way of any other input. */
const nextOfDocument = (
  path: readonly PipelineStep[],
  done: readonly RecordedStep[],
): Pick<StepRecord, 'name' | 'type'> | null => {
  const last = done.at(-1)
  if (last === undefined) return { name: readStepName, type: 'read' }
  const passed = readPortionStep(last.name)
  if (passed === null) return null
  const at = path.findIndex(({ name }) => name === passed.step) + 1
  const [next, portion] = at < path.length ? [path[at], passed.portion] : [path[0], passed.portion + 1]
  return next === undefined ? null : { name: portionStep(next.name, portion), type: next.type }
}
