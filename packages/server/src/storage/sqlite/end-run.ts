/** How a run reaches a terminal state, whatever brought it there: its row, its place in the queue and its last event. */
import type { Operation, Run, RunError } from '../../runs/run.ts'
import { leaveBuffer } from './buffers.ts'
import type { Connection } from './connection.ts'
import { appendEvent } from './events.ts'
import { advanceLane, leaveLane } from './lanes.ts'
import { fromJson, type RunRow, toCommittedColumn, toRun } from './rows.ts'

export type RunEnd = Pick<Run, 'outcome' | 'error' | 'counts' | 'result'> & {
  readonly state: 'completed' | 'partial' | 'failed' | 'cancelled'
  /** What it has committed since it was last asked; added to what its row tells already. */
  readonly operations: readonly Pick<Operation, 'kind' | 'memoryId'>[]
  readonly now: number
}

export const endRun = (db: Connection, run: Run, end: RunEnd): void => {
  db.run(
    `UPDATE runs SET state = ?, outcome = ?, error = ?, counts = ?, committed = ?, result = ?, retry_at = NULL, delayed_until = NULL,
       expires_at = NULL, deadline_at = NULL, buffer_id = NULL, updated_at = ?, completed_at = ? WHERE seq = ?`,
    end.state,
    end.outcome,
    end.error === null ? null : JSON.stringify(end.error),
    JSON.stringify(end.counts),
    committedColumn(db, run, end),
    end.result === null ? null : JSON.stringify(end.result),
    end.now,
    end.now,
    run.seq,
  )
  db.run('UPDATE project_queues SET depth = depth - 1 WHERE project_id = ?', run.projectId)
  if (run.state === 'queued') leaveLane(db, run)
  else if (run.state === 'running') advanceLane(db, run)
  const { created, updated, deleted } = end.counts
  appendEvent(db, {
    projectId: run.projectId,
    runId: run.runId,
    type: `run.${end.state}`,
    at: end.now,
    data: {
      outcome: end.outcome,
      created,
      updated,
      deleted,
      ...(end.error !== null && { error: end.error }),
    },
  })
  leaveBuffer(db, run, end.now)
  cancelChildren(db, run, { reason: `run ${run.runId}, which asked for it, has ended`, now: end.now })
}

type Wish = { readonly reason: string | null; readonly now: number }

/**
 * A run that nobody works on ends at once; one in hand is asked to end, and with it those it waits for. False: it was asked before.
 */
export const cancelOpenRun = (db: Connection, run: Run, wish: Wish): boolean => {
  if (run.state !== 'running' || run.retryAt !== null) {
    endRun(db, run, cancelled(run, wish))
    return true
  }
  if (run.cancelRequestedAt !== null) return false
  const { reason, now } = wish
  db.run(
    'UPDATE runs SET cancel_requested_at = ?, cancel_reason = ?, updated_at = ? WHERE seq = ?',
    now,
    reason,
    now,
    run.seq,
  )
  const data = reason === null ? {} : { reason }
  appendEvent(db, { projectId: run.projectId, runId: run.runId, type: 'run.cancelling', at: now, data })
  cancelChildren(db, run, wish)
  return true
}

/** Nobody waits any more for what a run has asked others for. Only agents and tools ask. */
const cancelChildren = (db: Connection, run: Run, wish: Wish): void => {
  if (run.inputType !== 'agent' && run.inputType !== 'tool') return
  const rows = db.all<RunRow>(
    'SELECT * FROM runs WHERE project_id = ? AND parent_run_id = ? AND completed_at IS NULL',
    run.projectId,
    run.runId,
  )
  for (const row of rows) cancelOpenRun(db, toRun(row), wish)
}

/** What a run has committed on its way: its row tells it as soon as it is so. */
export const addCommitted = (
  db: Connection,
  run: Run,
  commit: Pick<RunEnd, 'counts' | 'operations' | 'now'>,
): void => {
  db.run(
    'UPDATE runs SET counts = ?, committed = ?, updated_at = ? WHERE seq = ?',
    JSON.stringify(commit.counts),
    committedColumn(db, run, commit),
    commit.now,
    run.seq,
  )
}

export const hasCommitted = (db: Connection, run: Run): boolean =>
  (db.get<{ n: number }>(
    "SELECT json_array_length(coalesce(committed, '[]')) AS n FROM runs WHERE seq = ?",
    run.seq,
  )?.n ?? 0) > 0

const committedColumn = (db: Connection, run: Run, end: Pick<RunEnd, 'operations' | 'now'>): string => {
  const added = end.operations.map(({ kind, memoryId }) => ({ kind, memoryId, committedAt: end.now }))
  const earlier =
    db.get<{ committed: string | null }>('SELECT committed FROM runs WHERE seq = ?', run.seq)?.committed ??
    null
  if (earlier === null || earlier === '[]') return toCommittedColumn(added)
  return JSON.stringify([...fromJson<unknown[]>(earlier), ...fromJson<unknown[]>(toCommittedColumn(added))])
}

/** The end of a run by somebody's wish. Who reads only the four old words reads `failed`, so the error says what it was. */
export const cancelled = (run: Run, { reason, now }: { reason: string | null; now: number }): RunEnd => {
  const detail = reason === null ? 'cancelled' : `cancelled: ${reason}`
  const error: RunError = { stage: 'processing', code: 'cancelled', detail }
  return {
    state: 'cancelled',
    outcome: null,
    error,
    counts: run.counts,
    operations: [],
    result: run.result,
    now,
  }
}

/** The end of a run that was not started in time. */
export const expired = (run: Run, now: number): RunEnd => {
  const detail = 'cancelled: it was not started in time'
  return { ...cancelled(run, { reason: null, now }), error: { stage: 'processing', code: 'expired', detail } }
}
