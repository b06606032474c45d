/** What a caller may see of runs. */
import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { userKeyOf } from '../projects/scope.ts'
import type { Page, Storage } from '../storage/storage.ts'
import type { Operation, Run, RunEvent, RunState } from './run.ts'

export type RunView = { readonly run: Run; readonly operations: readonly Operation[] }

/** Throws Problem `not_found`, and `foreign_resource` when the run is another project's. */
export const getRun = async (
  { storage }: Access,
  findRunProject: Storage['findRunProject'],
  runId: string,
): Promise<RunView> => {
  const run = await storage.getRun(runId)
  if (run !== null) return viewRun({ storage }, run)
  if ((await findRunProject(runId)) === null) throw problem('not_found', `run ${runId} not found`)
  throw problem('foreign_resource', `run ${runId} belongs to another project`)
}

const viewRun = async ({ storage }: Pick<Access, 'storage'>, run: Run): Promise<RunView> => ({
  run,
  operations: run.outcome === 'committed' ? await storage.listOperations(run.runId) : [],
})

export const listRuns = async (
  { storage }: Access,
  request: { states: readonly RunState[] | null; userId?: string; limit: number; cursor: string | null },
): Promise<Page<RunView>> => {
  const { states, userId, limit, cursor } = request
  const page = await storage.listRuns({
    states,
    userKey: userId === undefined ? null : userKeyOf(userId),
    limit,
    cursor,
  })
  return { ...page, items: await Promise.all(page.items.map((run) => viewRun({ storage }, run))) }
}

export const listEvents = async (
  access: Access,
  findRunProject: Storage['findRunProject'],
  request: { runId: string; after: number; limit: number },
): Promise<readonly RunEvent[]> => {
  await getRun(access, findRunProject, request.runId)
  return access.storage.listEvents(request)
}
