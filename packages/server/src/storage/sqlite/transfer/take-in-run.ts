import { canonicalJson } from '../../../kernel/json.ts'
import { isTerminal, type RunState } from '../../../runs/run.ts'
import type { RunArrival } from '../../transfer.ts'
import type { Connection } from '../connection.ts'
import { getGroup } from '../groups.ts'
import { openLane } from '../lanes.ts'
import {
  confirmationColumns,
  eventColumns,
  operationColumns,
  runColumns,
  stepColumns,
  toValues,
} from './columns.ts'
import { readRun } from './read-records.ts'
import type { Taken } from './take-in.ts'

/** A run that has ended comes as it was. One that has not waits here, and goes on from its last finished step. */
export const takeInRun = (db: Connection, projectId: string, arrival: RunArrival): Taken => {
  const { record } = arrival
  const known = readRun(db, projectId, record.run_id)
  if (known !== null)
    return canonicalJson(known) === canonicalJson(record)
      ? 'unchanged'
      : { conflict: 'a run of this id is there, and is another' }
  // safety: checked before it was handed in
  const isOpen = !isTerminal(record.run.state as RunState)
  insertRun(db, projectId, { ...arrival, isOpen })
  for (const step of stepsOf(record))
    insertRow(db, projectId, { table: 'run_steps', columns: stepColumns, row: step, arrival })
  for (const row of record.operations)
    insertRow(db, projectId, { table: 'operations', columns: operationColumns, row, arrival })
  for (const row of record.confirmations)
    insertRow(db, projectId, { table: 'run_confirmations', columns: confirmationColumns, row, arrival })
  for (const row of record.events) insertEvent(db, projectId, row, record.run_id)
  if (record.payload !== null)
    db.run(
      'INSERT INTO run_payloads (run_id, project_id, payload) VALUES (?, ?, ?)',
      record.run_id,
      projectId,
      JSON.stringify(record.payload),
    )
  if (isOpen) enqueue(db, projectId, arrival)
  return 'created'
}

/** A run that waited in a buffer comes to it anew: those it waited with are not here. */
const stepsOf = ({ run, steps }: RunArrival['record']): RunArrival['record']['steps'] => {
  const last = run.state === 'buffered' ? steps.findLastIndex(({ type }) => type === 'buffer') : -1
  return steps.filter((_, index) => index !== last)
}

const insertRun = (
  db: Connection,
  projectId: string,
  { record, groupId, laneId, userKey, isOpen }: RunArrival & { readonly isOpen: boolean },
): void => {
  const waiting = isOpen
    ? {
        state: 'queued',
        retry_at: null,
        deadline_at: null,
        expires_at: null,
        delayed_until: null,
        cancel_requested_at: null,
      }
    : {}
  const version = Number(record.run.group_version)
  const group = getGroup(db, projectId, { groupId, version }) ?? getGroup(db, projectId, { groupId })
  const run = { ...record.run, ...waiting, group_version: group?.version ?? version }
  const columns = ['project_id', 'run_id', 'group_id', 'lane_id', 'user_id', 'user_key', ...runColumns]
  db.run(
    `INSERT INTO runs (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    projectId,
    record.run_id,
    groupId,
    laneId,
    record.user_id,
    userKey,
    ...toValues(run, runColumns),
  )
  db.run(
    `INSERT INTO run_tags (project_id, tag, seq) SELECT DISTINCT r.project_id, t.value, r.seq FROM runs r, json_each(r.tags) t
     WHERE r.run_id = ? AND r.project_id = ? AND r.tags IS NOT NULL`,
    record.run_id,
    projectId,
  )
}

type Insert = {
  readonly table: string
  readonly columns: readonly string[]
  readonly row: Readonly<Record<string, unknown>>
  readonly arrival: RunArrival
}

const insertRow = (db: Connection, projectId: string, { table, columns, row, arrival }: Insert): void => {
  db.run(
    `INSERT INTO ${table} (project_id, run_id, ${columns.join(', ')}) VALUES (?, ?, ${columns.map(() => '?').join(', ')})`,
    projectId,
    arrival.record.run_id,
    ...toValues(row, columns),
  )
}

/** Events have happened: they get the next numbers of this project, and nobody is told of them. */
const insertEvent = (
  db: Connection,
  projectId: string,
  row: Readonly<Record<string, unknown>>,
  runId: string,
): void => {
  db.run(
    `INSERT INTO run_events (project_id, project_seq, run_id, ${eventColumns.join(', ')}) VALUES (
       ?1, max((SELECT coalesce(max(project_seq), 0) FROM run_events WHERE project_id = ?1),
               (SELECT event_floor FROM project_queues WHERE project_id = ?1)) + 1, ?2, ?3, ?4, ?5, ?6)`,
    projectId,
    runId,
    ...toValues(row, eventColumns),
  )
}

const enqueue = (db: Connection, projectId: string, { laneId, record }: RunArrival): void => {
  db.run('UPDATE project_queues SET depth = depth + 1 WHERE project_id = ?', projectId)
  openLane(db, { projectId, laneId, priority: Number(record.run.priority) })
}
