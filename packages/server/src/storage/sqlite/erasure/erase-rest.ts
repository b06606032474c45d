/** What is left of a user when memories and runs are gone: names. */
import type { Connection } from '../connection.ts'
import type { Erasure, Work } from './erasure.ts'

export const eraseRest: Work = (db, erasure) => {
  const { projectId, userKey, alias } = erasure
  if (userKey === null || alias === null) return { cursor: null, erased: {} }
  const partitions = `SELECT p.partition_no FROM groups g
    JOIN partitions p ON p.project_id = g.project_id AND p.group_id = g.group_id AND p.user_key = ?2 WHERE g.project_id = ?1`
  for (const table of ['postings', 'documents'])
    db.run(`DELETE FROM ${table} WHERE partition_no IN (${partitions})`, projectId, alias)
  const scopes = db.run(`DELETE FROM scopes WHERE partition_no IN (${partitions})`, projectId, alias)
  db.run(`DELETE FROM partitions WHERE partition_no IN (${partitions})`, projectId, alias)
  const webhooks = eraseWebhooks(db, { projectId, userKey })
  return { cursor: null, erased: { scopes, webhooks, users: eraseUser(db, erasure, userKey) } }
}

/** Endpoints that are told of this user alone, with what they were told. */
const eraseWebhooks = (
  db: Connection,
  { projectId, userKey }: { projectId: string; userKey: string },
): number => {
  const own = 'SELECT webhook_id FROM webhooks WHERE project_id = ?1 AND user_key = ?2'
  for (const table of ['webhook_deliveries', 'webhook_queues'])
    db.run(`DELETE FROM ${table} WHERE project_id = ?1 AND webhook_id IN (${own})`, projectId, userKey)
  return db.run('DELETE FROM webhooks WHERE project_id = ? AND user_key = ?', projectId, userKey)
}

/** Somebody who has said something since is a user of the project from then on. */
const eraseUser = (db: Connection, { projectId, seq }: Erasure, userKey: string): number => {
  const { since } = db.get<{ since: number | null }>(
    `SELECT min(at) AS since FROM (
       SELECT min(created_at) AS at FROM runs WHERE project_id = ?1 AND user_key = ?2 AND seq > ?3
       UNION ALL SELECT min(created_at) FROM conversations WHERE project_id = ?1 AND user_key = ?2)`,
    projectId,
    userKey,
    seq,
  ) ?? { since: null }
  if (since === null)
    return db.run('DELETE FROM users WHERE project_id = ? AND user_key = ?', projectId, userKey)
  db.run('UPDATE users SET created_at = ? WHERE project_id = ? AND user_key = ?', since, projectId, userKey)
  return 0
}
