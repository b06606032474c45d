import type { ProjectEvent } from '../../runs/event-filter.ts'
import { type EventType, isProgress, type RunEvent } from '../../runs/run.ts'
import type { Connection } from './connection.ts'
import { fromJson } from './rows.ts'
import { writeDeliveries } from './webhook-deliveries.ts'
import { listening } from './webhooks.ts'

export type NewEvent = {
  readonly projectId: string
  readonly runId: string
  readonly type: EventType
  readonly at: number
  readonly data?: Readonly<Record<string, unknown>>
}

/**
 * Both numbers are one more than the greatest so far: transactions that write are one after the other here, so none is given twice.
 * Nor is one given again after its event was removed: the project keeps the greatest that is gone (016_retention.sql), and of a run
 * that is there the newest event always stays.
 */
export const appendEvent = (db: Connection, event: NewEvent): void => {
  if (!isWritten(db, event)) return
  db.run(
    `INSERT INTO run_events (project_id, project_seq, run_id, seq, type, at, data) VALUES (
       ?1, 1 + max((SELECT coalesce(max(project_seq), 0) FROM run_events WHERE project_id = ?1),
                  (SELECT event_floor FROM project_queues WHERE project_id = ?1)),
       ?2, (SELECT coalesce(max(seq), 0) + 1 FROM run_events WHERE run_id = ?2 AND project_id = ?1), ?3, ?4, ?5)`,
    event.projectId,
    event.runId,
    event.type,
    event.at,
    JSON.stringify(event.data ?? {}),
  )
  db.tell({ projectId: event.projectId, runId: event.runId, type: event.type })
  writeDeliveries(db, event)
}

// What a webhook asks for is written in any case: its delivery goes with the event.
const isWritten = (db: Connection, event: NewEvent): boolean =>
  db.eventDetail === 'all' || !isProgress(event.type) || listening(db, event).length > 0

type EventRow = { run_id: string; seq: number; project_seq: number; type: string; at: number; data: string }

export const listEvents = (
  db: Connection,
  projectId: string,
  params: { runId: string; after: number; limit: number },
): RunEvent[] =>
  db
    .all<EventRow>(
      `SELECT run_id, seq, project_seq, type, at, data FROM run_events
       WHERE run_id = ? AND project_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
      params.runId,
      projectId,
      params.after,
      params.limit,
    )
    .map(toEvent)

type ProjectEventRow = EventRow & { user_id: string | null; user_key: string | null; tags: string | null }

export const listProjectEvents = (
  db: Connection,
  projectId: string,
  params: { after: number; limit: number },
): ProjectEvent[] =>
  db
    .all<ProjectEventRow>(
      `SELECT e.run_id, e.seq, e.project_seq, e.type, e.at, e.data, r.user_id, r.user_key, r.tags
       FROM run_events e LEFT JOIN runs r ON r.run_id = e.run_id AND r.project_id = e.project_id
       WHERE e.project_id = ? AND e.project_seq > ? ORDER BY e.project_seq LIMIT ?`,
      projectId,
      params.after,
      params.limit,
    )
    .map((row) => ({
      ...toEvent(row),
      userId: row.user_id,
      userKey: row.user_key,
      tags: row.tags === null ? [] : fromJson<string[]>(row.tags),
    }))

export const lastProjectSeq = (db: Connection, projectId: string): number =>
  db.get<{ seq: number | null }>(
    'SELECT max(project_seq) AS seq FROM run_events WHERE project_id = ?',
    projectId,
  )?.seq ?? 0

const toEvent = (row: EventRow): RunEvent => ({
  runId: row.run_id,
  seq: row.seq,
  projectSeq: row.project_seq,
  // safety: written from the same union
  type: row.type as EventType,
  at: row.at,
  data: fromJson<Record<string, unknown>>(row.data),
})
