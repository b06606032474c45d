/**
 * The commit: operations, memories with their versions and index entries, the record of the step, events, the run's new state
 * and its lane, in one transaction guarded by the claim. A planned operation names the version it was decided on; if the
 * memory has moved since, or the statement exists by now, nothing at all happens and the transform has to look again.
 */

import type { Run } from '../../runs/run.ts'
import type { CommitParams, CommitResult, CommitStepParams, PlannedOperation } from '../storage.ts'
import { heldRun, insertStep } from './attempts.ts'
import { type ChangeContext, CommitConflict, changeMemory } from './change-memory.ts'
import type { Connection } from './connection.ts'
import { addCommitted, endRun } from './end-run.ts'
import { appendEvent } from './events.ts'
import { lostScope } from './groups.ts'
import { confirmMemory, retractSource } from './sources.ts'

type Changes = Pick<CommitParams, 'operations' | 'confirmations' | 'retractions'>

type Committed = Exclude<CommitResult, { kind: 'conflict' }>

/** Throws CommitConflict. */
export const commitRun = (db: Connection, params: CommitParams): Committed =>
  commitGuarded(db, params, (run) => endRun(db, run, { ...params, result: params.result ?? null }))

/** Throws CommitConflict. */
export const commitStep = (db: Connection, params: CommitStepParams): Committed =>
  commitGuarded(db, params, (run) => addCommitted(db, run, params))

const commitGuarded = (db: Connection, params: CommitStepParams, settle: (run: Run) => void): Committed => {
  const { claim, now } = params
  const run = heldRun(db, claim)
  if (run === null) return { kind: 'claim_lost' }
  if (run.cancelRequestedAt !== null) return { kind: 'cancelling' }
  const scopes = params.operations.flatMap((operation) =>
    operation.kind === 'create' ? [operation.scope] : [],
  )
  const { groupId, groupVersion: version } = run
  const lost = lostScope(db, claim.projectId, { groupId, version, scopes })
  if (lost !== null) return { kind: 'topic_gone', topic: lost.topic }
  const context = { db, projectId: claim.projectId, runId: claim.runId, now }
  applyChanges(context, params)
  if (run.undoOf !== null && isChanging(params)) noteUndone(context, run)
  insertStep(db, claim, params.step)
  settle(run)
  return { kind: 'committed' }
}

/** Throws CommitConflict. */
export const applyChanges = (context: ChangeContext, changes: Changes): void => {
  const first = nextPosition(context)
  for (const [index, operation] of changes.operations.entries())
    applyOperation(context, first + index, operation)
  for (const confirmation of changes.confirmations)
    if (!confirmMemory(context, confirmation)) throw new CommitConflict(confirmation.memoryId)
  for (const retraction of changes.retractions ?? []) retractSource(context, retraction)
}

export const isChanging = ({ operations, confirmations, retractions = [] }: Changes): boolean =>
  operations.length + confirmations.length + retractions.length > 0

/** The run that was taken back tells by which; and if that was an undo, what it had taken back is in force again. */
export const noteUndone = ({ db, projectId }: ChangeContext, undo: Run): void => {
  const [undone, undoing] = [undo.undoOf, undo.runId]
  db.run('UPDATE runs SET undone_by = ? WHERE run_id = ? AND project_id = ?', undoing, undone, projectId)
  db.run(
    `UPDATE runs SET undone_by = NULL
     WHERE run_id = (SELECT undo_of FROM runs WHERE run_id = ?1 AND project_id = ?2) AND project_id = ?2 AND undone_by = ?1`,
    undone,
    projectId,
  )
}

// A run that was tried again goes on counting after what it has committed before.
export const nextPosition = ({ db, projectId, runId }: ChangeContext): number =>
  db.get<{ next: number }>(
    'SELECT coalesce(max(position), -1) + 1 AS next FROM operations WHERE run_id = ? AND project_id = ?',
    runId,
    projectId,
  )?.next ?? 0

export const applyOperation = (
  context: ChangeContext,
  position: number,
  operation: PlannedOperation,
): void => {
  const { db, projectId, runId, now } = context
  const { before, after, topic } = changeMemory(context, operation)
  db.run(
    `INSERT INTO operations (project_id, run_id, position, kind, memory_id, before_version, after_version, committed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    projectId,
    runId,
    position,
    operation.kind,
    operation.memoryId,
    before,
    after,
    now,
  )
  appendEvent(db, {
    projectId,
    runId,
    type: memoryEvents[operation.kind],
    at: now,
    data: { memory_id: operation.memoryId, version: after, topic },
  })
}

const memoryEvents = { create: 'memory.created', update: 'memory.updated', delete: 'memory.deleted' } as const
