/**
 * Deliveries: one row for an event and an endpoint. Of one run and endpoint only the earliest pending one has a `due_at`; when it ends,
 * the next one gets it. So what an endpoint hears of a run it hears in order, and a claim need not look for it.
 */
import { deterministicId } from '../../kernel/ids.ts'
import { WEBHOOK_RETRY_MS } from '../../kernel/limits.ts'
import { payloadOf } from '../../webhooks/payload.ts'
import {
  asksFor,
  type ClaimedDelivery,
  type DeliveryResult,
  TEST_EVENT_TYPE,
  type Webhook,
} from '../../webhooks/webhook.ts'
import type { Guarded } from '../storage.ts'
import type { Connection } from './connection.ts'
import type { NewEvent } from './events.ts'
import { type RunViewRow, selectRunView, toRunView } from './rows.ts'
import { enqueue, type QueueKey, refreshQueue } from './webhook-queues.ts'
import { listening } from './webhooks.ts'

/** An event was written: its deliveries are, too. */
export const writeDeliveries = (db: Connection, event: NewEvent): void => {
  const webhooks = listening(db, event).filter(({ events }) => asksFor(events, event.type))
  if (webhooks.length === 0) return
  const { projectId, runId, type, at } = event
  const row = db.get<RunViewRow>(selectRunView, runId, projectId)
  if (row === undefined) return
  const view = toRunView(row)
  const body = payloadOf({ type, at, data: event.data ?? {} }, view)
  const { seq } = db.get<{ seq: number }>(
    'SELECT max(project_seq) AS seq FROM run_events WHERE project_id = ?',
    projectId,
  ) ?? { seq: 0 }
  const isMeant = ({ userKey, tags }: Webhook) =>
    (userKey === null || userKey === view.run.userKey) &&
    (tags.length === 0 || tags.some((tag) => view.run.tags.includes(tag)))
  for (const { webhookId } of webhooks.filter(isMeant)) {
    const deliveryId = deterministicId(['delivery', projectId, webhookId, String(seq)])
    const key = { projectId, webhookId }
    insertDelivery(db, key, {
      deliveryId,
      runId,
      seq,
      type,
      body,
      now: at,
      retryUntil: at + WEBHOOK_RETRY_MS,
    })
  }
}

type NewDelivery = {
  readonly deliveryId: string
  readonly runId: string | null
  readonly seq: number | null
  readonly type: string
  readonly body: string
  readonly retryUntil: number
  readonly now: number
}

const insertDelivery = (db: Connection, key: QueueKey, delivery: NewDelivery): void => {
  const { runId, now } = delivery
  const dueAt = runId !== null && firstPending(db, key, runId) !== undefined ? null : now
  db.run(
    `INSERT INTO webhook_deliveries (project_id, webhook_id, delivery_id, run_id, project_seq, type, body, state, due_at, retry_until, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?)`,
    key.projectId,
    key.webhookId,
    delivery.deliveryId,
    runId,
    delivery.seq,
    delivery.type,
    delivery.body,
    dueAt,
    delivery.retryUntil,
    now,
  )
  if (dueAt !== null) enqueue(db, key, dueAt)
}

type Pending = { delivery_no: number; delivery_id: string; due_at: number | null; is_claimed: number }

const firstPending = (
  db: Connection,
  { projectId, webhookId }: QueueKey,
  runId: string,
): Pending | undefined =>
  db.get<Pending>(
    `SELECT delivery_no, delivery_id, due_at, is_claimed FROM webhook_deliveries
     WHERE project_id = ? AND webhook_id = ? AND run_id = ? AND state = 'pending' ORDER BY delivery_no LIMIT 1`,
    projectId,
    webhookId,
    runId,
  )

/** A test is attempted once: there is nothing to lose. False when the endpoint is not there or disabled. */
export const addTestDelivery = (
  db: Connection,
  projectId: string,
  { webhookId, deliveryId, body, now }: { webhookId: string; deliveryId: string; body: string; now: number },
): boolean => {
  const isEnabled =
    db.get(
      'SELECT 1 FROM webhooks WHERE project_id = ? AND webhook_id = ? AND disabled_at IS NULL',
      projectId,
      webhookId,
    ) !== undefined
  const delivery = { deliveryId, runId: null, seq: null, type: TEST_EVENT_TYPE, body, retryUntil: now, now }
  if (isEnabled) insertDelivery(db, { projectId, webhookId }, delivery)
  return isEnabled
}

export const recordDelivery = (
  db: Connection,
  projectId: string,
  params: {
    claimed: Pick<ClaimedDelivery, 'webhookId' | 'deliveryId' | 'claim'>
    result: DeliveryResult
    now: number
  },
): Guarded => {
  const { claimed, result, now } = params
  const key = { projectId, webhookId: claimed.webhookId }
  const row = db.get<{ run_id: string | null }>(
    `UPDATE webhook_deliveries
     SET state = ?5, due_at = ?6, is_claimed = 0, attempts = attempts + 1, attempted_at = ?7, status = ?8, error = ?9, response = ?10,
         ended_at = CASE WHEN ?5 = 'pending' THEN NULL ELSE ?7 END
     WHERE project_id = ?1 AND webhook_id = ?2 AND delivery_id = ?3 AND claim = ?4 AND is_claimed = 1 RETURNING run_id`,
    projectId,
    claimed.webhookId,
    claimed.deliveryId,
    claimed.claim,
    result.state,
    result.retryAt,
    now,
    result.status,
    result.error,
    result.response,
  )
  if (row === undefined) return { kind: 'claim_lost' }
  if (row.run_id !== null) keepOrder(db, key, { runId: row.run_id, now })
  if (result.disableReason !== null) disable(db, key, { reason: result.disableReason, now })
  refreshQueue(db, { ...key, now })
  return { kind: 'done' }
}

/** Of the pending deliveries of the run the first is due, if it was not yet, and no other one is. */
const keepOrder = (db: Connection, key: QueueKey, { runId, now }: { runId: string; now: number }): void => {
  const first = firstPending(db, key, runId)
  if (first === undefined) return
  if (first.due_at === null)
    db.run('UPDATE webhook_deliveries SET due_at = ? WHERE delivery_no = ?', now, first.delivery_no)
  db.run(
    `UPDATE webhook_deliveries SET due_at = NULL
     WHERE project_id = ? AND webhook_id = ? AND run_id = ? AND state = 'pending' AND delivery_no > ? AND is_claimed = 0 AND due_at IS NOT NULL`,
    key.projectId,
    key.webhookId,
    runId,
    first.delivery_no,
  )
}

const disable = (
  db: Connection,
  { projectId, webhookId }: QueueKey,
  { reason, now }: { reason: string; now: number },
) =>
  db.run(
    'UPDATE webhooks SET disabled_at = ?, disabled_reason = ?, updated_at = ? WHERE project_id = ? AND webhook_id = ? AND disabled_at IS NULL',
    now,
    reason,
    now,
    projectId,
    webhookId,
  )

/** Answers whether there is such a delivery. One that is being attempted now stays as it is. */
export const replayDelivery = (
  db: Connection,
  projectId: string,
  { webhookId, deliveryId, now }: { webhookId: string; deliveryId: string; now: number },
): boolean => {
  const row = db.get<{ run_id: string | null }>(
    `UPDATE webhook_deliveries
     SET due_at = CASE WHEN is_claimed = 1 THEN due_at ELSE ?4 END,
         attempts = CASE WHEN state = 'pending' THEN attempts ELSE 0 END,
         retry_until = CASE WHEN run_id IS NULL THEN ?4 ELSE ?5 END, state = 'pending', ended_at = NULL
     WHERE project_id = ?1 AND webhook_id = ?2 AND delivery_id = ?3 RETURNING run_id`,
    projectId,
    webhookId,
    deliveryId,
    now,
    now + WEBHOOK_RETRY_MS,
  )
  if (row === undefined) return false
  const key = { projectId, webhookId }
  if (row.run_id !== null) keepOrder(db, key, { runId: row.run_id, now })
  refreshQueue(db, { ...key, now })
  return true
}

export const replayDead = (
  db: Connection,
  projectId: string,
  { webhookId, limit, now }: { webhookId: string; limit: number; now: number },
): number => {
  const dead = db.all<{ delivery_id: string }>(
    "SELECT delivery_id FROM webhook_deliveries WHERE project_id = ? AND webhook_id = ? AND state = 'dead' ORDER BY delivery_no LIMIT ?",
    projectId,
    webhookId,
    limit,
  )
  for (const { delivery_id: deliveryId } of dead)
    replayDelivery(db, projectId, { webhookId, deliveryId, now })
  return dead.length
}
