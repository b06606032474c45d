/**
 * Buffers: runs of one scope that wait for each other at a step of their pipeline.
 *
 *     (none) ──first run joins──▶ collecting ──count, age, idle time, or somebody's word──▶ flushing ──the leader ends──▶ (none)
 *                                  ▲       │                                                  │   ▲
 *                                  └─joins─┘                                                  └───┘ the leader is cancelled: the next one leads
 *
 * A run that joins leaves its lane, so the next one of the lane can join too. When the buffer flushes, its first run takes a place in
 * its lane again and goes on for all; the others are `buffered` until it ends, and end with it. Who comes later opens another buffer.
 * A run leaves alone when it is cancelled. The row counts its runs, and goes with the last of them.
 */

import { toIsoOrNull } from '../../kernel/clock.ts'
import { canonicalJson } from '../../kernel/json.ts'
import { BUFFER_COUNT_MAX, BUFFER_OUTDATED_MS, BUFFER_STATEMENT_COUNT_MAX } from '../../kernel/limits.ts'
import type { Trigger } from '../../projects/pipeline.ts'
import type { Run } from '../../runs/run.ts'
import type { BufferScope } from '../buffer-storage.ts'
import { type BufferRow, bufferColumns, inBuffer } from './buffer-rows.ts'
import type { Connection } from './connection.ts'
import { appendEvent } from './events.ts'
import { flushBuffer, lead } from './flush-buffer.ts'
import { getQueue } from './queues.ts'
import { toUserColumn } from './rows.ts'

/** The other runs that go on together with this one. */
export const companionsOf = (db: Connection, run: Run): readonly Run[] =>
  run.bufferId === null
    ? []
    : inBuffer(db, run.projectId, run.bufferId).filter(({ runId }) => runId !== run.runId)

/**
 * What a run worked out for others is not kept with it when they are other users: who is erased must not stay in somebody else's
 * journal. Nothing goes on from it any more.
 */
export const forgetSharedWork = (db: Connection, run: Run, companions: readonly Run[]): void => {
  if (companions.every(({ userKey }) => userKey === run.userKey)) return
  db.run(
    `UPDATE run_steps SET output = NULL WHERE run_id = ? AND project_id = ? AND attempt > ? AND type IN ('transform', 'commit')`,
    run.runId,
    run.projectId,
    run.attemptBase,
  )
}

export const isSameCompany = (
  company: ReadonlyMap<string, unknown>,
  named: readonly { readonly runId: string }[],
): boolean => named.length === company.size && named.every(({ runId }) => company.has(runId))

export type Entry = {
  readonly step: string
  readonly trigger: Trigger
  readonly scope: BufferScope
  /** Of the buffer, if it opens one. */
  readonly bufferId: string
  readonly now: number
}

/** The run, which is in no lane and no buffer, waits in the one that is open, or opens one; and flushes it when it is full now. */
export const enterBuffer = (db: Connection, run: Run, entry: Entry): void => {
  const { trigger, now, step } = entry
  const { buffer_id: bufferId, opened_at, flush_at } = openBuffer(db, run, entry)
  const flushAt = flushTime(db, run, { trigger, openedAt: opened_at, flushAt: flush_at, now })
  const buffer = db.get<BufferRow>(
    `UPDATE buffers SET count = count + 1, size = size + ?, last_at = ?, flush_at = ?
     WHERE project_id = ? AND buffer_id = ? RETURNING ${bufferColumns}`,
    run.counts.candidates,
    now,
    flushAt,
    run.projectId,
    bufferId,
  )
  if (buffer === undefined) throw new Error(`buffer ${bufferId} is gone`)
  db.run(
    `UPDATE runs SET state = 'buffered', buffer_id = ?, counts = ?, attempt_base = attempt, failures = 0, retry_at = NULL, deadline_at = NULL,
       error = NULL, updated_at = ? WHERE seq = ?`,
    bufferId,
    JSON.stringify(run.counts),
    now,
    run.seq,
  )
  appendEvent(db, {
    ...{ projectId: run.projectId, runId: run.runId, type: 'run.buffered', at: now },
    data: { step, count: buffer.count, flush_at: toIsoOrNull(flushAt) },
  })
  const countMax = Math.min(trigger.count ?? BUFFER_COUNT_MAX, BUFFER_COUNT_MAX)
  const isFull = buffer.count >= countMax || buffer.size >= BUFFER_STATEMENT_COUNT_MAX
  if (isFull || getQueue(db, run.projectId).state === 'draining') flushBuffer(db, buffer, now)
}

/** What is due goes on without whoever comes after. */
const openBuffer = (db: Connection, run: Run, entry: Entry): BufferRow => {
  const { step, scope, now, bufferId } = entry
  const key = [
    ...[run.projectId, run.groupId, toUserColumn(scope.userKey), canonicalJson(scope.properties)],
    ...[step, run.groupVersion],
  ] as const
  const open = db.get<BufferRow>(
    `SELECT ${bufferColumns} FROM buffers WHERE project_id = ? AND group_id = ? AND user_key = ? AND properties = ? AND step = ?
       AND group_version = ? AND state = 'collecting'`,
    ...key,
  )
  if (open !== undefined && (open.flush_at === null || open.flush_at > now)) return open
  if (open !== undefined) flushBuffer(db, open, now)
  const opened = db.get<BufferRow>(
    `INSERT INTO buffers (project_id, group_id, user_key, properties, step, group_version, buffer_id, trigger_when, state, opened_at, last_at, count, size)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'collecting', ?9, ?9, 0, 0) RETURNING ${bufferColumns}`,
    ...key,
    bufferId,
    JSON.stringify(entry.trigger),
    now,
  )
  if (opened === undefined) throw new Error(`buffer ${bufferId} was not opened`)
  return opened
}

type Timing = {
  readonly trigger: Trigger
  readonly openedAt: number
  readonly flushAt: number | null
  readonly now: number
}

const flushTime = (db: Connection, run: Run, { trigger, openedAt, flushAt, now }: Timing): number | null => {
  const { ageMs, idleMs } = trigger
  const times = [...(ageMs === null ? [] : [openedAt + ageMs]), ...(idleMs === null ? [] : [now + idleMs])]
  if (times.length > 0) return Math.min(...times)
  // Nobody new comes to a pipeline of yesterday, so a count alone may never be reached.
  const current = db.get<{ version: number }>(
    'SELECT version FROM groups WHERE project_id = ? AND group_id = ?',
    run.projectId,
    run.groupId,
  )
  return current?.version === run.groupVersion ? null : (flushAt ?? now + BUFFER_OUTDATED_MS)
}

/** The run is in its buffer no more, and has ended: the others stay, and if it led them, the next one does. */
export const leaveBuffer = (db: Connection, run: Run, now: number): void => {
  if (run.bufferId === null) return
  const buffer = db.get<BufferRow>(
    `UPDATE buffers SET count = count - 1, size = size - ? WHERE project_id = ? AND buffer_id = ? RETURNING ${bufferColumns}`,
    run.counts.candidates,
    run.projectId,
    run.bufferId,
  )
  if (buffer === undefined) throw new Error(`buffer ${run.bufferId} of run ${run.runId} is gone`)
  // It has not passed the buffer: when it is tried again, it waits again.
  if (buffer.state === 'collecting')
    db.run(
      'UPDATE run_steps SET is_void = 1 WHERE run_id = ? AND project_id = ? AND name = ?',
      run.runId,
      run.projectId,
      buffer.step,
    )
  const leader = inBuffer(db, run.projectId, run.bufferId).find(({ seq }) => seq === buffer.leader_seq)
  if (leader !== undefined) forgetSharedWork(db, leader, [run])
  if (buffer.count === 0) removeBuffer(db, run)
  if (buffer.count === 0 || buffer.leader_seq !== run.seq) return
  const [next] = inBuffer(db, run.projectId, run.bufferId)
  lead(db, buffer, { leader: next, now })
  if (next === undefined) return
  appendEvent(db, {
    ...{ projectId: run.projectId, runId: next.runId, type: 'run.resumed', at: now },
    data: { step: buffer.step, members: buffer.count },
  })
}

/** The runs of a buffer are together no more: they end, or wait elsewhere. */
export const removeBuffer = (db: Connection, { projectId, bufferId }: Run): void => {
  if (bufferId !== null)
    db.run('DELETE FROM buffers WHERE project_id = ? AND buffer_id = ?', projectId, bufferId)
}
