/** Endpoints that are told of events. */
import { isTold, type Webhook } from '../../webhooks/webhook.ts'
import type { CreateWebhookResult, WebhookChanges } from '../webhook-storage.ts'
import type { Connection } from './connection.ts'
import { fromJson } from './rows.ts'
import { refreshQueue } from './webhook-queues.ts'

type WebhookRow = {
  webhook_id: string
  run_id: string | null
  url: string
  description: string
  events: string
  user_id: string | null
  user_key: string | null
  tags: string
  secret: string
  previous_secret: string | null
  previous_secret_until: number | null
  disabled_at: number | null
  disabled_reason: string | null
  created_at: number
  updated_at: number
}

const toWebhook = (row: WebhookRow): Webhook => ({
  webhookId: row.webhook_id,
  runId: row.run_id,
  url: row.url,
  description: row.description,
  events: fromJson<string[]>(row.events),
  userId: row.user_id,
  userKey: row.user_key,
  tags: fromJson<string[]>(row.tags),
  secret: row.secret,
  previousSecret: row.previous_secret,
  previousSecretUntil: row.previous_secret_until,
  disabledAt: row.disabled_at,
  disabledReason: row.disabled_reason,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

export const listWebhooks = (db: Connection, projectId: string): Webhook[] =>
  db
    .all<WebhookRow>(
      'SELECT * FROM webhooks WHERE project_id = ? AND run_id IS NULL ORDER BY created_at, webhook_id',
      projectId,
    )
    .map(toWebhook)

/** Endpoints that could be told of such an event of the run. Looked up each time: where there is none it takes a microsecond. */
export const listening = (
  db: Connection,
  { projectId, runId, type }: { readonly projectId: string; readonly runId: string; readonly type: string },
): Webhook[] =>
  isTold(type)
    ? db
        .all<WebhookRow>(
          `SELECT * FROM webhooks WHERE project_id = ?1 AND run_id IS NULL AND disabled_at IS NULL
           UNION ALL SELECT * FROM webhooks WHERE project_id = ?1 AND run_id = ?2 AND disabled_at IS NULL`,
          projectId,
          runId,
        )
        .map(toWebhook)
    : []

/** The endpoint that the run brought along. */
export const webhookOfRun = (db: Connection, projectId: string, runId: string): Webhook | null => {
  const row = db.get<WebhookRow>(
    'SELECT * FROM webhooks WHERE project_id = ? AND run_id = ?',
    projectId,
    runId,
  )
  return row === undefined ? null : toWebhook(row)
}

export const getWebhook = (db: Connection, projectId: string, webhookId: string): Webhook | null => {
  const row = db.get<WebhookRow>(
    'SELECT * FROM webhooks WHERE project_id = ? AND webhook_id = ?',
    projectId,
    webhookId,
  )
  return row === undefined ? null : toWebhook(row)
}

export const createWebhook = (
  db: Connection,
  projectId: string,
  { webhook, countMax }: { webhook: Webhook; countMax: number },
): CreateWebhookResult => {
  const { count } = db.get<{ count: number }>(
    'SELECT count(*) AS count FROM webhooks WHERE project_id = ? AND run_id IS NULL',
    projectId,
  ) ?? { count: 0 }
  if (count >= countMax) return { kind: 'limit_reached' }
  insertWebhook(db, projectId, webhook)
  return { kind: 'created', webhook }
}

export const insertWebhook = (db: Connection, projectId: string, webhook: Webhook): void => {
  db.run(
    `INSERT INTO webhooks (project_id, webhook_id, run_id, url, description, events, user_id, user_key, tags, secret, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    projectId,
    webhook.webhookId,
    webhook.runId,
    webhook.url,
    webhook.description,
    JSON.stringify(webhook.events),
    webhook.userId,
    webhook.userKey,
    JSON.stringify(webhook.tags),
    webhook.secret,
    webhook.createdAt,
    webhook.updatedAt,
  )
}

export const updateWebhook = (
  db: Connection,
  projectId: string,
  params: { webhookId: string; changes: WebhookChanges; now: number },
): Webhook | null => {
  const { webhookId, changes, now } = params
  const before = getWebhook(db, projectId, webhookId)
  if (before === null) return null
  const {
    url = before.url,
    description = before.description,
    events = before.events,
    tags = before.tags,
  } = changes
  const user = changes.user === undefined ? before : changes.user
  const disabled = disabledBy(before, changes, now)
  db.run(
    `UPDATE webhooks SET url = ?, description = ?, events = ?, user_id = ?, user_key = ?, tags = ?, disabled_at = ?, disabled_reason = ?, updated_at = ?
     WHERE project_id = ? AND webhook_id = ?`,
    url,
    description,
    JSON.stringify(events),
    user?.userId ?? null,
    user?.userKey ?? null,
    JSON.stringify(tags),
    disabled.at,
    disabled.reason,
    now,
    projectId,
    webhookId,
  )
  refreshQueue(db, { projectId, webhookId, now })
  return getWebhook(db, projectId, webhookId)
}

const disabledBy = (before: Webhook, { enabled, disabledReason = '' }: WebhookChanges, now: number) => {
  if (enabled === true) return { at: null, reason: null }
  if (enabled === undefined || before.disabledAt !== null)
    return { at: before.disabledAt, reason: before.disabledReason }
  return { at: now, reason: disabledReason }
}

export const rotateWebhook = (
  db: Connection,
  projectId: string,
  params: { webhookId: string; secret: string; previousUntil: number; now: number },
): Webhook | null => {
  db.run(
    `UPDATE webhooks SET previous_secret = secret, previous_secret_until = ?, secret = ?, updated_at = ?
     WHERE project_id = ? AND webhook_id = ?`,
    params.previousUntil,
    params.secret,
    params.now,
    projectId,
    params.webhookId,
  )
  return getWebhook(db, projectId, params.webhookId)
}

export const removeWebhook = (db: Connection, projectId: string, webhookId: string): boolean => {
  db.run('DELETE FROM webhook_queues WHERE project_id = ? AND webhook_id = ?', projectId, webhookId)
  return db.run('DELETE FROM webhooks WHERE project_id = ? AND webhook_id = ?', projectId, webhookId) === 1
}

/** The run goes, and with it the endpoint that it brought along, with all that it was told. Answers how many there were. */
export const removeWebhookOfRun = (db: Connection, projectId: string, runId: string): number => {
  const webhook = webhookOfRun(db, projectId, runId)
  if (webhook === null) return 0
  const { webhookId } = webhook
  db.run('DELETE FROM webhook_deliveries WHERE project_id = ? AND webhook_id = ?', projectId, webhookId)
  return Number(removeWebhook(db, projectId, webhookId))
}
