/**
 * Memories that belong to nobody in particular stay when a user is erased; what they say of where they come from loses that user. The
 * history of memories of which nobody knows any more whose they were goes with the user whose runs made it.
 */
import type { Connection } from '../connection.ts'
import { eraseHistory } from './erase-memories.ts'
import { addTarget, type Erasure, isTarget, type Work } from './erasure.ts'

/** Numbers of memories that one piece of the work looks at, there or not. */
const SPAN = 4_000

const namesTarget = (sources: string): string =>
  `EXISTS (SELECT 1 FROM json_each(${sources}) s WHERE ${isTarget("s.value ->> 'runId'", "('run')")})`

const kept = (sources: string): string =>
  `(SELECT json_group_array(json(s.value)) FROM json_each(${sources}) s WHERE NOT ${isTarget("s.value ->> 'runId'", "('run')")})`

/** Sources of memories, and who speaks in them. */
export const stripShared: Work = (db, erasure) => {
  if (erasure.userKey === null) return { cursor: null, erased: {} }
  const from = Number(erasure.cursor ?? 0)
  const { last } = db.get<{ last: number }>('SELECT coalesce(max(memory_no), 0) AS last FROM memories') ?? {
    last: 0,
  }
  const found = db.all<{ memory_no: number; partition_no: number; position: number }>(
    `SELECT m.memory_no, m.partition_no, m.position FROM memories m
     WHERE m.memory_no > ?3 AND m.memory_no <= ?4 AND m.project_id = ?1 AND ${namesTarget('m.sources')}`,
    erasure.projectId,
    erasure.runId,
    from,
    from + SPAN,
  )
  for (const row of found) {
    db.run(
      `UPDATE memories SET sources = ${kept('sources')} WHERE memory_no = ?3`,
      erasure.projectId,
      erasure.runId,
      row.memory_no,
    )
    db.run(
      "UPDATE documents SET speaker = '', session = '' WHERE partition_no = ? AND position = ?",
      row.partition_no,
      row.position,
    )
  }
  return { cursor: from + SPAN >= last ? null : String(from + SPAN), erased: { sources: found.length } }
}

type VersionRow = {
  memory_id: string
  version: number
  is_own: number
  is_named: number
  is_of_nobody: number
}

/** The versions of the project, in order: `cursor` is the last one looked at. */
export const stripHistory: Work = (db, erasure, { limit }) => {
  if (erasure.userKey === null) return { cursor: null, erased: {} }
  const [memoryId, version] = JSON.parse(erasure.cursor ?? '["", 0]') as [string, number] // safety: written below
  const rows = db.all<VersionRow>(
    `SELECT v.memory_id, v.version, ${isTarget('v.run_id', "('run')")} AS is_own, ${namesTarget('v.sources')} AS is_named,
            EXISTS (SELECT 1 FROM scopes s WHERE s.scope_no = v.scope_no AND s.user_key = '') AS is_of_nobody
     FROM memory_versions v WHERE v.project_id = ?1 AND (v.memory_id, v.version) > (?3, ?4)
     ORDER BY v.memory_id, v.version LIMIT ?5`,
    erasure.projectId,
    erasure.runId,
    memoryId,
    version,
    limit,
  )
  const dead = new Set(rows.filter((row) => row.is_own && !row.is_of_nobody).map((row) => row.memory_id))
  const stripped = rows.filter((row) => (row.is_own || row.is_named) && !dead.has(row.memory_id))
  for (const row of stripped) stripVersion(db, erasure, row)
  const versions = [...dead].reduce((sum, id) => sum + eraseDead(db, erasure, id), 0)
  const last = rows.at(-1)
  const cursor =
    rows.length < limit || last === undefined ? null : JSON.stringify([last.memory_id, last.version])
  return { cursor, erased: { versions, sources: stripped.length } }
}

const stripVersion = (db: Connection, { projectId, runId }: Erasure, row: VersionRow): void => {
  db.run(
    `UPDATE memory_versions SET sources = ${kept('sources')},
       origin = CASE WHEN ?5 AND origin IS NOT NULL THEN json_set(json_remove(origin, '$.context'), '$.speaker', NULL, '$.session', '') ELSE origin END
     WHERE project_id = ?1 AND memory_id = ?3 AND version = ?4`,
    projectId,
    runId,
    row.memory_id,
    row.version,
    row.is_own,
  )
}

const eraseDead = (db: Connection, erasure: Erasure, memoryId: string): number => {
  addTarget(db, erasure, 'memory', memoryId)
  return eraseHistory(db, erasure.projectId, memoryId)
}

/** What was noted about sources that came and went. */
export const stripConfirmations: Work = (db, erasure) => {
  if (erasure.userKey === null) return { cursor: null, erased: {} }
  const from = Number(erasure.cursor ?? 0)
  const { last } = db.get<{ last: number }>(
    'SELECT coalesce(max(confirmation_no), 0) AS last FROM run_confirmations',
  ) ?? { last: 0 }
  const range = [erasure.projectId, erasure.runId, from, from + SPAN] as const
  const inRange = 'project_id = ?1 AND confirmation_no > ?3 AND confirmation_no <= ?4'
  const named = isTarget("source ->> 'runId'", "('run')")
  const sources = db.run(`DELETE FROM run_confirmations WHERE ${inRange} AND ${named}`, ...range)
  db.run(
    `UPDATE run_confirmations SET dropped = NULL WHERE ${inRange} AND dropped IS NOT NULL AND ${isTarget("dropped ->> 'runId'", "('run')")}`,
    ...range,
  )
  return { cursor: from + SPAN >= last ? null : String(from + SPAN), erased: { sources } }
}
