/** Addresses that start runs, and the secrets that actions use. */
import type { Trigger } from '../../../agents/trigger.ts'
import type { Connection } from '../connection.ts'

type TriggerRow = {
  project_id: string
  trigger_id: string
  prefix: string
  name: string
  target_type: string
  target_id: string
  secret: string | null
  created_at: number
  last_used_at: number | null
}
const columns =
  'project_id, trigger_id, prefix, name, target_type, target_id, secret, created_at, last_used_at'

const toTrigger = (row: TriggerRow): Trigger => ({
  triggerId: row.trigger_id,
  name: row.name,
  prefix: row.prefix,
  // safety: written from the same union
  target: { type: row.target_type as Trigger['target']['type'], id: row.target_id },
  secret: row.secret,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
})

export const listTriggers = (db: Connection, projectId: string): Trigger[] =>
  db
    .all<TriggerRow>(
      `SELECT ${columns} FROM triggers WHERE project_id = ? ORDER BY created_at, trigger_id`,
      projectId,
    )
    .map(toTrigger)

export const createTrigger = (
  db: Connection,
  projectId: string,
  params: { trigger: Trigger; tokenHash: string; countMax: number },
): boolean => {
  const { trigger, tokenHash, countMax } = params
  const { count } = db.get<{ count: number }>(
    'SELECT count(*) AS count FROM triggers WHERE project_id = ?',
    projectId,
  ) ?? { count: 0 }
  if (count >= countMax) return false
  db.run(
    `INSERT INTO triggers (project_id, trigger_id, token_hash, prefix, name, target_type, target_id, secret, created_at, last_used_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    projectId,
    trigger.triggerId,
    tokenHash,
    trigger.prefix,
    trigger.name,
    trigger.target.type,
    trigger.target.id,
    trigger.secret,
    trigger.createdAt,
    trigger.lastUsedAt,
  )
  return true
}

export const removeTrigger = (db: Connection, projectId: string, triggerId: string): boolean =>
  db.run('DELETE FROM triggers WHERE project_id = ? AND trigger_id = ?', projectId, triggerId) === 1

export const touchTrigger = (
  db: Connection,
  projectId: string,
  { triggerId, now }: { triggerId: string; now: number },
): void => {
  db.run(
    'UPDATE triggers SET last_used_at = ? WHERE project_id = ? AND trigger_id = ?',
    now,
    projectId,
    triggerId,
  )
}

/** Not those of a project that is being removed. */
export const findTrigger = (
  db: Connection,
  tokenHash: string,
): { projectId: string; trigger: Trigger } | null => {
  const row = db.get<TriggerRow>(
    `SELECT ${columns} FROM triggers t WHERE token_hash = ?
       AND EXISTS (SELECT 1 FROM projects p WHERE p.project_id = t.project_id AND p.removed_at IS NULL)`,
    tokenHash,
  )
  return row === undefined ? null : { projectId: row.project_id, trigger: toTrigger(row) }
}

export const listSecrets = (db: Connection, projectId: string): { name: string; updatedAt: number }[] =>
  db.all('SELECT name, updated_at AS updatedAt FROM secrets WHERE project_id = ? ORDER BY name', projectId)

export const putSecret = (
  db: Connection,
  projectId: string,
  params: { name: string; value: string; countMax: number; now: number },
): boolean => {
  const { name, value, countMax, now } = params
  const { others } = db.get<{ others: number }>(
    'SELECT count(*) AS others FROM secrets WHERE project_id = ? AND name <> ?',
    projectId,
    name,
  ) ?? { others: 0 }
  if (others >= countMax) return false
  db.run(
    `INSERT INTO secrets (project_id, name, value, updated_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (project_id, name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`,
    projectId,
    name,
    value,
    now,
  )
  return true
}

export const removeSecret = (db: Connection, projectId: string, name: string): boolean =>
  db.run('DELETE FROM secrets WHERE project_id = ? AND name = ?', projectId, name) === 1

/** Those that are there; names without a secret are missing in the answer. */
export const readSecrets = (
  db: Connection,
  projectId: string,
  names: readonly string[],
): ReadonlyMap<string, string> =>
  new Map(
    db
      .all<{ name: string; value: string }>(
        'SELECT name, value FROM secrets WHERE project_id = ? AND name IN (SELECT value FROM json_each(?))',
        projectId,
        JSON.stringify(names),
      )
      .map(({ name, value }) => [name, value]),
  )
