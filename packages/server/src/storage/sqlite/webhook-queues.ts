/**
 * Which endpoint is next. An endpoint stands in the line while it is enabled and has deliveries to be made; `due_at` is its place:
 * when the first of them is due, or, after some were claimed and more are due, the end of the line. So endpoints take turns
 * however much waits for one of them, and a claim costs the same with one delivery waiting or a million.
 */
import type { ClaimedDelivery } from '../../webhooks/webhook.ts'
import type { DeliveryQueue } from '../webhook-storage.ts'
import type { Connection } from './connection.ts'

export type QueueKey = { readonly projectId: string; readonly webhookId: string }

/** A delivery of the endpoint is due then: the endpoint stands in the line by then, unless it is disabled. */
export const enqueue = (db: Connection, { projectId, webhookId }: QueueKey, dueAt: number): void => {
  db.run(
    `INSERT INTO webhook_queues (project_id, webhook_id, due_at)
     SELECT project_id, webhook_id, ?3 FROM webhooks WHERE project_id = ?1 AND webhook_id = ?2 AND disabled_at IS NULL
     ON CONFLICT (project_id, webhook_id) DO UPDATE SET due_at = min(due_at, excluded.due_at)`,
    projectId,
    webhookId,
    dueAt,
  )
}

/** The endpoint gets the place in the line that its deliveries give it. */
export const refreshQueue = (db: Connection, { projectId, webhookId, now }: QueueKey & { now: number }) => {
  db.run('DELETE FROM webhook_queues WHERE project_id = ? AND webhook_id = ?', projectId, webhookId)
  const dueAt = db.get<{ due_at: number | null }>(
    'SELECT min(due_at) AS due_at FROM webhook_deliveries WHERE project_id = ? AND webhook_id = ? AND due_at IS NOT NULL',
    projectId,
    webhookId,
  )?.due_at
  if (typeof dueAt === 'number') enqueue(db, { projectId, webhookId }, Math.max(now, dueAt))
}

type Claim = Parameters<DeliveryQueue['claim']>[0]

export const claimDeliveries = (db: Connection, params: Claim): ClaimedDelivery[] => {
  const { limit, rooms, roomMax, now } = params
  const full = [...rooms.values()].filter((room) => room <= 0).length
  const due = db.all<{ project_id: string; webhook_id: string }>(
    'SELECT project_id, webhook_id FROM webhook_queues WHERE due_at <= ? ORDER BY due_at LIMIT ?',
    now,
    limit + full,
  )
  const claimed: ClaimedDelivery[] = []
  for (const { project_id: projectId, webhook_id: webhookId } of due) {
    const room = Math.min(limit - claimed.length, rooms.get(webhookId) ?? roomMax)
    if (room > 0) claimed.push(...claimOf(db, { projectId, webhookId, room, ...params }))
  }
  return claimed
}

type TargetRow = {
  url: string
  secret: string
  previous_secret: string | null
  previous_secret_until: number | null
}
type ClaimedRow = {
  delivery_id: string
  claim: number
  type: string
  body: string
  attempts: number
  retry_until: number
}

const claimOf = (db: Connection, params: QueueKey & Claim & { readonly room: number }): ClaimedDelivery[] => {
  const { projectId, webhookId, room, now, leaseMs } = params
  const target = db.get<TargetRow>(
    'SELECT url, secret, previous_secret, previous_secret_until FROM webhooks WHERE project_id = ? AND webhook_id = ?',
    projectId,
    webhookId,
  )
  if (target === undefined) throw new Error(`endpoint ${webhookId} of project ${projectId} is gone`)
  const rows = db.all<ClaimedRow>(
    `UPDATE webhook_deliveries SET is_claimed = 1, claim = claim + 1, due_at = ?3
     WHERE delivery_no IN (
       SELECT delivery_no FROM webhook_deliveries
       WHERE project_id = ?1 AND webhook_id = ?2 AND due_at <= ?4 ORDER BY due_at, delivery_no LIMIT ?5)
     RETURNING delivery_id, claim, type, body, attempts, retry_until`,
    projectId,
    webhookId,
    now + leaseMs,
    now,
    room,
  )
  refreshQueue(db, { projectId, webhookId, now })
  const { url, secret, previous_secret: previous, previous_secret_until: until } = target
  const secrets = previous !== null && until !== null && until > now ? [secret, previous] : [secret]
  return rows.map((row) => ({
    projectId,
    webhookId,
    deliveryId: row.delivery_id,
    claim: row.claim,
    type: row.type,
    body: row.body,
    attempts: row.attempts,
    retryUntil: row.retry_until,
    url,
    secrets,
  }))
}

export const isDeliveryDue = (db: Connection, now: number): boolean =>
  db.get('SELECT 1 FROM webhook_queues WHERE due_at <= ? LIMIT 1', now) !== undefined

export const nextDeliveryAt = (db: Connection, now: number): number | null =>
  db.get<{ due_at: number | null }>('SELECT min(due_at) AS due_at FROM webhook_queues WHERE due_at > ?', now)
    ?.due_at ?? null

/** At start nobody but this process can hold a claim, so what was claimed is to be made again. */
export const voidDeliveryLeases = (db: Connection): void => {
  db.run(
    'UPDATE webhook_deliveries SET is_claimed = 0, due_at = coalesce(attempted_at, created_at) WHERE is_claimed = 1',
  )
  db.run('UPDATE webhook_queues SET due_at = 0')
}
