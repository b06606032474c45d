/** Giving one memory another text by its id. */
import type { EditParams, EditResult } from '../taking-back.ts'
import { CommitConflict } from './change-memory.ts'
import { completeRun } from './completed-run.ts'
import type { Connection } from './connection.ts'
import { getMemory } from './memories.ts'
import { findIdempotent, rememberKey } from './run-keys.ts'

/** Throws CommitConflict. */
export const editMemory = (
  db: Connection,
  projectId: string,
  params: EditParams,
): Exclude<EditResult, { kind: 'conflict' }> => {
  const { runId, idempotency, now } = params
  const earlier = findIdempotent(db, projectId, params)
  if (earlier !== null) return earlier
  const memory = getMemory(db, projectId, params.memoryId)
  if (memory === null) throw new CommitConflict(params.memoryId)
  const run = completeRun(db, projectId, { ...params, inputType: 'edit', memory })
  if (idempotency !== null) rememberKey(db, projectId, { ...idempotency, runId, now })
  return { kind: 'done', run }
}
