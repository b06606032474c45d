/**
 * The commit: operations, memories with their versions and index entries, the record of the step, events, the run's new state
 * and its lane, in one transaction guarded by the claim. A planned operation names the version it was decided on; if the
 * memory has moved since, or the statement exists by now, nothing at all happens and the transform has to look again.
 */

import type { Run } from '../../runs/run.ts'
import type { Companion } from '../buffer-storage.ts'
import type { CommitParams, CommitResult, CommitStepParams, PlannedOperation } from '../storage.ts'
import { heldRun, insertStep } from './attempts.ts'
import { companionsOf, forgetSharedWork, isSameCompany, removeBuffer } from './buffers.ts'
import { type Change, type ChangeContext, CommitConflict, changeMemory } from './change-memory.ts'
import type { Connection } from './connection.ts'
import { addCommitted, endRun } from './end-run.ts'
import { appendEvent } from './events.ts'
import { lostScope } from './groups.ts'
import { confirmMemory, retractSource } from './sources.ts'

type Changes = Pick<
  CommitStepParams,
  'operations' | 'confirmations' | 'retractions' | 'owners' | 'companions'
>

type Committed = Exclude<CommitResult, { kind: 'conflict' }>

/** Throws CommitConflict. */
export const commitRun = (db: Connection, params: CommitParams): Committed =>
  commitGuarded(db, params, ({ run, companions }) => {
    removeBuffer(db, run)
    forgetSharedWork(db, run, companions)
    const { now, result = null } = params
    endRun(db, { ...run, bufferId: null }, { ...params, operations: ownedBy(run, run, params), result })
    for (const { member, given } of paired(companions, params.companions)) {
      const end = { ...given, operations: ownedBy(member, run, params), result: null, now }
      endRun(db, { ...member, bufferId: null }, end)
    }
  })

/** Throws CommitConflict. */
export const commitStep = (db: Connection, params: CommitStepParams): Committed =>
  commitGuarded(db, params, ({ run, companions }) => {
    const { now } = params
    addCommitted(db, run, { ...params, operations: ownedBy(run, run, params) })
    for (const { member, given } of paired(companions, params.companions))
      addCommitted(db, member, { ...given, operations: ownedBy(member, run, params), now })
  })

/** The run of the claim, and the others that go on together with it. */
type Company = { readonly run: Run; readonly companions: readonly Run[] }

const commitGuarded = (
  db: Connection,
  params: CommitStepParams,
  settle: (company: Company) => void,
): Committed => {
  const { claim, now } = params
  const run = heldRun(db, claim)
  if (run === null) return { kind: 'claim_lost' }
  if (run.cancelRequestedAt !== null) return { kind: 'cancelling' }
  const companions = companionsOf(db, run)
  const known = new Map(companions.map((one) => [one.runId, one]))
  if (!isSameCompany(known, params.companions ?? [])) return { kind: 'company_changed' }
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
  for (const { runId, step } of params.companions ?? []) insertStep(db, { ...claim, runId }, step)
  settle({ run, companions })
  return { kind: 'committed' }
}

const paired = <Given extends Companion>(
  companions: readonly Run[],
  given: readonly Given[] = [],
): readonly { readonly member: Run; readonly given: Given }[] =>
  companions.flatMap((member) =>
    given.filter(({ runId }) => runId === member.runId).map((one) => ({ member, given: one })),
  )

const ownersOf = (
  memoryId: string,
  run: Pick<Run, 'runId'>,
  { owners }: Changes,
): readonly [string, ...string[]] => {
  const [first, ...others] = owners?.[memoryId] ?? []
  return first === undefined ? [run.runId] : [first, ...others]
}

const ownedBy = (member: Run, run: Run, changes: Changes): readonly PlannedOperation[] =>
  changes.operations.filter(({ memoryId }) => ownersOf(memoryId, run, changes).includes(member.runId))

/** Throws CommitConflict. */
export const applyChanges = (context: ChangeContext, changes: Changes): void => {
  const positions = new Map<string, number>()
  const takePosition = (runId: string) => {
    const position = positions.get(runId) ?? nextPosition({ ...context, runId })
    positions.set(runId, position + 1)
    return position
  }
  for (const operation of changes.operations) {
    // The version and the event are the first owner's; the operation is told by each.
    const [runId, ...others] = ownersOf(operation.memoryId, context, changes)
    const change = applyOperation({ ...context, runId }, takePosition(runId), operation)
    for (const other of others)
      insertOperation({ ...context, runId: other }, takePosition(other), { operation, change })
  }
  const companyIds = new Set(changes.companions?.map(({ runId }) => runId))
  for (const confirmation of changes.confirmations) {
    const { memoryId, source } = confirmation
    const runId = companyIds.has(source.runId) ? source.runId : context.runId
    if (!confirmMemory({ ...context, runId }, confirmation)) throw new CommitConflict(memoryId)
  }
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
): Change => {
  const { db, projectId, runId, now } = context
  const change = changeMemory(context, operation)
  insertOperation(context, position, { operation, change })
  appendEvent(db, {
    projectId,
    runId,
    type: memoryEvents[operation.kind],
    at: now,
    data: { memory_id: operation.memoryId, version: change.after, topic: change.topic },
  })
  return change
}

const insertOperation = (
  { db, projectId, runId, now }: ChangeContext,
  position: number,
  { operation, change }: { readonly operation: PlannedOperation; readonly change: Change },
): void => {
  db.run(
    `INSERT INTO operations (project_id, run_id, position, kind, memory_id, before_version, after_version, committed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    projectId,
    runId,
    position,
    operation.kind,
    operation.memoryId,
    change.before,
    change.after,
    now,
  )
}

const memoryEvents = { create: 'memory.created', update: 'memory.updated', delete: 'memory.deleted' } as const
