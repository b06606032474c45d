/**
 * Who is next. Runs wait in lanes, one per (project, group, user); a lane is a row only while it has work, and claiming looks
 * at lanes, never at runs, so a million queued runs of one user cost what one costs. A run that waits for its time
 * (`delayed_until`) is in no lane yet.
 *
 *     (none) ──run accepted──▶ ready ──claimed──▶ active ──run ends──▶ ready, or gone when the lane is empty
 *                              ▲ ▲ │                │ │
 *                              │ ├─┼──lease runs out┘ └──attempt failed──▶ parked
 *              project resumed │ └─┼────────────────────due──────────────────┘
 *                             held ◀┘ met while its project is paused
 *
 * Fairness is start-time fair queueing (Goyal, Vin, Cheng 1996) with every run of the same cost. A lane that becomes ready gets
 * the turn after its project's last one, but never one before the turn served now; the lowest turn is served first. So the
 * ready lanes of one project stand one turn apart, projects interleave turn by turn, and a newcomer, project or user, waits
 * for one turn of each other whatever they have queued. A claim is two look-ups in an index.
 *
 * Priority decides within a project only: of the runs of a lane the most urgent goes first, and when it is a project's turn its most
 * urgent lane takes the place of the lane whose turn it is. Other projects notice nothing.
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

/** A run waits in the lane: the lane gets a turn unless it has one or waits for something. */
export const openLane = (
  db: Connection,
  { projectId, laneId, priority }: LaneKey & { readonly priority: number },
): void => {
  const lane = db.get<{ state: string; priority: number }>(
    'SELECT state, priority FROM lanes WHERE project_id = ? AND lane_id = ?',
    projectId,
    laneId,
  )
  if (lane === undefined) {
    db.run(
      "INSERT INTO lanes (project_id, lane_id, state, turn, due_at, priority) VALUES (?, ?, 'ready', ?, 0, ?)",
      projectId,
      laneId,
      takeTurn(db, projectId),
      priority,
    )
  } else if (lane.priority < priority && (lane.state === 'ready' || lane.state === 'held')) {
    db.run('UPDATE lanes SET priority = ? WHERE project_id = ? AND lane_id = ?', priority, projectId, laneId)
  }
}

type Waiting = { seq: number; priority: number }

const nextWaiting = (db: Connection, { projectId, laneId }: LaneKey): Waiting | undefined =>
  db.get<Waiting>(
    `SELECT seq, priority FROM runs WHERE project_id = ? AND lane_id = ? AND state = 'queued' AND delayed_until IS NULL
     ORDER BY priority DESC, seq LIMIT 1`,
    projectId,
    laneId,
  )

/** The lane's run has ended or left it: the next one of the lane gets a turn, if there is one. */
export const advanceLane = (db: Connection, lane: LaneKey): void => {
  const next = nextWaiting(db, lane)
  if (next === undefined) removeLane(db, lane)
  else {
    db.run(
      "UPDATE lanes SET state = 'ready', turn = ?, due_at = 0, active_seq = NULL, priority = ? WHERE project_id = ? AND lane_id = ?",
      takeTurn(db, lane.projectId),
      next.priority,
      lane.projectId,
      lane.laneId,
    )
  }
}

/** A run that waited in the lane does so no more: the lane keeps its turn while others wait in it. */
export const leaveLane = (db: Connection, lane: LaneKey): void => {
  const next = nextWaiting(db, lane)
  const { projectId, laneId } = lane
  if (next === undefined) {
    db.run('DELETE FROM lanes WHERE project_id = ? AND lane_id = ? AND active_seq IS NULL', projectId, laneId)
  } else {
    db.run(
      'UPDATE lanes SET priority = ? WHERE project_id = ? AND lane_id = ? AND active_seq IS NULL',
      next.priority,
      projectId,
      laneId,
    )
  }
}

const removeLane = (db: Connection, { projectId, laneId }: LaneKey): void => {
  db.run('DELETE FROM lanes WHERE project_id = ? AND lane_id = ?', projectId, laneId)
}

/** The lane waits until `dueAt` for another attempt at its run; its later runs wait behind it. */
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

type LaneRow = {
  project_id: string
  lane_id: string
  turn: number
  priority: number
  active_seq: number | null
}

/** Lanes whose wait is over, and those whose worker let its lease run out, get a turn. Their run stays the one they work on. */
export const wakeDueLanes = (db: Connection, params: { now: number; limit: number }): void => {
  const due = db.all<Pick<LaneRow, 'project_id' | 'lane_id'>>(
    "SELECT project_id, lane_id FROM lanes WHERE state IN ('active', 'parked') AND due_at <= ? ORDER BY due_at LIMIT ?",
    params.now,
    params.limit,
  )
  for (const row of due) {
    db.run(
      "UPDATE lanes SET state = 'ready', turn = ?, due_at = 0 WHERE project_id = ? AND lane_id = ?",
      takeTurn(db, row.project_id),
      row.project_id,
      row.lane_id,
    )
  }
}

/** Lanes of paused projects that one claim puts aside at most. */
const HELD_COUNT_MAX = 1_000

export type ActiveLane = LaneKey & { readonly seq: number }

/** Gives the next lanes to workers until `leaseUntil`; answers each with the run to work on. */
export const activateNextLanes = (
  db: Connection,
  params: { limit: number; leaseUntil: number },
): ActiveLane[] => {
  const active: ActiveLane[] = []
  for (let heldCount = 0; active.length < params.limit && heldCount < HELD_COUNT_MAX; ) {
    const lane = db.get<LaneRow & { project_state: string }>(
      `SELECT project_id, lane_id, turn, priority, active_seq,
              (SELECT q.state FROM project_queues q WHERE q.project_id = lanes.project_id) AS project_state
       FROM lanes WHERE state = 'ready' ORDER BY turn LIMIT 1`,
    )
    if (lane === undefined) break
    if (lane.project_state === 'paused') {
      heldCount++
      db.run(
        "UPDATE lanes SET state = 'held' WHERE project_id = ? AND lane_id = ?",
        lane.project_id,
        lane.lane_id,
      )
    } else active.push(activate(db, letUrgentPass(db, lane), params.leaseUntil))
  }
  return active
}

/** The most urgent lane of the project, which takes the turn of the given one, or the given one itself. */
const letUrgentPass = (db: Connection, lane: LaneRow): LaneRow => {
  const urgent = db.get<LaneRow>(
    `SELECT project_id, lane_id, turn, priority, active_seq FROM lanes
     WHERE project_id = ? AND state = 'ready' AND priority > 0 AND priority > ? ORDER BY priority DESC, turn LIMIT 1`,
    lane.project_id,
    lane.priority,
  )
  if (urgent === undefined) return lane
  db.run(
    'UPDATE lanes SET turn = ? WHERE project_id = ? AND lane_id = ?',
    urgent.turn,
    lane.project_id,
    lane.lane_id,
  )
  return { ...urgent, turn: lane.turn }
}

const activate = (db: Connection, lane: LaneRow, leaseUntil: number): ActiveLane => {
  const key = { projectId: lane.project_id, laneId: lane.lane_id }
  const seq = lane.active_seq ?? nextWaiting(db, key)?.seq
  if (seq === undefined) throw new Error(`lane ${key.laneId} of project ${key.projectId} has no run`)
  db.run(
    "UPDATE lanes SET state = 'active', due_at = ?, active_seq = ? WHERE project_id = ? AND lane_id = ?",
    leaseUntil,
    seq,
    key.projectId,
    key.laneId,
  )
  db.run('UPDATE scheduler SET turn = max(turn, ?) WHERE id = 1', lane.turn)
  return { ...key, seq }
}

/** Lanes that were put aside while the project was paused get a turn each, in the order they had. */
export const releaseHeldLanes = (db: Connection, projectId: string): void => {
  const held = db.all<{ lane_id: string }>(
    "SELECT lane_id FROM lanes WHERE project_id = ? AND state = 'held' ORDER BY turn",
    projectId,
  )
  for (const { lane_id } of held) {
    db.run(
      "UPDATE lanes SET state = 'ready', turn = ? WHERE project_id = ? AND lane_id = ?",
      takeTurn(db, projectId),
      projectId,
      lane_id,
    )
  }
}

/** The turn of the lane served last. Throws when the tables are not there. */
export const readTurn = (db: Connection): number => {
  const row = db.get<{ turn: number }>('SELECT turn FROM scheduler WHERE id = 1')
  if (row === undefined) throw new Error('the scheduler has no turn')
  return row.turn
}

/** At start nobody but this process can hold a claim, so every lease left over is void. */
export const voidLeases = (db: Connection): void => {
  db.run("UPDATE lanes SET due_at = 0 WHERE state = 'active'")
}

/** When something may be there to claim, to begin, to go on, or to expire that is not now; 0 for at once. */
export const nextDueAt = (db: Connection): number | null =>
  db.get("SELECT 1 FROM lanes WHERE state = 'ready' LIMIT 1") !== undefined
    ? 0
    : (db.get<{ due_at: number | null }>(
        `SELECT min(due_at) AS due_at FROM (
           SELECT min(due_at) AS due_at FROM lanes WHERE state IN ('active', 'parked')
           UNION ALL SELECT min(delayed_until) FROM runs WHERE delayed_until IS NOT NULL
           UNION ALL SELECT min(expires_at) FROM runs WHERE expires_at IS NOT NULL
           UNION ALL SELECT min(flush_at) FROM buffers WHERE state = 'collecting' AND flush_at IS NOT NULL)`,
      )?.due_at ?? null)
