import type { Connection } from './connection.ts'
import { removeWebhookOfRun } from './webhooks.ts'

/**
 * Removes a run that has ended, with everything that is kept of it. What it made stays: memories and their versions go on naming
 * it as their source. A key that is not kept with it must be gone by then.
 */
export const removeRun = (
  db: Connection,
  projectId: string,
  { runId, seq }: { readonly runId: string; readonly seq: number },
): void => {
  // The plus keeps SQLite from looking through the whole project: run_events has an index that begins with each of the two.
  for (const table of ['run_payloads', 'run_steps', 'operations', 'run_events'])
    db.run(`DELETE FROM ${table} WHERE run_id = ? AND +project_id = ?`, runId, projectId)
  db.run('DELETE FROM idempotency_keys WHERE project_id = ? AND run_id = ? AND is_kept = 1', projectId, runId)
  removeWebhookOfRun(db, projectId, runId)
  const { tags } = db.get<{ tags: string | null }>('SELECT tags FROM runs WHERE seq = ?', seq) ?? {
    tags: null,
  }
  if (tags !== null)
    db.run(
      'DELETE FROM run_tags WHERE project_id = ?1 AND tag IN (SELECT value FROM json_each(?2)) AND seq = ?3',
      projectId,
      tags,
      seq,
    )
  db.run('DELETE FROM runs WHERE seq = ?', seq)
}
