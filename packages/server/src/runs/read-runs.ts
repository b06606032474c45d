/** What a caller may see of runs. */
import { type Problem, problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { findGroup } from '../projects/find-group.ts'
import { userKeyOf } from '../projects/scope.ts'
import type { Page, Storage } from '../storage/storage.ts'
import type { RunEvent, RunView } from './run.ts'
import { everyRun, type RunFilter, withImplied } from './run-filter.ts'

/** Throws Problem `not_found`, and `foreign_resource` when the run is another project's. */
export const getRun = async (
  { storage }: Pick<Access, 'storage'>,
  findRunProject: Storage['findRunProject'],
  runId: string,
): Promise<RunView> => {
  const view = await storage.getRun(runId)
  if (view !== null) return view
  throw await missingRun(findRunProject, runId)
}

/** The run that has the key and since when it has it; null when there is none, or none any more. */
export const findRunByKey = async (
  { storage }: Pick<Access, 'storage'>,
  key: string,
): Promise<(RunView & { readonly acceptedAt: number }) | null> => {
  const found = await storage.findRunByKey(key)
  const view = found === null ? null : await storage.getRun(found.runId)
  return found === null || view === null ? null : { ...view, acceptedAt: found.acceptedAt }
}

/** Why a run cannot be had. */
export const missingRun = async (
  findRunProject: Storage['findRunProject'],
  runId: string,
): Promise<Problem> =>
  (await findRunProject(runId)) === null
    ? problem('not_found', `run ${runId} not found`)
    : problem('foreign_resource', `run ${runId} belongs to another project`)

export const listRuns = async (
  access: Access,
  request: { filter: RunFilterRequest; limit: number; cursor: string | null },
): Promise<Page<RunView>> => {
  const { limit, cursor } = request
  return access.storage.listRuns({ filter: await readRunFilter(access, request.filter), limit, cursor })
}

/** A filter as callers name things. */
export type RunFilterRequest = Partial<Omit<RunFilter, 'userKey' | 'groupId'>> & {
  readonly userId?: string
  readonly group?: string
}

/** Throws Problem `unknown_group`. */
export const readRunFilter = async (
  { storage }: Pick<Access, 'storage'>,
  { userId, group, ...members }: RunFilterRequest,
): Promise<RunFilter> =>
  withImplied({
    ...everyRun,
    ...members,
    userKey: userId === undefined ? null : userKeyOf(userId),
    groupId: group === undefined ? null : (await findGroup(storage, group)).groupId,
  })

export const listEvents = async (
  access: Access,
  findRunProject: Storage['findRunProject'],
  request: { runId: string; after: number; limit: number },
): Promise<readonly RunEvent[]> => {
  await getRun(access, findRunProject, request.runId)
  return access.storage.listEvents(request)
}
