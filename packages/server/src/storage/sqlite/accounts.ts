/** The API keys of projects. */
import type { ApiKey } from '../../projects/project.ts'
import type { NewKey } from '../administration.ts'
import type { Connection } from './connection.ts'
import { type KeyRow, keyColumns, toKey } from './rows.ts'

export const findKey = (db: Connection, hash: string): ApiKey | null => {
  const row = db.get<KeyRow>(`SELECT ${keyColumns} FROM api_keys WHERE hash = ? AND revoked_at IS NULL`, hash)
  return row === undefined ? null : toKey(row)
}

export const listKeys = (db: Connection, projectId: string): ApiKey[] =>
  db
    .all<KeyRow>(
      `SELECT ${keyColumns} FROM api_keys WHERE project_id = ? ORDER BY created_at, key_id`,
      projectId,
    )
    .map(toKey)

export const createKey = (db: Connection, projectId: string, key: NewKey): boolean =>
  db.run(
    'INSERT INTO api_keys (project_id, key_id, hash, prefix, name, scopes, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING',
    projectId,
    key.keyId,
    key.hash,
    key.prefix,
    key.name,
    JSON.stringify(key.scopes),
    key.createdAt,
    key.expiresAt,
  ) === 1

export const revokeKey = (
  db: Connection,
  projectId: string,
  params: { keyId: string; now: number },
): boolean =>
  db.run(
    'UPDATE api_keys SET revoked_at = ? WHERE project_id = ? AND key_id = ? AND revoked_at IS NULL',
    params.now,
    projectId,
    params.keyId,
  ) === 1

export const changeKey = (
  db: Connection,
  projectId: string,
  params: { keyId: string; name: string | null; expiresAt: number | null },
): ApiKey | null => {
  const row = db.get<KeyRow>(
    `UPDATE api_keys SET name = coalesce(?, name), expires_at = coalesce(?, expires_at)
     WHERE project_id = ? AND key_id = ? AND revoked_at IS NULL RETURNING ${keyColumns}`,
    params.name,
    params.expiresAt,
    projectId,
    params.keyId,
  )
  return row === undefined ? null : toKey(row)
}

export const rotateKey = (
  db: Connection,
  projectId: string,
  params: { keyId: string; successor: NewKey; expiresAt: number; now: number },
): boolean => {
  const isActive = db.run(
    `UPDATE api_keys SET expires_at = min(coalesce(expires_at, ?1), ?1), replaced_by = ?2
     WHERE project_id = ?3 AND key_id = ?4 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?5)`,
    params.expiresAt,
    params.successor.keyId,
    projectId,
    params.keyId,
    params.now,
  )
  return isActive === 1 && createKey(db, projectId, params.successor)
}

export const touchKey = (db: Connection, params: { projectId: string; keyId: string; now: number }): void => {
  db.run(
    'UPDATE api_keys SET last_used_at = ? WHERE project_id = ? AND key_id = ?',
    params.now,
    params.projectId,
    params.keyId,
  )
}
