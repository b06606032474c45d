/** Reading runs. */
import type { Charge } from '../../agents/credits.ts'
import type { ModelUse } from '../../models/model.ts'
import type { RunPayload } from '../../runs/input.ts'
import type { RecordedStep, Run, RunView, StepRecord } from '../../runs/run.ts'
import type { QueueStatus } from '../storage.ts'
import type { Connection } from './connection.ts'
import { fromJson, type RunRow, type RunViewRow, selectRunView, toRun, toRunView } from './rows.ts'

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
  is_void: number
  use: string | null
  charge: string | null
}

export const listSteps = (db: Connection, projectId: string, runId: string): RecordedStep[] =>
  db
    .all<StepRow>(
      `SELECT name, type, attempt, status, started_at, completed_at, output, error, is_void, use, charge FROM run_steps
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
      isVoid: row.is_void === 1,
      ...(row.use !== null && { use: fromJson<ModelUse>(row.use) }),
      ...(row.charge !== null && { charge: fromJson<Charge>(row.charge) }),
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
  // Run after run of a paused project may wait as long as it likes, and so may one that is not due.
  oldestWaitingAt:
    db.get<{ at: number | null }>(
      `SELECT min((SELECT min(r.created_at) FROM runs r
                   WHERE r.project_id = q.project_id AND r.state = 'queued' AND r.delayed_until IS NULL AND r.attempt = 0)) AS at
       FROM project_queues q WHERE q.state <> 'paused' AND q.depth > 0`,
    )?.at ?? null,
})
