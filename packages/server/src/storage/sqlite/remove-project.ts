/**
 * Removes a project with everything in it, a bounded number of rows at a time. It is closed first: its keys open nothing any more and
 * nothing new is begun or delivered. What is still worked on loses its claim with its run.
 *
 * Runs go first, with what hangs on them; then the index, which is known by the project's partitions; then every table whose rows are
 * found by the project, those that refer to others before those they refer to; the project itself last. Nobody has to remember where
 * it had got to: what is left says so.
 */
import type { Connection } from './connection.ts'
import { removeRun } from './remove-run.ts'

/** What removing one run counts for, among its rows in many tables and indexes. */
const ROWS_OF_A_RUN = 20

export const closeProject = (
  db: Connection,
  { projectId, now }: { projectId: string; now: number },
): boolean => {
  const isThere = db.run(
    'UPDATE projects SET removed_at = coalesce(removed_at, ?) WHERE project_id = ?',
    now,
    projectId,
  )
  db.run('UPDATE api_keys SET revoked_at = coalesce(revoked_at, ?) WHERE project_id = ?', now, projectId)
  db.run("UPDATE project_queues SET state = 'paused', depth_max = 0 WHERE project_id = ?", projectId)
  db.run('DELETE FROM webhook_queues WHERE project_id = ?', projectId)
  return isThere === 1
}

export const nextRemoval = (db: Connection): string | null =>
  db.get<{ project_id: string }>(
    'SELECT project_id FROM projects WHERE removed_at IS NOT NULL ORDER BY removed_at LIMIT 1',
  )?.project_id ?? null

/** Answers whether nothing is left. */
export const removeProject = (
  db: Connection,
  { projectId, limit }: { projectId: string; limit: number },
): boolean => {
  let left = limit - removeRuns(db, projectId, limit)
  for (const remove of [removeIndex, removeTables]) if (left > 0) left -= remove(db, projectId, left)
  if (left <= 0) return false
  db.run('DELETE FROM projects WHERE project_id = ?', projectId)
  return true
}

const removeRuns = (db: Connection, projectId: string, limit: number): number => {
  const rows = db.all<{ seq: number; run_id: string }>(
    'SELECT seq, run_id FROM runs WHERE project_id = ? LIMIT ?',
    projectId,
    Math.ceil(limit / ROWS_OF_A_RUN),
  )
  for (const row of rows) removeRun(db, projectId, { runId: row.run_id, seq: row.seq })
  return rows.length * ROWS_OF_A_RUN
}

// The tables of the index know partitions only.
const removeIndex = (db: Connection, projectId: string, limit: number): number => {
  const partitions = db.all<{ partition_no: number }>(
    `SELECT p.partition_no FROM partitions p WHERE p.project_id = ? AND (
       EXISTS (SELECT 1 FROM postings t WHERE t.partition_no = p.partition_no) OR
       EXISTS (SELECT 1 FROM documents d WHERE d.partition_no = p.partition_no)) LIMIT ?`,
    projectId,
    limit,
  )
  let removed = 0
  for (const { partition_no: partitionNo } of partitions)
    for (const table of ['postings', 'documents'])
      if (removed < limit)
        removed += removeWhere(db, table, {
          column: 'partition_no',
          value: partitionNo,
          limit: limit - removed,
        })
  return removed
}

const removeTables = (db: Connection, projectId: string, limit: number): number => {
  let removed = 0
  for (const table of tablesByProject(db))
    if (removed < limit)
      removed += removeWhere(db, table, { column: 'project_id', value: projectId, limit: limit - removed })
  return removed
}

const removeWhere = (
  db: Connection,
  table: string,
  { column, value, limit }: { column: string; value: string | number; limit: number },
): number => {
  const key = primaryKeyOf(db, table)
  return db.run(
    `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${column} = ? LIMIT ?)`,
    value,
    limit,
  )
}

const primaryKeyOf = (db: Connection, table: string): string =>
  db
    .all<{ name: string }>('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk', table)
    .map(({ name }) => name)
    .join(', ')

/** Tables with an index that begins with the project, each before those it refers to. The queue is last: triggers write it. */
const tablesByProject = (db: Connection): string[] => {
  const tables = db
    .all<{ name: string }>(
      `SELECT t.name FROM sqlite_schema t WHERE t.type = 'table' AND t.name NOT IN ('projects', 'project_queues') AND EXISTS (
         SELECT 1 FROM pragma_index_list(t.name) i, pragma_index_info(i.name) c WHERE c.seqno = 0 AND c.name = 'project_id' AND i.partial = 0)`,
    )
    .map(({ name }) => name)
  const referred = (table: string) =>
    db
      .all<{ name: string }>('SELECT DISTINCT "table" AS name FROM pragma_foreign_key_list(?)', table)
      .map(({ name }) => name)
  const ordered: string[] = []
  const place = (table: string) => {
    if (ordered.includes(table) || !tables.includes(table)) return
    for (const parent of referred(table)) if (parent !== table) place(parent)
    ordered.push(table)
  }
  for (const table of tables) place(table)
  return [...ordered.reverse(), 'project_queues']
}
