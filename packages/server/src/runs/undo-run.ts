import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import type { Storage } from '../storage/storage.ts'
import { acceptRun } from './accept-run.ts'
import { getRun } from './read-runs.ts'
import { isTerminal, type Run, type RunView } from './run.ts'

/**
 * Accepts a run that takes back what an ended run has committed, in its turn among the runs of the same user; answers it as it is
 * then. Throws what getRun throws, what acceptRun throws, and Problem `conflict`.
 */
export const undoRun = async (
  access: Access,
  findRunProject: Storage['findRunProject'],
  request: {
    readonly runId: string
    readonly dryRun: boolean
    readonly force: boolean
    readonly idempotencyKey?: string
  },
): Promise<RunView> => {
  const { ids } = access
  const { force, dryRun, idempotencyKey: key } = request
  const { run } = await getRun(access, findRunProject, request.runId)
  await refuseNothingToUndo(access, run)
  const { groupId, laneId, userId, userKey } = run
  const { runId } = await acceptRun(access, {
    ...{ groupId, laneId, userId, userKey },
    runId: ids.next(),
    inputType: 'undo',
    payload: { input: { type: 'undo', runId: run.runId, force }, properties: {} },
    inputCount: 1,
    idempotency: key === undefined ? null : { key, digest: `undo ${run.runId} ${force} ${dryRun}` },
    options: { undoOf: run.runId, dryRun },
  })
  return getRun(access, findRunProject, runId)
}

const refuseNothingToUndo = async ({ storage }: Access, { runId, state, outcome }: Run): Promise<void> => {
  if (!isTerminal(state)) throw problem('conflict', `Run ${runId} has not ended: cancel it first.`)
  if (outcome === 'planned')
    throw problem('conflict', `Run ${runId} is a dry run that was not committed: there is nothing to undo.`)
  const { changes, sources } = await storage.readCommitted(runId)
  if (changes.length + sources.length === 0)
    throw problem('conflict', `Run ${runId} has committed nothing, so there is nothing to undo.`)
}
