/** Accepting runs and reading them. */
import type { RunPayload } from '../../runs/input.ts'
import type { Run, RunCounts, RunView, StepRecord } from '../../runs/run.ts'
import type { AcceptResult, NewRun, QueueStatus } from '../storage.ts'
import type { Connection } from './connection.ts'
import { appendEvent } from './events.ts'
import { seeUser } from './groups.ts'
import { openLane } from './lanes.ts'
import { fromJson, type RunRow, type RunViewRow, selectRunView, toRun, toRunView } from './rows.ts'

export const acceptRun = (db: Connection, projectId: string, run: NewRun): AcceptResult => {
  const earlier = findIdempotent(db, projectId, run)
  if (earlier !== null) return earlier
  if (!growQueue(db, projectId, run.queueDepthMax))
    return { kind: 'queue_full', depth: queueDepth(db, projectId) }
  insertRun(db, projectId, run)
  openLane(db, { projectId, laneId: run.laneId })
  return { kind: 'accepted', runId: run.runId }
}

const findIdempotent = (db: Connection, projectId: string, run: NewRun): AcceptResult | null => {
  if (run.idempotency === null) return null
  const { key, digest } = run.idempotency
  const earlier = db.get<{ digest: string; run_id: string }>(
    'SELECT digest, run_id FROM idempotency_keys WHERE project_id = ? AND key = ?',
    projectId,
    key,
  )
  if (earlier === undefined) return null
  return earlier.digest === digest
    ? { kind: 'replayed', runId: earlier.run_id }
    : { kind: 'idempotency_mismatch' }
}

const insertRun = (db: Connection, projectId: string, run: NewRun): void => {
  const { now } = run
  const userId =
    run.userKey === null || run.userId === null
      ? null
      : seeUser(db, projectId, { userKey: run.userKey, userId: run.userId, now })
  db.run(
    `INSERT INTO runs (project_id, run_id, group_id, lane_id, user_id, user_key, input_type, state, attempt, failures, counts, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', 0, 0, ?, ?, ?)`,
    projectId,
    run.runId,
    run.groupId,
    run.laneId,
    userId,
    run.userKey,
    run.inputType,
    JSON.stringify(emptyCounts(run.inputCount)),
    now,
    now,
  )
  db.run(
    'INSERT INTO run_payloads (run_id, project_id, payload) VALUES (?, ?, ?)',
    run.runId,
    projectId,
    JSON.stringify(run.payload),
  )
  appendEvent(db, {
    projectId,
    runId: run.runId,
    type: 'run.accepted',
    at: now,
    data: { inputs: run.inputCount },
  })
  if (run.idempotency !== null)
    rememberIdempotency(db, projectId, { ...run.idempotency, runId: run.runId, now })
}

const rememberIdempotency = (
  db: Connection,
  projectId: string,
  entry: { key: string; digest: string; runId: string; now: number },
): void => {
  db.run(
    'INSERT INTO idempotency_keys (project_id, key, digest, run_id, created_at) VALUES (?, ?, ?, ?, ?)',
    projectId,
    entry.key,
    entry.digest,
    entry.runId,
    entry.now,
  )
}

export const emptyCounts = (inputs: number): RunCounts => ({
  inputs,
  failedInputs: 0,
  candidates: 0,
  created: 0,
  updated: 0,
  deleted: 0,
  unchanged: 0,
})

/** Answers whether there was room. */
const growQueue = (db: Connection, projectId: string, depthMax: number): boolean =>
  db.run(
    'UPDATE project_queues SET depth = depth + 1 WHERE project_id = ? AND depth < ?',
    projectId,
    depthMax,
  ) === 1

const queueDepth = (db: Connection, projectId: string): number =>
  db.get<{ depth: number }>('SELECT depth FROM project_queues WHERE project_id = ?', projectId)?.depth ?? 0

export const findRun = (db: Connection, projectId: string, runId: string): Run | null => {
  const row = db.get<RunRow>('SELECT * FROM runs WHERE run_id = ? AND project_id = ?', runId, projectId)
  return row === undefined ? null : toRun(row)
}

export const getRun = (db: Connection, projectId: string, runId: string): RunView | null => {
  const row = db.get<RunViewRow>(selectRunView, runId, projectId)
  return row === undefined ? null : toRunView(row)
}

export const existingRun = (db: Connection, projectId: string, runId: string): Run => {
  const run = findRun(db, projectId, runId)
  if (run === null) throw new Error(`run ${runId} is gone`)
  return run
}

export const findRunProject = (db: Connection, runId: string): string | null =>
  db.get<{ project_id: string }>('SELECT project_id FROM runs WHERE run_id = ?', runId)?.project_id ?? null

type StepRow = {
  name: string
  type: string
  attempt: number
  status: string
  started_at: number
  completed_at: number
  output: string | null
  error: string | null
}

export const listSteps = (db: Connection, projectId: string, runId: string): StepRecord[] =>
  db
    .all<StepRow>(
      `SELECT name, type, attempt, status, started_at, completed_at, output, error FROM run_steps
       WHERE run_id = ? AND project_id = ? ORDER BY attempt, started_at, rowid`,
      runId,
      projectId,
    )
    .map((row) => ({
      name: row.name,
      // safety: both words are written from the same unions
      type: row.type as StepRecord['type'],
      status: row.status as StepRecord['status'],
      attempt: row.attempt,
      startedAt: row.started_at,
      completedAt: row.completed_at,
      output: row.output === null ? null : fromJson(row.output),
      error: row.error === null ? null : fromJson(row.error),
    }))

export const readPayload = (db: Connection, projectId: string, runId: string): RunPayload | null => {
  const row = db.get<{ payload: string }>(
    'SELECT payload FROM run_payloads WHERE run_id = ? AND project_id = ?',
    runId,
    projectId,
  )
  return row === undefined ? null : fromJson<RunPayload>(row.payload)
}

export const queueStatus = (db: Connection): QueueStatus => ({
  openCount: db.get<{ depth: number | null }>('SELECT sum(depth) AS depth FROM project_queues')?.depth ?? 0,
  oldestWaitingAt:
    db.get<{ at: number | null }>("SELECT min(created_at) AS at FROM runs WHERE state = 'queued'")?.at ??
    null,
})

export const pruneIdempotencyKeys = (
  db: Connection,
  params: { idempotencyBefore: number; limit: number },
): number =>
  db.run(
    `DELETE FROM idempotency_keys WHERE (project_id, key) IN (
       SELECT project_id, key FROM idempotency_keys WHERE created_at < ? ORDER BY created_at LIMIT ?)`,
    params.idempotencyBefore,
    params.limit,
  )
