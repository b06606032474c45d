/** Runs: of a user they go wholly; of a filter they stay, without anything of what they were given. */
import type { Connection } from '../connection.ts'
import { removeWebhookOfRun } from '../webhooks.ts'
import { endNow } from './accept-erasure.ts'
import {
  addCounts,
  addTarget,
  type Counts,
  type Erasure,
  isTarget,
  listTargets,
  type Work,
} from './erasure.ts'
import { runTables } from './tables.ts'

/** Notes the runs of the user that were accepted before the erasure. */
export const findRuns: Work = (db, erasure, { limit }) => {
  if (erasure.userKey === null) return { cursor: null, erased: {} }
  const [createdAt, seq] = JSON.parse(erasure.cursor ?? '[-1, -1]') as [number, number] // safety: written below
  const rows = db.all<{ run_id: string; created_at: number; seq: number }>(
    `SELECT run_id, created_at, seq FROM runs
     WHERE project_id = ? AND user_key = ? AND (created_at, seq) > (?, ?) ORDER BY created_at, seq LIMIT ?`,
    erasure.projectId,
    erasure.userKey,
    createdAt,
    seq,
    limit,
  )
  for (const row of rows) if (row.seq < erasure.seq) addTarget(db, erasure, 'run', row.run_id)
  const last = rows.at(-1)
  const cursor =
    rows.length < limit || last === undefined ? null : JSON.stringify([last.created_at, last.seq])
  return { cursor, erased: {} }
}

/** Keys under which the runs were asked for, in order: `cursor` is the last one looked at. */
export const eraseKeys: Work = (db, erasure, { limit }) => {
  const rows = db.all<{ key: string; is_target: number }>(
    `SELECT key, ${isTarget('k.run_id')} AS is_target FROM idempotency_keys k WHERE project_id = ?1 AND key > ?3 ORDER BY key LIMIT ?4`,
    erasure.projectId,
    erasure.runId,
    erasure.cursor ?? '',
    limit,
  )
  const found = rows.filter(({ is_target }) => is_target)
  for (const { key } of found)
    db.run('DELETE FROM idempotency_keys WHERE project_id = ? AND key = ?', erasure.projectId, key)
  return {
    cursor: rows.length < limit ? null : (rows.at(-1)?.key ?? null),
    erased: { idempotency_keys: found.length },
  }
}

export const eraseRuns: Work = (db, erasure, { limit, now }) => {
  const kind = erasure.userKey === null ? 'input' : 'run'
  const ids = listTargets(db, erasure, { kind, limit })
  const erase = kind === 'run' ? eraseRun : stripRun
  const erased = ids.map((runId) => erase(db, erasure, { runId, now })).reduce(addCounts, {})
  return { cursor: ids.length < limit ? null : (ids.at(-1) ?? null), erased }
}

type RunRow = { seq: number; completed_at: number | null }

const findRow = (db: Connection, { projectId }: Erasure, runId: string): RunRow | undefined =>
  db.get<RunRow>('SELECT seq, completed_at FROM runs WHERE run_id = ? AND project_id = ?', runId, projectId)

type Target = { readonly runId: string; readonly now: number }

const eraseRun = (db: Connection, erasure: Erasure, { runId, now }: Target): Counts => {
  const row = findRow(db, erasure, runId)
  if (row === undefined) return {}
  const { projectId } = erasure
  if (row.completed_at === null) endNow(db, projectId, { runId, now })
  const webhooks = removeWebhookOfRun(db, projectId, runId)
  const counts = runTables.map((table) => ({
    [table]: db.run(`DELETE FROM ${table} WHERE run_id = ? AND project_id = ?`, runId, projectId),
  }))
  eraseTags(db, erasure, row.seq)
  db.run('DELETE FROM runs WHERE seq = ?', row.seq)
  return counts.reduce(addCounts, { runs: 1, webhooks })
}

const eraseTags = (db: Connection, { projectId }: Erasure, seq: number): void => {
  db.run(
    `DELETE FROM run_tags WHERE project_id = ?1 AND seq = ?2
       AND tag IN (SELECT value FROM json_each((SELECT tags FROM runs WHERE seq = ?2)))`,
    projectId,
    seq,
  )
}

/** What stays: that there was a run, whose it was, its state, its times and its counts, and which memories it changed. */
const stripRun = (db: Connection, erasure: Erasure, { runId, now }: Target): Counts => {
  const row = findRow(db, erasure, runId)
  if (row === undefined) return {}
  const { projectId } = erasure
  if (row.completed_at === null) endNow(db, projectId, { runId, now })
  const of = [runId, projectId] as const
  const payloads = db.run('DELETE FROM run_payloads WHERE run_id = ? AND project_id = ?', ...of)
  const webhooks = removeWebhookOfRun(db, projectId, runId)
  const deliveries = db.run('DELETE FROM webhook_deliveries WHERE run_id = ? AND project_id = ?', ...of)
  eraseTags(db, erasure, row.seq)
  db.run(
    `UPDATE run_steps SET output = NULL, error = CASE WHEN error IS NOT NULL THEN json_set(error, '$.detail', 'erased') END
     WHERE run_id = ? AND project_id = ?`,
    ...of,
  )
  db.run(
    `UPDATE run_events SET data = json_remove(CASE WHEN json_type(data, '$.error') = 'object'
       THEN json_set(data, '$.error.detail', 'erased') ELSE data END, '$.reason')
     WHERE run_id = ? AND project_id = ?`,
    ...of,
  )
  db.run(
    `UPDATE runs SET tags = NULL, metadata = NULL, traceparent = NULL, cancel_reason = NULL, result = NULL, erased_at = ?,
       error = CASE WHEN error IS NOT NULL THEN json_set(error, '$.detail', 'erased') END WHERE seq = ?`,
    now,
    row.seq,
  )
  return { inputs: 1, run_payloads: payloads, webhook_deliveries: deliveries, webhooks }
}
