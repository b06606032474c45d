/** The part of the engine that is about accounts: what is read, what is written, and what must be synced before it is answered. */
import type { Administration, ProjectAdministration } from '../administration.ts'
import * as accounts from './accounts.ts'
import type { Connection } from './connection.ts'
import type { GroupCommit } from './group-commit.ts'
import * as projects from './projects.ts'
import { prune } from './prune.ts'
import * as removal from './remove-project.ts'
import * as usage from './usage.ts'
import * as users from './users.ts'

type Parts = { readonly db: Connection; readonly commit: GroupCommit }

export const administration = ({ db, commit }: Parts): Administration => ({
  listProjects: async () => projects.listProjects(db),
  pageProjects: async (params) => projects.pageProjects(db, params),
  getProject: async (projectId) => projects.getProject(db, projectId),
  createProject: (project) => commit.write('durable', () => projects.createProject(db, project)),
  renameProject: (params) => commit.write('durable', () => projects.renameProject(db, params)),
  closeProject: (params) => commit.write('durable', () => removal.closeProject(db, params)),
  nextRemoval: async () => removal.nextRemoval(db),
  removeProject: (params) => commit.write('durable', () => removal.removeProject(db, params)),
  findKey: async (hash) => accounts.findKey(db, hash),
  touchKey: (params) => commit.write('relaxed', () => accounts.touchKey(db, params)),
  pageUsage: async (params) => usage.pageUsage(db, params),
  countUsage: (counts) => commit.write('relaxed', () => usage.countUsage(db, counts)),
})

/** All but what the cache of groups must hear of. */
export const projectAdministration = (
  { db, commit }: Parts,
  projectId: string,
): Omit<ProjectAdministration, 'deleteGroup'> => ({
  status: async (params) => projects.projectStatus(db, projectId, params),
  getLimits: async () => projects.getLimits(db, projectId),
  setLimits: (limits) => commit.write('durable', () => projects.setLimits(db, projectId, limits)),
  prune: (params) => commit.write('relaxed', () => prune(db, projectId, params)),
  listKeys: async () => accounts.listKeys(db, projectId),
  createKey: (key) => commit.write('durable', () => accounts.createKey(db, projectId, key)),
  revokeKey: (params) => commit.write('durable', () => accounts.revokeKey(db, projectId, params)),
  changeKey: (params) => commit.write('durable', () => accounts.changeKey(db, projectId, params)),
  rotateKey: (params) => commit.write('durable', () => accounts.rotateKey(db, projectId, params)),
  pageUsers: async (params) => users.pageUsers(db, projectId, params),
  getUser: async (userKey) => users.getUser(db, projectId, userKey),
  registerUser: (params) => commit.write('durable', () => users.registerUser(db, projectId, params)),
  usage: async (params) => usage.readUsage(db, projectId, params),
})
