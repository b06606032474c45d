import { ERASE_TIMEOUT_MS } from '../kernel/limits.ts'
import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { findGroup } from '../projects/find-group.ts'
import { userKeyOf } from '../projects/scope.ts'
import { refusal } from '../runs/accept-run.ts'

/**
 * Erases a user for good, as a run: memories with their history, runs with all that was handed in, and the user's name. From the moment
 * this answers nothing of it is found any more, and open runs of the user have ended; what is added later is not touched. Throws
 * Problem `not_found`, `conflict`, `draining`, `queue_full`.
 */
export const eraseUser = async (access: Access, userId: string): Promise<{ readonly runId: string }> => {
  const { storage, clock, ids, limits, wakeWorker, abortRun } = access
  const { groupId } = await findGroup(storage, undefined)
  const { queueDepthMax } = limits
  const result = await storage.erasure.accept({
    ...{ groupId, queueDepthMax },
    runId: ids.next(),
    userKey: userKeyOf(userId),
    timeoutMs: ERASE_TIMEOUT_MS,
    now: clock.now(),
  })
  if (result.kind === 'unknown_user') throw problem('not_found', `user ${userId} not found`)
  if (result.kind === 'import_open')
    throw problem('conflict', `Run ${result.runId} is importing: wait for its end, or cancel it.`)
  for (const runId of result.cancelledRunIds) abortRun(runId)
  if (result.kind !== 'accepted' && result.kind !== 'replayed') throw refusal(result)
  wakeWorker()
  return { runId: result.runId }
}
