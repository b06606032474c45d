/** Keys of runs: the same request once more gives the run that it gave before, unless the rule of the key says otherwise. */
import type { AcceptResult, RunKey } from '../storage.ts'
import type { Connection } from './connection.ts'

type KeyRow = { readonly digest: string; readonly run_id: string; readonly created_at: number }

const findKey = (db: Connection, projectId: string, key: string): KeyRow | undefined =>
  db.get<KeyRow>(
    'SELECT digest, run_id, created_at FROM idempotency_keys WHERE project_id = ? AND key = ?',
    projectId,
    key,
  )

/** What a request with this key is answered instead of being accepted; null when it is to be accepted. */
export const findIdempotent = (
  db: Connection,
  projectId: string,
  { idempotency }: { readonly idempotency: RunKey | null },
): Extract<AcceptResult, { kind: 'replayed' | 'idempotency_mismatch' }> | null => {
  if (idempotency === null) return null
  const earlier = findKey(db, projectId, idempotency.key)
  if (earlier === undefined || isRenewed(db, earlier, idempotency)) return null
  return earlier.digest === idempotency.digest
    ? { kind: 'replayed', runId: earlier.run_id }
    : { kind: 'idempotency_mismatch' }
}

const isRenewed = (db: Connection, earlier: KeyRow, { digest, renew = {} }: RunKey): boolean => {
  const { acceptedBefore, isFailed = false, isOther = false } = renew
  if (acceptedBefore !== undefined && earlier.created_at < acceptedBefore) return true
  if (isOther && earlier.digest !== digest) return true
  return isFailed && hasFailed(db, earlier.run_id)
}

const hasFailed = (db: Connection, runId: string): boolean =>
  db.get("SELECT 1 FROM runs WHERE run_id = ? AND state IN ('failed', 'partial', 'cancelled')", runId) !==
  undefined

export const rememberKey = (
  db: Connection,
  projectId: string,
  { key, digest, isKept = false, runId, now }: RunKey & { readonly runId: string; readonly now: number },
): void => {
  db.run(
    'INSERT OR REPLACE INTO idempotency_keys (project_id, key, digest, run_id, created_at, is_kept) VALUES (?, ?, ?, ?, ?, ?)',
    projectId,
    key,
    digest,
    runId,
    now,
    Number(isKept),
  )
}

export const findRunByKey = (
  db: Connection,
  projectId: string,
  key: string,
): { readonly runId: string; readonly digest: string; readonly acceptedAt: number } | null => {
  const row = findKey(db, projectId, key)
  return row === undefined ? null : { runId: row.run_id, digest: row.digest, acceptedAt: row.created_at }
}

export const pruneKeys = (
  db: Connection,
  { idempotencyBefore, limit }: { readonly idempotencyBefore: number; readonly limit: number },
): number =>
  db.run(
    `DELETE FROM idempotency_keys WHERE (project_id, key) IN (
       SELECT project_id, key FROM idempotency_keys WHERE is_kept = 0 AND created_at < ? ORDER BY created_at LIMIT ?)`,
    idempotencyBefore,
    limit,
  )
