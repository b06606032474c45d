/**
 * Who is next. Runs wait in lanes, one per (project, group, user); a lane is a row only while it has work, and claiming looks
 * at lanes, never at runs, so a million queued runs of one user cost what one costs.
 *
 *     (none) ──run accepted──▶ ready ──claimed──▶ active ──run ends──▶ ready, or gone when the lane is empty
 *                                ▲                  │ │
 *                                ├──lease runs out──┘ └──attempt failed──▶ parked
 *                                └──────────────────────due───────────────────┘
 *
 * Fairness is start-time fair queueing (Goyal, Vin, Cheng 1996) with every run of the same cost. A lane that becomes ready gets
 * the turn after its project's last one, but never one before the turn served now; the lowest turn is served first. So the
 * ready lanes of one project stand one turn apart, projects interleave turn by turn, and a newcomer, project or user, waits
 * for one turn of each other whatever they have queued. A claim is two look-ups in an index.
 */
import type { Connection } from './connection.ts'

export type LaneKey = { readonly projectId: string; readonly laneId: string }

const takeTurn = (db: Connection, projectId: string): number => {
  const row = db.get<{ last_turn: number }>(
    `UPDATE project_queues SET last_turn = max(last_turn, (SELECT turn FROM scheduler WHERE id = 1)) + 1
     WHERE project_id = ? RETURNING last_turn`,
    projectId,
  )
  if (row === undefined) throw new Error(`project ${projectId} has no queue`)
  return row.last_turn
}

/** A run was accepted: its lane gets a turn unless it has one or waits for something. */
export const openLane = (db: Connection, { projectId, laneId }: LaneKey): void => {
  if (db.get('SELECT 1 FROM lanes WHERE project_id = ? AND lane_id = ?', projectId, laneId) !== undefined)
    return
  db.run(
    "INSERT INTO lanes (project_id, lane_id, state, turn, due_at) VALUES (?, ?, 'ready', ?, 0)",
    projectId,
    laneId,
    takeTurn(db, projectId),
  )
}

/** The lane's run has ended: the next one of the lane gets a turn, if there is one. */
export const advanceLane = (db: Connection, lane: LaneKey): void => {
  const next = db.get(
    "SELECT 1 FROM runs WHERE project_id = ? AND lane_id = ? AND state IN ('queued', 'running') LIMIT 1",
    lane.projectId,
    lane.laneId,
  )
  if (next !== undefined) readyLane(db, lane)
  else db.run('DELETE FROM lanes WHERE project_id = ? AND lane_id = ?', lane.projectId, lane.laneId)
}

const readyLane = (db: Connection, { projectId, laneId }: LaneKey): void => {
  db.run(
    "UPDATE lanes SET state = 'ready', turn = ?, due_at = 0 WHERE project_id = ? AND lane_id = ?",
    takeTurn(db, projectId),
    projectId,
    laneId,
  )
}

/** The lane waits until `dueAt` for another attempt at its first run; its later runs wait behind it. */
export const parkLane = (db: Connection, { projectId, laneId }: LaneKey, dueAt: number): void => {
  db.run(
    "UPDATE lanes SET state = 'parked', due_at = ? WHERE project_id = ? AND lane_id = ?",
    dueAt,
    projectId,
    laneId,
  )
}

export const extendLease = (db: Connection, { projectId, laneId }: LaneKey, leaseUntil: number): void => {
  db.run('UPDATE lanes SET due_at = ? WHERE project_id = ? AND lane_id = ?', leaseUntil, projectId, laneId)
}

type LaneRow = { project_id: string; lane_id: string; turn: number }

/** Lanes whose wait is over, and those whose worker let its lease run out, get a turn. */
export const wakeDueLanes = (db: Connection, params: { now: number; limit: number }): void => {
  const due = db.all<LaneRow>(
    "SELECT project_id, lane_id, turn FROM lanes WHERE state <> 'ready' AND due_at <= ? ORDER BY due_at LIMIT ?",
    params.now,
    params.limit,
  )
  for (const row of due) readyLane(db, { projectId: row.project_id, laneId: row.lane_id })
}

/** Gives the next lanes to workers until `leaseUntil`. */
export const activateNextLanes = (
  db: Connection,
  params: { limit: number; leaseUntil: number },
): LaneKey[] => {
  const next = db.all<LaneRow>(
    "SELECT project_id, lane_id, turn FROM lanes WHERE state = 'ready' ORDER BY turn LIMIT ?",
    params.limit,
  )
  for (const row of next) {
    db.run(
      "UPDATE lanes SET state = 'active', due_at = ? WHERE project_id = ? AND lane_id = ?",
      params.leaseUntil,
      row.project_id,
      row.lane_id,
    )
  }
  const last = next.at(-1)
  if (last !== undefined) db.run('UPDATE scheduler SET turn = max(turn, ?) WHERE id = 1', last.turn)
  return next.map((row) => ({ projectId: row.project_id, laneId: row.lane_id }))
}

/** At start nobody but this process can hold a claim, so every lease left over is void. */
export const voidLeases = (db: Connection): void => {
  db.run("UPDATE lanes SET due_at = 0 WHERE state = 'active'")
}

export const nextDueAt = (db: Connection): number | null =>
  db.get("SELECT 1 FROM lanes WHERE state = 'ready' LIMIT 1") !== undefined
    ? 0
    : (db.get<{ due_at: number | null }>("SELECT min(due_at) AS due_at FROM lanes WHERE state <> 'ready'")
        ?.due_at ?? null)
