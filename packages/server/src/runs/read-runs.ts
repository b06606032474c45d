/** What a caller may see of runs. */
import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { userKeyOf } from '../projects/scope.ts'
import type { Page, Storage } from '../storage/storage.ts'
import type { RunEvent, RunState, RunView } from './run.ts'

/** Throws Problem `not_found`, and `foreign_resource` when the run is another project's. */
export const getRun = async (
  { storage }: Access,
  findRunProject: Storage['findRunProject'],
  runId: string,
): Promise<RunView> => {
  const view = await storage.getRun(runId)
  if (view !== null) return view
  if ((await findRunProject(runId)) === null) throw problem('not_found', `run ${runId} not found`)
  throw problem('foreign_resource', `run ${runId} belongs to another project`)
}

export const listRuns = (
  { storage }: Access,
  request: { states: readonly RunState[] | null; userId?: string; limit: number; cursor: string | null },
): Promise<Page<RunView>> => {
  const { states, userId, limit, cursor } = request
  return storage.listRuns({ states, userKey: userId === undefined ? null : userKeyOf(userId), limit, cursor })
}

export const listEvents = async (
  access: Access,
  findRunProject: Storage['findRunProject'],
  request: { runId: string; after: number; limit: number },
): Promise<readonly RunEvent[]> => {
  await getRun(access, findRunProject, request.runId)
  return access.storage.listEvents(request)
}
