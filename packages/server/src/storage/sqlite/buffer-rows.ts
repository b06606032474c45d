/** Reading buffers and who is in them. */
import type { Run } from '../../runs/run.ts'
import type { Connection } from './connection.ts'
import { type RunRow, toRun } from './rows.ts'

export type BufferRow = {
  project_id: string
  buffer_id: string
  step: string
  state: 'collecting' | 'flushing'
  opened_at: number
  flush_at: number | null
  count: number
  size: number
  leader_seq: number | null
}

export const bufferColumns =
  'project_id, buffer_id, step, state, opened_at, flush_at, count, size, leader_seq'

export const findBuffer = (db: Connection, projectId: string, bufferId: string): BufferRow | undefined =>
  db.get<BufferRow>(
    `SELECT ${bufferColumns} FROM buffers WHERE project_id = ? AND buffer_id = ?`,
    projectId,
    bufferId,
  )

export const inBuffer = (db: Connection, projectId: string, bufferId: string): Run[] =>
  db
    .all<RunRow>(
      'SELECT * FROM runs WHERE project_id = ? AND buffer_id = ? ORDER BY seq',
      projectId,
      bufferId,
    )
    .map(toRun)
