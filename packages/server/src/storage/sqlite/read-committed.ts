/** What a run has committed, as it must be known to take it back. */
import type { Source } from '../../memories/memory.ts'
import type { CommittedChange, CommittedSource, CommittedWork } from '../taking-back.ts'
import type { Connection } from './connection.ts'
import { fromJson } from './rows.ts'

export const readCommitted = (db: Connection, projectId: string, runId: string): CommittedWork => ({
  changes: db.all<CommittedChange>(
    `SELECT kind, memory_id AS memoryId, before_version AS before, after_version AS after FROM operations
     WHERE run_id = ? AND project_id = ? ORDER BY position`,
    runId,
    projectId,
  ),
  sources: db
    .all<{ kind: CommittedSource['kind']; memory_id: string; source: string; dropped: string | null }>(
      `SELECT kind, memory_id, source, dropped FROM run_confirmations
       WHERE run_id = ? AND project_id = ? ORDER BY confirmation_no`,
      runId,
      projectId,
    )
    .map((row) => ({
      kind: row.kind,
      memoryId: row.memory_id,
      source: fromJson<Source>(row.source),
      dropped: row.dropped === null ? null : fromJson<Source>(row.dropped),
    })),
})
