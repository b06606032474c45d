/** Deleting one memory by its id: a run like any other, complete in the transaction that accepts it. */
import type { Run } from '../../runs/run.ts'
import { emptyCounts } from './accept-run.ts'
import { applyOperation } from './commit.ts'
import type { Connection } from './connection.ts'
import { appendEvent } from './events.ts'
import { getMemory } from './memories.ts'
import { toCommittedColumn } from './rows.ts'
import { existingRun } from './runs.ts'

export const deleteMemory = (
  db: Connection,
  projectId: string,
  params: { runId: string; memoryId: string; laneId: string; traceparent?: string | null; now: number },
): Run | null => {
  const { runId, memoryId, laneId, traceparent = null, now } = params
  const memory = getMemory(db, projectId, memoryId)
  if (memory === null) return null
  db.run(
    `INSERT INTO runs (project_id, run_id, group_id, lane_id, user_id, user_key, input_type, state, attempt, failures, outcome, counts, committed,
                       created_at, started_at, updated_at, completed_at, traceparent, group_version)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'delete', 'completed', 1, 0, 'committed', ?7, ?8, ?9, ?9, ?9, ?9, ?10,
             (SELECT version FROM groups WHERE project_id = ?1 AND group_id = ?3))`,
    projectId,
    runId,
    memory.scope.groupId,
    laneId,
    memory.userId,
    memory.scope.userKey,
    JSON.stringify({ ...emptyCounts(1), deleted: 1 }),
    toCommittedColumn([{ kind: 'delete', memoryId, committedAt: now }]),
    now,
    traceparent,
  )
  appendEvent(db, { projectId, runId, type: 'run.accepted', at: now, data: { inputs: 1 } })
  applyOperation({ db, projectId, runId, now }, 0, {
    kind: 'delete',
    memoryId,
    expectedVersion: memory.version,
  })
  appendEvent(db, {
    projectId,
    runId,
    type: 'run.completed',
    at: now,
    data: { outcome: 'committed', created: 0, updated: 0, deleted: 1 },
  })
  return existingRun(db, projectId, runId)
}
