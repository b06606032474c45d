/** A backlog costs nothing: every statement about webhooks finds its rows by an index, in their order. */
import { expect, test } from 'vitest'
import { recordedPlans } from '../../testing/recorded-plans.ts'
import { temporaryConnection } from '../../testing/sqlite-connection.ts'
import { countedIds, startAt } from '../../testing/storage-factories.ts'
import type { DeliveryResult } from '../../webhooks/webhook.ts'
import { acceptRun } from './accept-run.ts'
import type { Connection } from './connection.ts'
import { appendEvent } from './events.ts'
import { putGroup } from './groups.ts'
import { createProject } from './projects.ts'
import { addTestDelivery, recordDelivery, replayDead, replayDelivery } from './webhook-deliveries.ts'
import { clearDeliveries, getDelivery, listDeliveries } from './webhook-delivery-list.ts'
import { claimDeliveries, isDeliveryDue, nextDeliveryAt } from './webhook-queues.ts'
import {
  createWebhook,
  listWebhooks,
  removeWebhook,
  rotateWebhook,
  updateWebhook,
  webhookOfRun,
} from './webhooks.ts'

const ids = countedIds()
const [projectId, groupId, webhookId, runId] = [ids.next(), ids.next(), ids.next(), ids.next()]
const key = { projectId, webhookId }
const now = startAt

const prepare = (db: Connection) => {
  createProject(db, { projectId, name: 'project', createdAt: now })
  putGroup(db, projectId, { groupId, name: 'default', topics: [], now })
  acceptRun(db, projectId, {
    runId,
    groupId,
    laneId: groupId,
    userId: null,
    userKey: null,
    inputType: 'string',
    payload: { input: { type: 'string', content: ['text'] }, properties: {} },
    inputCount: 1,
    idempotency: null,
    queueDepthMax: 10,
    now,
  })
  const webhook = {
    webhookId,
    runId: null,
    url: 'https://a.example/',
    description: '',
    events: ['*'],
    userId: null,
    userKey: null,
    tags: [],
    secret: 'whsec_',
    previousSecret: null,
    previousSecretUntil: null,
    disabledAt: null,
    disabledReason: null,
    createdAt: now,
    updatedAt: now,
  }
  createWebhook(db, projectId, { webhook, countMax: 10 })
}

const result: DeliveryResult = {
  state: 'dead',
  retryAt: null,
  status: 500,
  error: 'no',
  response: '',
  disableReason: null,
}

const claim = (db: Connection) =>
  claimDeliveries(db, { limit: 1, roomMax: 1, rooms: new Map(), leaseMs: 1_000, now })

const exercise = (db: Connection): void => {
  for (const type of ['memory.created', 'run.completed'] as const)
    appendEvent(db, { projectId, runId, type, at: now })
  isDeliveryDue(db, now)
  nextDeliveryAt(db, now)
  const [claimed] = claim(db)
  if (claimed === undefined) throw new Error('nothing was claimed')
  recordDelivery(db, projectId, { claimed, result: { ...result, disableReason: 'gone' }, now })
  updateWebhook(db, projectId, { webhookId, changes: { enabled: true }, now })
  const { deliveryId } = claimed
  replayDead(db, projectId, { webhookId, limit: 10, now })
  replayDelivery(db, projectId, { webhookId, deliveryId, now })
  addTestDelivery(db, projectId, { webhookId, deliveryId: ids.next(), body: '{}', now })
  getDelivery(db, projectId, { webhookId, deliveryId })
  for (const state of [null, 'dead'] as const)
    listDeliveries(db, projectId, { webhookId, state, limit: 10, cursor: null })
  listWebhooks(db, projectId)
  rotateWebhook(db, projectId, { webhookId, secret: 'whsec_', previousUntil: now, now })
  clearDeliveries(db, projectId, { webhookId, limit: 1 })
  webhookOfRun(db, projectId, runId)
  removeWebhook(db, projectId, webhookId)
}

test('no statement reads a table from end to end, or sorts more than the endpoints of a project', () => {
  using db = temporaryConnection('migrated')
  prepare(db)
  const plans = recordedPlans(db, exercise)
  expect(plans.length).toBeGreaterThan(20)
  for (const [sql, plan] of plans) {
    expect(
      plan.filter((detail) => /^SCAN (?!CONSTANT)/.test(detail)),
      sql,
    ).toEqual([])
    if (!/FROM webhooks/.test(sql))
      expect(
        plan.filter((detail) => detail.includes('B-TREE')),
        sql,
      ).toEqual([])
  }
})

test('a delivery is claimed and recorded as fast with fifty thousand waiting as with fifty', () => {
  using db = temporaryConnection('migrated')
  prepare(db)
  const fill = (count: number) => {
    db.run(
      `INSERT INTO webhook_deliveries (project_id, webhook_id, delivery_id, run_id, type, body, state, due_at, retry_until, created_at)
       WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?3)
       SELECT ?1, ?2, lower(hex(randomblob(16))), lower(hex(randomblob(16))), 'run.completed', '{}', 'pending', ?4, ?4, ?4 FROM n`,
      projectId,
      webhookId,
      count,
      now,
    )
    updateWebhook(db, projectId, { webhookId, changes: {}, now })
  }
  const medianMs = () => {
    const times: number[] = []
    for (let n = 0; n < 49; n++) {
      const before = performance.now()
      const [claimed] = claim(db)
      if (claimed === undefined) throw new Error('nothing was claimed')
      recordDelivery(db, key.projectId, { claimed, result, now })
      times.push(performance.now() - before)
    }
    return times.sort((a, b) => a - b)[24] ?? 0
  }
  const ratio = db.transact(() => {
    fill(50)
    const few = medianMs()
    fill(50_000)
    return medianMs() / few
  })
  expect(ratio).toBeLessThan(5)
})
