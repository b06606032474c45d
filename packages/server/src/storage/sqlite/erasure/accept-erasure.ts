/**
 * The beginning of the erasure of a user, in the transaction that accepts it. The user's open runs end, so nothing of them is committed
 * afterwards; and the user's partitions and scopes get another name, so nothing that was said before is found any more, and what
 * the user says from now on is begun anew and not touched. The name has a control character, which no user's has.
 */
import { isTerminal } from '../../../runs/run.ts'
import type { AcceptErasureResult } from '../../erasure-storage.ts'
import { acceptRun } from '../accept-run.ts'
import type { Connection } from '../connection.ts'
import { cancelled, endRun } from '../end-run.ts'
import { hasUser } from '../groups.ts'
import { hideConversationsOfUser } from '../remove-conversations.ts'
import { existingRun } from '../runs.ts'
import { cancelRun } from '../steering.ts'
import { insertErasure } from './erasure.ts'

type Params = {
  readonly runId: string
  readonly groupId: string
  readonly userKey: string
  readonly timeoutMs: number
  readonly queueDepthMax: number
  readonly now: number
}

export const acceptErasure = (db: Connection, projectId: string, params: Params): AcceptErasureResult => {
  const { runId, groupId, userKey, now } = params
  if (!hasUser(db, projectId, userKey)) return { kind: 'unknown_user' }
  const importing = db.get<{ run_id: string }>(
    `SELECT run_id FROM runs WHERE project_id = ?
       AND input_type NOT IN ('conversation', 'string', 'pre_extracted') AND input_type = 'import' AND completed_at IS NULL LIMIT 1`,
    projectId,
  )
  if (importing !== undefined) return { kind: 'import_open', runId: importing.run_id }
  const accepted = acceptRun(db, projectId, {
    runId,
    groupId,
    laneId: `erase:${runId}`,
    userId: null,
    userKey: null,
    inputType: 'erase',
    payload: { input: { type: 'erase', filter: null }, properties: {} },
    inputCount: 1,
    idempotency: null,
    queueDepthMax: params.queueDepthMax,
    options: { timeoutMs: params.timeoutMs },
    now,
  })
  if (accepted.kind !== 'accepted') return { ...accepted, cancelledRunIds: [] }
  const cancelledRunIds = endOpenRuns(db, projectId, { userKey, now })
  const alias = `\u0001${runId}`
  rename(db, projectId, { userKey, alias })
  hideConversationsOfUser(db, projectId, { userKey, alias, now })
  const { seq } = existingRun(db, projectId, runId)
  insertErasure(db, { projectId, runId, seq, userKey, alias, filter: null })
  return { ...accepted, cancelledRunIds }
}

const REASON = 'the user is being erased'

const endOpenRuns = (
  db: Connection,
  projectId: string,
  { userKey, now }: { userKey: string; now: number },
): readonly string[] => {
  const open = db.all<{ run_id: string }>(
    `SELECT run_id FROM runs WHERE project_id = ? AND user_key = ? AND completed_at IS NULL`,
    projectId,
    userKey,
  )
  return open.map(({ run_id }) => endNow(db, projectId, { runId: run_id, now }))
}

/** Ends a run whether somebody works on it or not; who does has lost the claim by that. Answers its id. */
export const endNow = (
  db: Connection,
  projectId: string,
  { runId, now }: { runId: string; now: number },
): string => {
  cancelRun(db, projectId, { runId, reason: REASON, now })
  const run = existingRun(db, projectId, runId)
  if (!isTerminal(run.state)) endRun(db, run, cancelled(run, { reason: REASON, now }))
  return runId
}

const rename = (
  db: Connection,
  projectId: string,
  { userKey, alias }: { userKey: string; alias: string },
): void => {
  const partitions = `SELECT p.partition_no FROM groups g
    JOIN partitions p ON p.project_id = g.project_id AND p.group_id = g.group_id AND p.user_key = ?2 WHERE g.project_id = ?1`
  db.run(
    `UPDATE scopes SET user_key = ?3 WHERE user_key = ?2 AND partition_no IN (${partitions})`,
    projectId,
    userKey,
    alias,
  )
  db.run(
    `UPDATE partitions SET user_key = ?3 WHERE partition_no IN (${partitions})`,
    projectId,
    userKey,
    alias,
  )
}
