/** Reading deliveries, and removing those of an endpoint that is gone. */
import type { Delivery, DeliveryState } from '../../webhooks/webhook.ts'
import type { Page } from '../storage.ts'
import type { Connection } from './connection.ts'

type DeliveryRow = {
  delivery_no: number
  delivery_id: string
  webhook_id: string
  run_id: string | null
  project_seq: number | null
  type: string
  state: string
  due_at: number | null
  is_claimed: number
  attempts: number
  attempted_at: number | null
  status: number | null
  error: string | null
  response: string | null
  created_at: number
  ended_at: number | null
}

const columns =
  'delivery_no, delivery_id, webhook_id, run_id, project_seq, type, state, due_at, is_claimed, attempts, attempted_at, status, error, response, created_at, ended_at'

const toDelivery = (row: DeliveryRow): Delivery => ({
  deliveryId: row.delivery_id,
  webhookId: row.webhook_id,
  type: row.type,
  runId: row.run_id,
  projectSeq: row.project_seq,
  // safety: written from the same union
  state: row.state as DeliveryState,
  attempts: row.attempts,
  // While an attempt is under way, `due_at` is the end of its lease.
  nextAttemptAt: row.is_claimed === 1 ? null : row.due_at,
  lastAttemptAt: row.attempted_at,
  lastStatus: row.status,
  lastError: row.error,
  lastResponse: row.response,
  createdAt: row.created_at,
  endedAt: row.ended_at,
})

export const listDeliveries = (
  db: Connection,
  projectId: string,
  params: { webhookId: string; state: DeliveryState | null; limit: number; cursor: string | null },
): Page<Delivery> => {
  const before = params.cursor === null ? Number.MAX_SAFE_INTEGER : Number(params.cursor)
  const rows =
    params.state === null
      ? db.all<DeliveryRow>(
          `SELECT ${columns} FROM webhook_deliveries
           WHERE project_id = ? AND webhook_id = ? AND delivery_no < ? ORDER BY delivery_no DESC LIMIT ?`,
          projectId,
          params.webhookId,
          before,
          params.limit + 1,
        )
      : db.all<DeliveryRow>(
          `SELECT ${columns} FROM webhook_deliveries
           WHERE project_id = ? AND webhook_id = ? AND state = ? AND delivery_no < ? ORDER BY delivery_no DESC LIMIT ?`,
          projectId,
          params.webhookId,
          params.state,
          before,
          params.limit + 1,
        )
  const page = rows.slice(0, params.limit)
  const isLast = rows.length <= params.limit
  return { items: page.map(toDelivery), nextCursor: isLast ? null : String(page.at(-1)?.delivery_no) }
}

export const getDelivery = (
  db: Connection,
  projectId: string,
  { webhookId, deliveryId }: { webhookId: string; deliveryId: string },
): { delivery: Delivery; body: string } | null => {
  const row = db.get<DeliveryRow & { body: string }>(
    `SELECT ${columns}, body FROM webhook_deliveries WHERE project_id = ? AND webhook_id = ? AND delivery_id = ?`,
    projectId,
    webhookId,
    deliveryId,
  )
  return row === undefined ? null : { delivery: toDelivery(row), body: row.body }
}

export const clearDeliveries = (
  db: Connection,
  projectId: string,
  { webhookId, limit }: { webhookId: string; limit: number },
): number =>
  db.run(
    `DELETE FROM webhook_deliveries WHERE delivery_no IN (
       SELECT delivery_no FROM webhook_deliveries WHERE project_id = ? AND webhook_id = ? ORDER BY delivery_no LIMIT ?)`,
    projectId,
    webhookId,
    limit,
  )
