/**
 * Removes what is past its retention, a bounded number of rows at a time. Runs are found by an index on their end. Events and
 * versions are read through in the order of their keys, because an index on their age would cost every commit; the cursor says
 * where the next call goes on.
 *
 * What goes leaves a prefix missing and never a hole: the newest event of a run stays as long as the run, the newest version of
 * a memory for good, and of the ledger a transaction that carries the balance forward, so numbers go on after them.
 */
import type { Pruned, PruneParams } from '../administration.ts'
import { pruneLedger } from './agents/prune-ledger.ts'
import type { Connection } from './connection.ts'
import { pruneConversations } from './remove-conversations.ts'
import { removeRun } from './remove-run.ts'

type Found<Row> = { readonly rows: readonly Row[]; readonly limit: number }

const hasMore = <Row>({ rows, limit }: Found<Row>): boolean => rows.length === limit

export const prune = (db: Connection, projectId: string, params: PruneParams): Pruned => {
  switch (params.kind) {
    case 'runs':
      return pruneRuns(db, projectId, params)
    case 'events':
      return pruneEvents(db, projectId, params)
    case 'versions':
      return pruneVersions(db, projectId, params)
    case 'conversations':
      return pruneConversations(db, projectId, params)
    case 'deliveries':
      return pruneDeliveries(db, projectId, params)
    case 'ledger':
      return pruneLedger(db, projectId, params)
  }
}

const pruneRuns = (db: Connection, projectId: string, { before, limit }: PruneParams): Pruned => {
  const rows = db.all<{ seq: number; run_id: string }>(
    'SELECT seq, run_id FROM runs WHERE project_id = ? AND completed_at IS NOT NULL AND completed_at < ? ORDER BY completed_at LIMIT ?',
    projectId,
    before,
    limit,
  )
  for (const row of rows) removeRun(db, projectId, { runId: row.run_id, seq: row.seq })
  return { removed: rows.length, next: hasMore({ rows, limit }) ? '' : null }
}

type EventRow = { project_seq: number; at: number; is_last: number }

const pruneEvents = (db: Connection, projectId: string, { before, limit, cursor }: PruneParams): Pruned => {
  const rows = db.all<EventRow>(
    `SELECT e.project_seq, e.at, e.seq = (SELECT max(last.seq) FROM run_events last WHERE last.run_id = e.run_id) AS is_last
     FROM run_events e WHERE e.project_id = ? AND e.project_seq > ? ORDER BY e.project_seq LIMIT ?`,
    projectId,
    Number(cursor ?? 0),
    limit,
  )
  const end = rows.findIndex(({ at }) => at >= before)
  const old = end === -1 ? rows : rows.slice(0, end)
  const gone = old.filter((row) => row.is_last === 0)
  for (const row of gone)
    db.run('DELETE FROM run_events WHERE project_id = ? AND project_seq = ?', projectId, row.project_seq)
  const isDone = end !== -1 || !hasMore({ rows, limit })
  return { removed: gone.length, next: isDone ? null : String(rows.at(-1)?.project_seq ?? 0) }
}

type VersionRow = { memory_id: string; version: number; superseded_at: number | null }

/** A version goes when the one after it is past the retention too: then nobody may ask for a time at which it was current. */
const pruneVersions = (db: Connection, projectId: string, { before, limit, cursor }: PruneParams): Pruned => {
  const [memoryId = '', version = '0'] = cursor?.split(':') ?? []
  const rows = db.all<VersionRow>(
    `SELECT v.memory_id, v.version, (
       SELECT next.created_at FROM memory_versions next
       WHERE next.project_id = v.project_id AND next.memory_id = v.memory_id AND next.version > v.version
       ORDER BY next.version LIMIT 1) AS superseded_at
     FROM memory_versions v WHERE v.project_id = ? AND (v.memory_id, v.version) > (?, ?)
     ORDER BY v.memory_id, v.version LIMIT ?`,
    projectId,
    memoryId,
    Number(version),
    limit,
  )
  const gone = rows.filter(({ superseded_at: at }) => at !== null && at < before)
  for (const row of gone)
    for (const table of ['memory_versions', 'run_confirmations'])
      db.run(
        `DELETE FROM ${table} WHERE project_id = ? AND memory_id = ? AND version = ?`,
        projectId,
        row.memory_id,
        row.version,
      )
  const last = rows.at(-1)
  const next = hasMore({ rows, limit }) && last !== undefined ? `${last.memory_id}:${last.version}` : null
  return { removed: gone.length, next }
}

const pruneDeliveries = (db: Connection, projectId: string, { before, limit }: PruneParams): Pruned => {
  const removed = db.run(
    `DELETE FROM webhook_deliveries WHERE delivery_no IN (
       SELECT delivery_no FROM webhook_deliveries WHERE project_id = ? AND ended_at IS NOT NULL AND ended_at < ?
       ORDER BY ended_at LIMIT ?)`,
    projectId,
    before,
    limit,
  )
  return { removed, next: removed === limit ? '' : null }
}
