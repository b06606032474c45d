/** Runs that wait for an instant rather than for their turn: to begin after a delay, or to be given up when they expire. */
import type { Connection } from './connection.ts'
import { endRun, expired } from './end-run.ts'
import { openLane } from './lanes.ts'
import { type RunRow, toRun } from './rows.ts'

type Due = { readonly now: number; readonly limit: number }

/** Those whose delay is over take their place in their lane, which is the one they would have had without it. */
export const releaseDelayedRuns = (db: Connection, { now, limit }: Due): void => {
  const due = db.all<{ seq: number; project_id: string; lane_id: string; priority: number }>(
    `SELECT seq, project_id, lane_id, priority FROM runs
     WHERE delayed_until IS NOT NULL AND delayed_until <= ? ORDER BY delayed_until LIMIT ?`,
    now,
    limit,
  )
  for (const { seq, project_id: projectId, lane_id: laneId, priority } of due) {
    db.run('UPDATE runs SET delayed_until = NULL, updated_at = ? WHERE seq = ?', now, seq)
    openLane(db, { projectId, laneId, priority })
  }
}

/** Those that were not started in time are cancelled. */
export const expireRuns = (db: Connection, { now, limit }: Due): void => {
  const due = db.all<RunRow>(
    'SELECT * FROM runs WHERE expires_at IS NOT NULL AND expires_at <= ? ORDER BY expires_at LIMIT ?',
    now,
    limit,
  )
  for (const row of due) {
    const run = toRun(row)
    endRun(db, run, expired(run, now))
  }
}
