/** A run like any other that is complete in the transaction that accepts it: it changes one memory, at once. */
import type { Memory } from '../../memories/memory.ts'
import type { InputType, Run } from '../../runs/run.ts'
import type { PlannedOperation } from '../storage.ts'
import { emptyCounts } from './accept-run.ts'
import { applyOperation } from './commit.ts'
import type { Connection } from './connection.ts'
import { appendEvent } from './events.ts'
import { toCommittedColumn } from './rows.ts'
import { existingRun } from './runs.ts'

const counted = { create: 'created', update: 'updated', delete: 'deleted' } as const

/** Throws CommitConflict. */
export const completeRun = (
  db: Connection,
  projectId: string,
  run: {
    readonly runId: string
    readonly laneId: string
    readonly inputType: InputType
    readonly memory: Memory
    /** Null when nothing is to be changed. */
    readonly operation: PlannedOperation | null
    readonly traceparent: string | null
    readonly wire: string
    readonly metadata?: Run['metadata']
    readonly now: number
  },
): Run => {
  const { runId, memory, operation, metadata = null, now } = run
  const outcome = operation === null ? 'unchanged' : 'committed'
  const change = operation === null ? 'unchanged' : counted[operation.kind]
  const counts = { ...emptyCounts(1), [change]: 1 }
  const { memoryId } = memory
  db.run(
    `INSERT INTO runs (project_id, run_id, group_id, lane_id, user_id, user_key, input_type, state, attempt, failures, outcome, counts, committed,
                       created_at, started_at, updated_at, completed_at, traceparent, wire, metadata, group_version)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'completed', 1, 0, ?8, ?9, ?10, ?11, ?11, ?11, ?11, ?12, ?13, ?14,
             (SELECT version FROM groups WHERE project_id = ?1 AND group_id = ?3))`,
    projectId,
    runId,
    memory.scope.groupId,
    run.laneId,
    memory.userId,
    memory.scope.userKey,
    run.inputType,
    outcome,
    JSON.stringify(counts),
    toCommittedColumn(operation === null ? [] : [{ kind: operation.kind, memoryId, committedAt: now }]),
    now,
    run.traceparent,
    run.wire,
    metadata === null ? null : JSON.stringify(metadata),
  )
  appendEvent(db, { projectId, runId, type: 'run.accepted', at: now, data: { inputs: 1, wire: run.wire } })
  if (operation !== null) applyOperation({ db, projectId, runId, now }, 0, operation)
  const { created, updated, deleted } = counts
  const data = { outcome, created, updated, deleted }
  appendEvent(db, { projectId, runId, type: 'run.completed', at: now, data })
  return existingRun(db, projectId, runId)
}
