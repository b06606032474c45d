/** Letting go on what waits in buffers, before its time. */
import { BUFFER_FLUSH_COUNT_MAX } from '../kernel/limits.ts'
import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { findGroup } from '../projects/find-group.ts'
import { type Properties, userKeyOf } from '../projects/scope.ts'
import type { Storage } from '../storage/storage.ts'
import { getRun, missingRun } from './read-runs.ts'
import { isTerminal, type RunView } from './run.ts'

/**
 * The buffer that the run waits in goes on, with all that are in it; answers the run as it is then. One that has ended, or goes on
 * already, stays as it is. Throws what getRun throws, and Problem `conflict` when it waits for something else.
 */
export const flushRun = async (
  access: Access,
  findRunProject: Storage['findRunProject'],
  runId: string,
): Promise<RunView> => {
  const result = await access.storage.flushRun({ runId, now: access.clock.now() })
  if (result.kind === 'unknown') throw await missingRun(findRunProject, runId)
  const { state, bufferId } = result.run
  if (result.kind === 'unchanged' && !isTerminal(state) && bufferId === null)
    throw problem('conflict', `Run ${runId} is ${state}, and waits in no buffer.`)
  if (result.kind === 'done') access.wakeWorker()
  return getRun(access, findRunProject, runId)
}

export type FlushRequest = {
  readonly group: string
  readonly userId?: string
  readonly properties: Properties
}

/**
 * All buffers of the group that gather for the user and the property values go on; all there are where none are named. Answers how many,
 * and how many runs wait in them. Throws Problem `unknown_group`.
 */
export const flushGroup = async (
  access: Access,
  { group, userId, properties }: FlushRequest,
): Promise<{ readonly buffers: number; readonly runs: number }> => {
  const { storage, clock, wakeWorker } = access
  const { groupId } = await findGroup(storage, group)
  const scope = { groupId, properties, ...(userId !== undefined && { userKey: userKeyOf(userId) }) }
  const limit = BUFFER_FLUSH_COUNT_MAX
  const now = clock.now()
  const flushed = { buffers: 0, runs: 0 }
  for (let found = limit; found === limit; ) {
    const { buffers, runs } = await storage.flushBuffers({ ...scope, limit, now })
    found = buffers
    flushed.buffers += buffers
    flushed.runs += runs
    wakeWorker()
  }
  return flushed
}
