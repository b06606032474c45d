/** Projects as an operator sees them, and how one of them stands. */
import type { Project, ProjectLimits } from '../../projects/project.ts'
import type { NewProject, ProjectStatus, RenameResult } from '../administration.ts'
import type { Page } from '../storage.ts'
import { createKey } from './accounts.ts'
import type { Connection } from './connection.ts'
import { putGroup } from './groups.ts'
import { getQueue } from './queues.ts'
import { fromJson } from './rows.ts'

const columns = 'project_id AS projectId, name, created_at AS createdAt'

export const listProjects = (db: Connection): Project[] =>
  db.all<Project>(`SELECT ${columns} FROM projects ORDER BY created_at, project_id`)

export const pageProjects = (
  db: Connection,
  params: { limit: number; cursor: string | null },
): Page<Project> => {
  const [createdAt = '-1', projectId = ''] = params.cursor?.split(':') ?? []
  const found = db.all<Project>(
    `SELECT ${columns} FROM projects WHERE (created_at, project_id) > (?, ?) ORDER BY created_at, project_id LIMIT ?`,
    Number(createdAt),
    projectId,
    params.limit + 1,
  )
  const items = found.slice(0, params.limit)
  const last = items.at(-1)
  const hasMore = found.length > params.limit && last !== undefined
  return { items, nextCursor: hasMore ? `${last.createdAt}:${last.projectId}` : null }
}

export const getProject = (db: Connection, projectId: string): Project | null =>
  db.get<Project>(`SELECT ${columns} FROM projects WHERE project_id = ?`, projectId) ?? null

export const createProject = (db: Connection, params: NewProject): boolean => {
  const { projectId, name, createdAt, group, key } = params
  const isNew = db.run(
    'INSERT INTO projects (project_id, name, created_at) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING',
    projectId,
    name,
    createdAt,
  )
  if (isNew === 0) return false
  db.run('INSERT INTO project_queues (project_id, last_turn, depth) VALUES (?, 0, 0)', projectId)
  if (group !== undefined) putGroup(db, projectId, { ...group, now: createdAt })
  if (key !== undefined) createKey(db, projectId, key)
  return true
}

export const renameProject = (
  db: Connection,
  { projectId, name }: { projectId: string; name: string },
): RenameResult => {
  if (getProject(db, projectId) === null) return 'unknown'
  const holder = db.get<{ project_id: string }>('SELECT project_id FROM projects WHERE name = ?', name)
  if (holder !== undefined && holder.project_id !== projectId) return 'name_taken'
  db.run('UPDATE projects SET name = ? WHERE project_id = ?', name, projectId)
  return 'renamed'
}

export const projectStatus = (
  db: Connection,
  projectId: string,
  { countMax }: { countMax: number },
): ProjectStatus => {
  const project = getProject(db, projectId)
  if (project === null) throw new Error(`project ${projectId} is gone`)
  const count = (from: string): number =>
    db.get<{ count: number }>(
      `SELECT count(*) AS count FROM (SELECT 1 FROM ${from} WHERE project_id = ? LIMIT ?)`,
      projectId,
      countMax,
    )?.count ?? 0
  const partitions = db.get<{ count: number; memories: number }>(
    `SELECT count(*) AS count, coalesce(sum(document_count), 0) AS memories
     FROM (SELECT document_count FROM partitions WHERE project_id = ? LIMIT ?)`,
    projectId,
    countMax,
  ) ?? { count: 0, memories: 0 }
  const [groups, users] = [count('groups'), count('users')]
  return {
    project,
    ...getQueue(db, projectId),
    ...(isRemoved(db, projectId) && { state: 'removing' }),
    limits: getLimits(db, projectId),
    counts: { groups, users, memories: partitions.memories },
    isExact: Math.max(groups, users, partitions.count) < countMax,
  }
}

const isRemoved = (db: Connection, projectId: string): boolean =>
  db.get('SELECT 1 FROM projects WHERE project_id = ? AND removed_at IS NOT NULL', projectId) !== undefined

type Retention = Omit<ProjectLimits, 'queueDepthMax'>
const serverRetention: Retention = {
  runRetentionMs: null,
  eventRetentionMs: null,
  versionRetentionMs: null,
  deliveryRetentionMs: null,
  ledgerRetentionMs: null,
}

export const getLimits = (db: Connection, projectId: string): ProjectLimits => {
  const row = db.get<{ retention: string | null; depth_max: number | null }>(
    `SELECT p.retention, q.depth_max FROM projects p JOIN project_queues q ON q.project_id = p.project_id
     WHERE p.project_id = ?`,
    projectId,
  )
  const retention = row?.retention == null ? {} : fromJson<Partial<Retention>>(row.retention)
  return { queueDepthMax: row?.depth_max ?? null, ...serverRetention, ...retention }
}

export const setLimits = (db: Connection, projectId: string, limits: ProjectLimits): void => {
  const { queueDepthMax, ...retention } = limits
  db.run('UPDATE projects SET retention = ? WHERE project_id = ?', JSON.stringify(retention), projectId)
  db.run('UPDATE project_queues SET depth_max = ? WHERE project_id = ?', queueDepthMax, projectId)
}
