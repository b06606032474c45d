/** How what waits in a buffer goes on: by its time, by somebody's word, or because nothing shall wait any more. */
import { BUFFER_OUTDATED_MS } from '../../kernel/limits.ts'
import type { Run } from '../../runs/run.ts'
import { type BufferRow, bufferColumns, findBuffer, inBuffer } from './buffer-rows.ts'
import type { Connection } from './connection.ts'
import { appendEvent } from './events.ts'
import { openLane } from './lanes.ts'

/** Answers how many runs go on. */
export const flushBuffer = (db: Connection, buffer: BufferRow, now: number): number => {
  db.run(
    "UPDATE buffers SET state = 'flushing', flush_at = NULL WHERE project_id = ? AND buffer_id = ?",
    buffer.project_id,
    buffer.buffer_id,
  )
  const members = inBuffer(db, buffer.project_id, buffer.buffer_id)
  lead(db, buffer, { leader: members[0], now })
  for (const { projectId, runId } of members)
    appendEvent(db, {
      ...{ projectId, runId, type: 'run.resumed', at: now },
      data: { step: buffer.step, members: members.length },
    })
  return members.length
}

/** The run goes on for all: it takes its place in its lane. */
export const lead = (
  db: Connection,
  buffer: BufferRow,
  { leader, now }: { leader: Run | undefined; now: number },
): void => {
  if (leader === undefined) throw new Error(`buffer ${buffer.buffer_id} is empty`)
  db.run(
    'UPDATE buffers SET leader_seq = ? WHERE project_id = ? AND buffer_id = ?',
    leader.seq,
    buffer.project_id,
    buffer.buffer_id,
  )
  db.run("UPDATE runs SET state = 'queued', updated_at = ? WHERE seq = ?", now, leader.seq)
  openLane(db, leader)
}

/** Runs that one call makes go on, about. */
const FLUSHED_COUNT_MAX = 2_000

/** Those whose time has come go on. */
export const flushDueBuffers = (db: Connection, { now, limit }: { now: number; limit: number }): void => {
  const due = db.all<BufferRow>(
    `SELECT ${bufferColumns} FROM buffers WHERE state = 'collecting' AND flush_at IS NOT NULL AND flush_at <= ? ORDER BY flush_at LIMIT ?`,
    now,
    limit,
  )
  let count = 0
  for (const buffer of due) {
    if (count >= FLUSHED_COUNT_MAX) return
    count += flushBuffer(db, buffer, now)
  }
}

/** The buffer that the run waits in goes on; answers whether it was one that collects. */
export const flushBufferOf = (db: Connection, run: Run, now: number): boolean => {
  const buffer = run.bufferId === null ? undefined : findBuffer(db, run.projectId, run.bufferId)
  if (buffer?.state !== 'collecting') return false
  flushBuffer(db, buffer, now)
  return true
}

/** All that collects in a project is due now. */
export const hurryBuffers = (db: Connection, projectId: string): void => {
  db.run("UPDATE buffers SET flush_at = 0 WHERE project_id = ? AND state = 'collecting'", projectId)
}

/** What waits for a count alone, by an earlier version of its group, does not wait for ever. */
export const hurryOutdatedBuffers = (
  db: Connection,
  projectId: string,
  { groupId, now }: { groupId: string; now: number },
): void => {
  db.run(
    `UPDATE buffers SET flush_at = ? WHERE project_id = ? AND group_id = ? AND state = 'collecting' AND flush_at IS NULL`,
    now + BUFFER_OUTDATED_MS,
    projectId,
    groupId,
  )
}
