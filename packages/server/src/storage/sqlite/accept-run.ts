/** Accepting a run: its row, its input, its place in its lane and its first event, or the reason why not. */
import { defaultRunOptions, type RunCounts, type RunOptions } from '../../runs/run.ts'
import type { AcceptResult, NewRun } from '../storage.ts'
import type { Connection } from './connection.ts'
import { recordConversation, refusedRecording } from './conversations.ts'
import { appendEvent } from './events.ts'
import { seeUser } from './groups.ts'
import { openLane } from './lanes.ts'
import { explainFullQueue, growQueue } from './queues.ts'
import { findIdempotent, rememberKey } from './run-keys.ts'
import { cancelWaiting } from './steering.ts'
import { insertWebhook } from './webhooks.ts'

export const acceptRun = (db: Connection, projectId: string, run: NewRun): AcceptResult => {
  const { recording, now } = run
  if (recording === undefined) return acceptAlone(db, projectId, run)
  const refused = refusedRecording(db, projectId, recording)
  if (refused !== null) return refused
  const accepted = acceptAlone(db, projectId, run)
  if (accepted.kind === 'accepted' || accepted.kind === 'replayed')
    recordConversation(db, projectId, { ...recording, now })
  return accepted
}

const acceptAlone = (db: Connection, projectId: string, run: NewRun): AcceptResult => {
  const earlier = findIdempotent(db, projectId, run)
  if (earlier !== null) return earlier
  const busy = settleConflict(db, projectId, run)
  if (busy !== null) return busy
  if (!growQueue(db, projectId, run.queueDepthMax)) return explainFullQueue(db, projectId)
  const options = { ...defaultRunOptions, ...run.options }
  insertRun(db, projectId, { ...run, options })
  if (options.delayedUntil === null) openLane(db, { projectId, laneId: run.laneId, ...options })
  return { kind: 'accepted', runId: run.runId }
}

/** Lets the run's rule decide about what the lane holds; answers why the run is refused, if it is. */
const settleConflict = (db: Connection, projectId: string, run: NewRun): AcceptResult | null => {
  if (run.onConflict === undefined || run.onConflict === 'enqueue') return null
  if (run.onConflict === 'reject') {
    const open = db.get<{ run_id: string }>(
      `SELECT run_id FROM runs WHERE seq = coalesce(
         (SELECT active_seq FROM lanes WHERE project_id = ?1 AND lane_id = ?2),
         (SELECT seq FROM runs WHERE project_id = ?1 AND lane_id = ?2 AND state = 'queued' AND delayed_until IS NULL LIMIT 1),
         (SELECT seq FROM runs WHERE project_id = ?1 AND lane_id = ?2 AND delayed_until IS NOT NULL LIMIT 1))`,
      projectId,
      run.laneId,
    )
    return open === undefined ? null : { kind: 'scope_busy', runId: open.run_id }
  }
  const reason = `superseded by run ${run.runId}`
  const isSettled = cancelWaiting(db, projectId, { laneId: run.laneId, reason, now: run.now })
  return isSettled ? null : { kind: 'too_many_to_supersede' }
}

type CompleteRun = NewRun & { readonly options: RunOptions }

const insertRun = (db: Connection, projectId: string, run: CompleteRun): void => {
  const { now, options } = run
  const userId =
    run.userKey === null || run.userId === null
      ? null
      : seeUser(db, projectId, { userKey: run.userKey, userId: run.userId, now })
  const row = db.get<{ seq: number }>(
    `INSERT INTO runs (project_id, run_id, group_id, lane_id, user_id, user_key, input_type, state, attempt, failures, counts, created_at, updated_at,
                       priority, delayed_until, expires_at, timeout_ms, dry_run, tags, metadata, traceparent, wire, replay_of, undo_of, group_version,
                       parent_run_id, subject_id, conversation_id)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'queued', 0, 0, ?8, ?9, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
             coalesce(?21, (SELECT version FROM groups WHERE project_id = ?1 AND group_id = ?3), 1), ?22, ?23, ?24) RETURNING seq`,
    projectId,
    run.runId,
    run.groupId,
    run.laneId,
    userId,
    run.userKey,
    run.inputType,
    JSON.stringify(emptyCounts(run.inputCount)),
    now,
    options.priority,
    options.delayedUntil,
    options.expiresAt,
    options.timeoutMs,
    Number(options.dryRun),
    options.tags.length === 0 ? null : JSON.stringify(options.tags),
    options.metadata === null ? null : JSON.stringify(options.metadata),
    options.traceparent,
    options.wire,
    options.replayOf,
    options.undoOf,
    run.groupVersion ?? null,
    options.parentRunId,
    options.subjectId,
    options.conversationId,
  )
  if (row === undefined) throw new Error(`run ${run.runId} was not inserted`)
  for (const tag of options.tags)
    db.run(
      'INSERT INTO run_tags (project_id, tag, seq, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      projectId,
      tag,
      row.seq,
      run.now,
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
    data: { inputs: run.inputCount, wire: options.wire },
  })
  if (run.webhook !== undefined) insertWebhook(db, projectId, run.webhook)
  if (run.idempotency !== null) rememberKey(db, projectId, { ...run.idempotency, runId: run.runId, now })
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
