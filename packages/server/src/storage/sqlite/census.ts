/** Counting what is open, for who watches the server. The long line is never counted: it is what the others leave of the depth. */
import { isTerminal, type RunState, runStates } from '../../runs/run.ts'
import type { Census } from '../storage.ts'
import type { Connection } from './connection.ts'

const begunStates = runStates.filter((state) => state !== 'queued' && !isTerminal(state))

export const census = (db: Connection, { countMax }: { countMax: number }): Census => {
  const depth = db.get<{ depth: number | null }>('SELECT sum(depth) AS depth FROM project_queues')?.depth ?? 0
  const begun = begunStates.map((state) => ({ state, count: countInState(db, state, countMax) }))
  const queued = Math.max(0, depth - begun.reduce((sum, { count }) => sum + count, 0))
  return {
    openRuns: [{ state: 'queued', count: queued }, ...begun],
    pendingDeliveries: countRows(db, "SELECT 1 FROM webhook_deliveries WHERE state = 'pending' LIMIT ?", [
      countMax,
    ]),
  }
}

const countInState = (db: Connection, state: RunState, countMax: number): number =>
  countRows(
    db,
    `SELECT 1 FROM project_queues CROSS JOIN runs ON runs.project_id = project_queues.project_id AND runs.state = ?
     WHERE depth > 0 LIMIT ?`,
    [state, countMax],
  )

const countRows = (db: Connection, rows: string, values: readonly (string | number)[]): number =>
  db.get<{ count: number }>(`SELECT count(*) AS count FROM (${rows})`, ...values)?.count ?? 0
