/** The commit of a dry run that has ended: what it planned, if all that it decided on is as it was. */
import type { PlannedCommit, PlannedCommitResult } from '../taking-back.ts'
import { insertStep } from './attempts.ts'
import { applyChanges, isChanging, noteUndone } from './commit.ts'
import type { Connection } from './connection.ts'
import { addCommitted } from './end-run.ts'
import { appendEvent } from './events.ts'
import { lostScope } from './groups.ts'
import { findRun } from './runs.ts'

/** Throws CommitConflict. */
export const commitPlanned = (
  db: Connection,
  projectId: string,
  params: PlannedCommit,
): Exclude<PlannedCommitResult, { kind: 'conflict' }> => {
  const { runId, operations, outcome, counts, now } = params
  const run = findRun(db, projectId, runId)
  if (run === null || run.outcome !== 'planned') return { kind: 'not_planned' }
  const scopes = operations.flatMap((operation) => (operation.kind === 'create' ? [operation.scope] : []))
  const lost = lostScope(db, projectId, { groupId: run.groupId, version: run.groupVersion, scopes })
  if (lost !== null) return { kind: 'topic_gone', topic: lost.topic }
  const context = { db, projectId, runId, now }
  applyChanges(context, params)
  if (run.undoOf !== null && isChanging(params)) noteUndone(context, run)
  insertStep(
    db,
    { projectId, runId },
    {
      ...{ name: 'commit', type: 'commit', attempt: run.attempt, status: 'completed' },
      ...{ startedAt: now, completedAt: now, output: null, error: null },
    },
  )
  addCommitted(db, run, { counts, operations, now })
  db.run('UPDATE runs SET outcome = ? WHERE seq = ?', outcome, run.seq)
  const { created, updated, deleted } = counts
  const data = { outcome, created, updated, deleted }
  appendEvent(db, { projectId, runId, type: 'run.committed', at: now, data })
  return { kind: 'committed' }
}
