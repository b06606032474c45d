/** What people ask of runs that were accepted: to be cancelled, tried again, or listed as failed no more. */
import { isTerminal } from '../../runs/run.ts'
import type { RequeueResult, SteerResult } from '../storage.ts'
import type { Connection } from './connection.ts'
import { cancelled, cancelOpenRun, endRun } from './end-run.ts'
import { appendEvent } from './events.ts'
import { openLane } from './lanes.ts'
import { growQueue } from './queues.ts'
import { type RunRow, toRun } from './rows.ts'
import { existingRun, findRun } from './runs.ts'

type Cancel = { readonly runId: string; readonly reason: string | null; readonly now: number }

/** A run that nobody works on ends at once; one in hand is asked to end. What has ended stays as it is. */
export const cancelRun = (db: Connection, projectId: string, params: Cancel): SteerResult => {
  const run = findRun(db, projectId, params.runId)
  if (run === null) return { kind: 'unknown' }
  // Half an erasure would be a promise broken.
  if (isTerminal(run.state) || run.inputType === 'erase') return { kind: 'unchanged', run }
  if (!cancelOpenRun(db, run, params)) return { kind: 'unchanged', run }
  return { kind: 'done', run: existingRun(db, projectId, params.runId) }
}

/** Waiting runs that one add may supersede. */
const SUPERSEDED_COUNT_MAX = 1_000

/** Cancels what waits in a lane; answers false, and does nothing, when that is too much for one transaction. */
export const cancelWaiting = (
  db: Connection,
  projectId: string,
  params: { readonly laneId: string; readonly reason: string; readonly now: number },
): boolean => {
  const waiting = db.all<RunRow>(
    `SELECT * FROM runs WHERE project_id = ?1 AND lane_id = ?2 AND state = 'queued' AND delayed_until IS NULL AND buffer_id IS NULL
     UNION ALL SELECT * FROM runs WHERE project_id = ?1 AND lane_id = ?2 AND delayed_until IS NOT NULL LIMIT ?3`,
    projectId,
    params.laneId,
    SUPERSEDED_COUNT_MAX + 1,
  )
  if (waiting.length > SUPERSEDED_COUNT_MAX) return false
  for (const row of waiting) {
    const run = toRun(row)
    endRun(db, run, cancelled(run, params))
  }
  return true
}

/** Opens an ended run again: the same run, its next attempt, from the first step whose output is missing or named as void. */
export const requeueRun = (
  db: Connection,
  projectId: string,
  params: {
    readonly runId: string
    readonly voidSteps: readonly string[]
    readonly queueDepthMax: number
    readonly now: number
  },
): RequeueResult => {
  const { now } = params
  const run = findRun(db, projectId, params.runId)
  if (run === null) return { kind: 'unknown' }
  if (!isTerminal(run.state) || run.state === 'completed') return { kind: 'unchanged', run }
  if (!growQueue(db, projectId, params.queueDepthMax)) return { kind: 'no_room', run }
  db.run(
    `UPDATE run_steps SET is_void = 1 WHERE run_id = ? AND project_id = ? AND name IN (SELECT value FROM json_each(?))`,
    run.runId,
    projectId,
    JSON.stringify(params.voidSteps),
  )
  db.run(
    `UPDATE runs SET state = 'queued', failures = 0, attempt_base = attempt, retry_at = NULL, outcome = NULL, error = NULL, result = NULL,
       cancel_requested_at = NULL, cancel_reason = NULL, dismissed_at = NULL, completed_at = NULL, updated_at = ? WHERE seq = ?`,
    now,
    run.seq,
  )
  openLane(db, run)
  appendEvent(db, { projectId, runId: run.runId, type: 'run.requeued', at: now, data: { from: run.state } })
  return { kind: 'done', run: existingRun(db, projectId, run.runId) }
}

/** A failure that somebody has seen is listed as such no more; the run stays what it is. */
export const dismissRun = (
  db: Connection,
  projectId: string,
  { runId, now }: { runId: string; now: number },
): SteerResult => {
  const run = findRun(db, projectId, runId)
  if (run === null) return { kind: 'unknown' }
  const isDismissible = (run.state === 'failed' || run.state === 'partial') && run.dismissedAt === null
  if (!isDismissible) return { kind: 'unchanged', run }
  db.run('UPDATE runs SET dismissed_at = ?, updated_at = ? WHERE seq = ?', now, now, run.seq)
  appendEvent(db, { projectId, runId, type: 'run.dismissed', at: now })
  return { kind: 'done', run: existingRun(db, projectId, runId) }
}
