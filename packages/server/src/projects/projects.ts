/** The projects of the server, for its operator; and one's own, for whoever has a key of it. */
import type { Clock } from '../kernel/clock.ts'
import type { Ids } from '../kernel/ids.ts'
import { PROJECT_COUNT_MAX } from '../kernel/limits.ts'
import { type Problem, problem } from '../kernel/problem.ts'
import type { ProjectStatus } from '../storage/administration.ts'
import type { Page, Storage } from '../storage/storage.ts'
import type { Access } from './access.ts'
import { defaultGroupName } from './group.ts'
import { hashSecret, type MadeKey, makeKey } from './keys.ts'
import { defaultProjectName, type Project, type ProjectLimits, projectScopes } from './project.ts'
import { type TemplateName, templates } from './templates.ts'

/** What an operator works with: all of the server, not one project of it. */
export type Operations = { readonly storage: Storage; readonly clock: Clock; readonly ids: Ids }

/**
 * Makes a project with its group `default` and a first key, which may do everything in it but manage the server.
 * Throws Problem `conflict` when the name is taken.
 */
export const createProject = async (
  { storage, clock, ids }: Operations,
  params: { readonly name: string; readonly template: TemplateName },
): Promise<MadeKey & { readonly project: Project }> => {
  const project = { projectId: ids.next(), name: params.name, createdAt: clock.now() }
  const made = makeKey(
    { storage: storage.project(project.projectId), clock, ids },
    { name: 'first key', scopes: projectScopes, expiresAt: null },
  )
  const isNew = await storage.createProject({
    ...project,
    group: { groupId: ids.next(), name: defaultGroupName, ...templates[params.template] },
    key: { ...made.key, hash: hashSecret(made.secret) },
  })
  if (!isNew) throw nameTaken(params.name)
  return { project, ...made }
}

export const pageProjects = (
  { storage }: Operations,
  params: { readonly limit: number; readonly cursor: string | null },
): Promise<Page<Project>> => storage.pageProjects(params)

/** Throws Problem `not_found`. */
export const getProject = async ({ storage }: Operations, projectId: string): Promise<ProjectStatus> => {
  if ((await storage.getProject(projectId)) === null) throw unknownProject(projectId)
  return storage.project(projectId).status({ countMax: PROJECT_COUNT_MAX })
}

/**
 * Renames a project, or gives it other limits of its own. Throws Problem `not_found`, `invalid_request`, and `conflict` when the name is
 * taken or the project is the first one.
 */
export const changeProject = async (
  operations: Operations,
  params: { readonly projectId: string; readonly name: string | null; readonly limits: ProjectLimits | null },
): Promise<ProjectStatus> => {
  const { projectId, name, limits } = params
  const { storage } = operations
  if (name === null && limits === null)
    throw problem('invalid_request', 'Give a new name, new limits, or both.')
  const project = await storage.getProject(projectId)
  if (project === null) throw unknownProject(projectId)
  if (name !== null && name !== project.name) await renameProject(storage, project, name)
  if (limits !== null) await storage.project(projectId).setLimits(limits)
  return getProject(operations, projectId)
}

const renameProject = async (storage: Storage, project: Project, name: string): Promise<void> => {
  // Every start looks for it by its name.
  if (project.name === defaultProjectName)
    throw problem('conflict', `The project "${defaultProjectName}" keeps its name.`)
  const result = await storage.renameProject({ projectId: project.projectId, name })
  if (result === 'name_taken') throw nameTaken(name)
}

/**
 * Closes a project, so that its rows can be removed. Throws Problem `not_found`, `invalid_request` when the name is not confirmed, and
 * `conflict` for the first project and for the caller's own.
 */
export const removeProject = async (
  operations: Operations,
  access: Access,
  params: { readonly projectId: string; readonly confirm: string },
): Promise<ProjectStatus> => {
  const { storage, clock } = operations
  const project = await storage.getProject(params.projectId)
  if (project === null) throw unknownProject(params.projectId)
  if (params.confirm !== project.name)
    throw problem('invalid_request', 'confirm must be the name of the project that is to be removed.')
  // Every start would make it anew.
  if (project.name === defaultProjectName)
    throw problem('conflict', `The project "${defaultProjectName}" cannot be removed.`)
  if (project.projectId === access.storage.projectId)
    throw problem('conflict', 'A key cannot remove its own project: use an operator key of another.')
  await storage.closeProject({ projectId: project.projectId, now: clock.now() })
  return getProject(operations, project.projectId)
}

export const ownProject = ({ storage }: Access): Promise<ProjectStatus> =>
  storage.status({ countMax: PROJECT_COUNT_MAX })

const unknownProject = (projectId: string): Problem => problem('not_found', `project ${projectId} not found`)

const nameTaken = (name: string): Problem => problem('conflict', `There is a project "${name}" already.`)
