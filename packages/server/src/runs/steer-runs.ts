/** What a caller may ask of a run it knows: to end, to be tried again, to be done anew, or to be listed as failed no more. */
import { PAGE_COUNT_MAX } from '../kernel/limits.ts'
import { type Problem, problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import type { Storage } from '../storage/storage.ts'
import { acceptRun, draining, queueFull } from './accept-run.ts'
import { inputCount } from './input.ts'
import { isPortionStep } from './portions.ts'
import { getRun, missingRun } from './read-runs.ts'
import { isWork, type RecordedStep, type Run, type RunView } from './run.ts'
import { everyRun, type RunFilter } from './run-filter.ts'

type FindRunProject = Storage['findRunProject']

/** Who asks: a caller, or a run that does it to many. */
export type Steerer = Omit<Access, 'keyId' | 'scopes'>

/**
 * Ends a run that waits at once, and one that is worked on at its next safe point; what it had committed stays. Answers the run as it
 * is then; asking again, or too late, changes nothing. Throws what getRun throws.
 */
export const cancelRun = async (
  access: Steerer,
  findRunProject: FindRunProject,
  request: { readonly runId: string; readonly reason: string | null },
): Promise<RunView> => {
  const result = await access.storage.cancelRun({ ...request, now: access.clock.now() })
  if (result.kind === 'unknown') throw await missingRun(findRunProject, request.runId)
  if (result.kind === 'done') {
    access.abortRun(request.runId)
    await abortChildren(access, result.run)
  }
  return getRun(access, findRunProject, request.runId)
}

/** The store has asked those that it waits for to end, too: their workers need not find out by themselves. */
const abortChildren = async (
  { storage, abortRun }: Pick<Steerer, 'storage' | 'abortRun'>,
  { runId, inputType }: Run,
): Promise<void> => {
  if (inputType !== 'agent' && inputType !== 'tool') return
  const filter = { ...everyRun, parentRunId: runId, states: ['running'] } satisfies RunFilter
  const { items } = await storage.listRuns({ filter, limit: PAGE_COUNT_MAX, cursor: null })
  for (const { run } of items) {
    abortRun(run.runId)
    await abortChildren({ storage, abortRun }, run)
  }
}

/**
 * Opens a run that failed, failed in part or was cancelled: its next attempt goes on from the named step, or from the first one whose
 * output it does not have. Throws what getRun throws, and Problem `conflict`, `invalid_request`, `queue_full`, `draining`.
 */
export const retryRun = async (
  access: Steerer,
  findRunProject: FindRunProject,
  request: { readonly runId: string; readonly startingStep: string | null },
): Promise<RunView> => {
  const { storage, clock, limits, wakeWorker } = access
  const { run } = await getRun(access, findRunProject, request.runId)
  if ((await storage.readPayload(run.runId)) === null) throw inputIsGone(run)
  const voidSteps = await stepsToRepeat(access, run, request.startingStep)
  const { queueDepthMax } = limits
  const params = { runId: run.runId, voidSteps, queueDepthMax, now: clock.now() }
  const result = await storage.requeueRun(params)
  switch (result.kind) {
    case 'unknown':
      throw await missingRun(findRunProject, run.runId)
    case 'unchanged':
      throw problem(
        'conflict',
        `Run ${run.runId} is ${result.run.state}: only what failed can be tried again.`,
      )
    case 'no_room': {
      const queue = await storage.getQueue()
      throw queue.state === 'draining' ? draining() : queueFull(queue.depth)
    }
    case 'done':
      wakeWorker()
      return getRun(access, findRunProject, run.runId)
  }
}

/** The steps from the named one on, in the order the run came to them; none when it just goes on. */
const stepsToRepeat = async (
  { storage }: Steerer,
  run: Run,
  startingStep: string | null,
): Promise<readonly string[]> => {
  const recorded = await storage.listSteps(run.runId)
  const names = [...new Set(recorded.map(({ name }) => name))]
  // Inputs that could not be read are read again; any other failure is gone on from where it was.
  const isToBeMended = run.state === 'partial' && run.error?.stage === 'extraction'
  if (startingStep === null) return isToBeMended ? names.filter((name) => !isKept(recorded, name)) : []
  if (!names.includes(startingStep)) {
    const known = names.length === 0 ? 'it has come to none yet' : `it has come to ${names.join(', ')}`
    throw problem(
      'invalid_request',
      `Run ${run.runId} has no step "${startingStep}" to go on from; ${known}.`,
      {
        errors: [{ message: 'unknown step', location: 'body.starting_step' }],
      },
    )
  }
  return names.slice(names.indexOf(startingStep))
}

/** What was read and extracted, as far as it was; a run that goes in portions knows by itself which of them are to be done again. */
const isKept = (recorded: readonly RecordedStep[], name: string): boolean =>
  isPortionStep(name) ||
  recorded.some((step) => step.name === name && (step.type === 'read' || step.type === 'extract'))

/**
 * Accepts a new run with the input of an earlier one, through the pipeline as it is today. Throws what getRun throws, what acceptRun
 * throws, and Problem `conflict`.
 */
export const replayRun = async (
  access: Steerer,
  findRunProject: FindRunProject,
  request: { readonly runId: string; readonly idempotencyKey?: string },
): Promise<RunView> => {
  const { storage, ids } = access
  const { run } = await getRun(access, findRunProject, request.runId)
  const payload = await storage.readPayload(run.runId)
  if (payload === null) throw inputIsGone(run)
  if (!isWork(run)) {
    throw problem('conflict', `Run ${run.runId} is maintenance (${run.inputType}): it cannot be replayed.`)
  }
  const { groupId, laneId, userId, userKey, inputType, priority, timeoutMs, tags, metadata, wire } = run
  const { subjectId, conversationId } = run
  const key = request.idempotencyKey
  const { runId } = await acceptRun(access, {
    ...{ groupId, laneId, userId, userKey, inputType, payload },
    runId: ids.next(),
    inputCount: inputCount(payload.input),
    idempotency: key === undefined ? null : { key, digest: `replay of ${run.runId}` },
    options: {
      ...{ priority, timeoutMs, tags, metadata, wire, subjectId, conversationId },
      replayOf: run.runId,
    },
  })
  return getRun(access, findRunProject, runId)
}

/** A failure that was seen is listed as such no more. Asking again changes nothing. Throws what getRun throws, and Problem `conflict`. */
export const dismissRun = async (
  access: Steerer,
  findRunProject: FindRunProject,
  runId: string,
): Promise<RunView> => {
  const result = await access.storage.dismissRun({ runId, now: access.clock.now() })
  if (result.kind === 'unknown') throw await missingRun(findRunProject, runId)
  if (result.kind === 'unchanged' && result.run.dismissedAt === null)
    throw problem('conflict', `Run ${runId} is ${result.run.state}: only a failure can be dismissed.`)
  return getRun(access, findRunProject, runId)
}

const inputIsGone = ({ runId }: Run): Problem =>
  problem('conflict', `The input of run ${runId} is not kept any more.`)
