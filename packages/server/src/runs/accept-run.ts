import { CONVERSATION_MESSAGE_COUNT_MAX } from '../kernel/limits.ts'
import { type Problem, problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import type { AcceptResult, NewRun } from '../storage/storage.ts'

/** Seconds after which a full queue is worth another try: it shortens by many runs a second. */
const QUEUE_RETRY_AFTER_SECONDS = 1
/** Seconds after which a project that takes no new runs is worth another try: people decide when that is over. */
const DRAINING_RETRY_AFTER_SECONDS = 60

/**
 * Accepts a run, durably, and tells the worker. `isReplayed`: the idempotency key was seen before with the same request, and this is
 * the run it gave then. Throws Problem `idempotency_key_reused`, `queue_full`, `draining`, `scope_busy`, `conflict`.
 */
export const acceptRun = async (
  { storage, clock, limits, wakeWorker, traceparent, wire }: Omit<Access, 'keyId' | 'scopes'>,
  run: Omit<NewRun, 'queueDepthMax' | 'now'>,
): Promise<{ readonly runId: string; readonly isReplayed: boolean }> => {
  const { queueDepthMax } = limits
  const options = { traceparent, wire, ...run.options }
  const result = await storage.acceptRun({ ...run, options, queueDepthMax, now: clock.now() })
  if (result.kind === 'accepted') wakeWorker()
  else if (result.kind !== 'replayed') throw refusal(result)
  return { runId: result.runId, isReplayed: result.kind === 'replayed' }
}

type Refused = Exclude<AcceptResult, { kind: 'accepted' | 'replayed' }>

/** Why a run was not accepted, for its caller. */
export const refusal = (result: Refused): Problem => {
  switch (result.kind) {
    case 'idempotency_mismatch':
      return problem('idempotency_key_reused', 'This Idempotency-Key was used before with another request.')
    case 'queue_full':
      return queueFull(result.depth)
    case 'draining':
      return draining()
    case 'scope_busy':
      return problem('scope_busy', `Run ${result.runId} of the same user and group has not ended yet.`)
    case 'foreign':
      return foreignConversation()
    case 'full':
      return fullConversation()
    case 'too_many_to_supersede':
      return problem('conflict', 'More runs wait than one add may supersede: cancel them by a filter first.')
  }
}

export const foreignConversation = (): Problem =>
  problem('conflict', 'The conversation belongs to another user or customer.')

export const fullConversation = (): Problem =>
  problem(
    'limit_reached',
    `A conversation has at most ${CONVERSATION_MESSAGE_COUNT_MAX} messages: begin another one.`,
  )

export const queueFull = (depth: number): Problem =>
  problem('queue_full', `${depth} runs of this project have not ended yet: it may have no more.`, {
    retryAfterSeconds: QUEUE_RETRY_AFTER_SECONDS,
  })

export const draining = (): Problem =>
  problem('draining', 'The project is draining: it works off what waits and takes no new runs.', {
    retryAfterSeconds: DRAINING_RETRY_AFTER_SECONDS,
  })
