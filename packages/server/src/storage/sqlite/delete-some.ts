/** Deletions by a filter. Each is an operation like any other: in the history, among the events, to be taken back. */
import type { Claim } from '../../runs/run.ts'
import type { DeleteSomeResult } from '../erasure-storage.ts'
import type { MemoryFilter } from '../storage.ts'
import { heldRun } from './attempts.ts'
import { applyOperation, nextPosition } from './commit.ts'
import type { Connection } from './connection.ts'
import { listMemories } from './memories.ts'

/** Operations that such a run lists itself; of the others it tells the number. */
const LISTED_COUNT_MAX = 1_000

type Params = {
  readonly claim: Claim
  readonly filter: MemoryFilter
  readonly limit: number
  readonly cursor: string | null
  readonly now: number
}

export const deleteSome = (
  db: Connection,
  { claim, filter, limit, cursor, now }: Params,
): DeleteSomeResult => {
  const run = heldRun(db, claim)
  if (run === null) return { kind: 'claim_lost' }
  if (run.cancelRequestedAt !== null) return { kind: 'cancelling' }
  const { projectId, runId } = run
  const page = listMemories(db, projectId, { ...filter, limit, cursor })
  const context = { db, projectId, runId, now }
  const due = page.items.filter(({ memoryId }) => isChangedBefore(db, projectId, { memoryId, seq: run.seq }))
  const first = nextPosition(context)
  for (const [index, { memoryId, version }] of due.entries())
    applyOperation(context, first + index, { kind: 'delete', memoryId, expectedVersion: version })
  if (first < LISTED_COUNT_MAX) listOperations(db, { projectId, runId })
  return { kind: 'done', nextCursor: page.nextCursor, deleted: first + due.length }
}

/** Whether no run accepted after `seq` has made or changed the memory. */
export const isChangedBefore = (
  db: Connection,
  projectId: string,
  { memoryId, seq }: { readonly memoryId: string; readonly seq: number },
): boolean =>
  db.get(
    `SELECT 1 FROM memory_versions v JOIN runs r ON r.run_id = v.run_id AND r.project_id = v.project_id
     WHERE v.project_id = ?1 AND v.memory_id = ?2 AND r.seq > ?3
       AND v.version = (SELECT max(version) FROM memory_versions WHERE project_id = ?1 AND memory_id = ?2)`,
    projectId,
    memoryId,
    seq,
  ) === undefined

const listOperations = (
  db: Connection,
  { projectId, runId }: { readonly projectId: string; readonly runId: string },
): void => {
  db.run(
    `UPDATE runs SET committed = (
       SELECT json_group_array(json_array(o.kind, o.memory_id, o.committed_at) ORDER BY o.position)
       FROM operations o WHERE o.run_id = ?1 AND o.project_id = ?2 AND o.position < ?3) WHERE run_id = ?1 AND project_id = ?2`,
    runId,
    projectId,
    LISTED_COUNT_MAX,
  )
}
