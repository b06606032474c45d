/**
 * Deletes a group that holds nothing. What is kept of memories that were deleted in it, and its ended runs, stay until their retention
 * is over; nobody can ask for the former any more.
 */
import type { DeleteGroupResult } from '../administration.ts'
import { isGroupUsed } from './agents/definitions.ts'
import type { Connection } from './connection.ts'
import { getGroup } from './groups.ts'

export const deleteGroup = (db: Connection, projectId: string, name: string): DeleteGroupResult => {
  const group = getGroup(db, projectId, { name })
  if (group === null) return 'unknown'
  const { groupId } = group
  if (hasMemories(db, projectId, groupId)) return 'has_memories'
  if (hasOpenRuns(db, projectId, groupId)) return 'has_open_runs'
  if (isGroupUsed(db, projectId, name)) return 'has_agents'
  for (const table of ['topics', 'group_versions', 'groups'])
    db.run(`DELETE FROM ${table} WHERE project_id = ? AND group_id = ?`, projectId, groupId)
  return 'deleted'
}

const hasMemories = (db: Connection, projectId: string, groupId: string): boolean =>
  db.get(
    'SELECT 1 FROM partitions WHERE project_id = ? AND group_id = ? AND document_count > 0 LIMIT 1',
    projectId,
    groupId,
  ) !== undefined

/** Whatever waits has a lane, which is named after the group, but for what waits for its time or in a buffer. */
const hasOpenRuns = (db: Connection, projectId: string, groupId: string): boolean =>
  db.get(
    `SELECT 1 WHERE
       EXISTS (SELECT 1 FROM lanes WHERE project_id = ?1 AND (lane_id = ?2 OR (lane_id > ?2 || ':' AND lane_id < ?2 || ';'))) OR
       EXISTS (SELECT 1 FROM runs WHERE project_id = ?1 AND lane_id >= ?2 AND lane_id < ?2 || ';' AND delayed_until IS NOT NULL) OR
       EXISTS (SELECT 1 FROM runs WHERE project_id = ?1 AND state = 'buffered' AND group_id = ?2)`,
    projectId,
    groupId,
  ) !== undefined
