/** The webhooks' part of the engine: which work is read, which is written, and which must be synced before it is answered. */
import type { DeliveryQueue, WebhookStorage } from '../webhook-storage.ts'
import type { Connection } from './connection.ts'
import type { GroupCommit } from './group-commit.ts'
import { addTestDelivery, recordDelivery, replayDead, replayDelivery } from './webhook-deliveries.ts'
import { clearDeliveries, getDelivery, listDeliveries } from './webhook-delivery-list.ts'
import { claimDeliveries, isDeliveryDue, nextDeliveryAt } from './webhook-queues.ts'
import * as webhooks from './webhooks.ts'

type Parts = { readonly db: Connection; readonly commit: GroupCommit }

export const webhookStorage = ({ db, commit }: Parts, projectId: string): WebhookStorage => ({
  list: async () => webhooks.listWebhooks(db, projectId),
  ofRun: async (runId) => webhooks.webhookOfRun(db, projectId, runId),
  get: async (webhookId) => webhooks.getWebhook(db, projectId, webhookId),
  create: (params) => commit.write('durable', () => webhooks.createWebhook(db, projectId, params)),
  update: (params) => commit.write('durable', () => webhooks.updateWebhook(db, projectId, params)),
  rotate: (params) => commit.write('durable', () => webhooks.rotateWebhook(db, projectId, params)),
  remove: (webhookId) => commit.write('durable', () => webhooks.removeWebhook(db, projectId, webhookId)),
  clear: (params) => commit.write('relaxed', () => clearDeliveries(db, projectId, params)),

  addTest: (params) =>
    commit.write('durable', () =>
      addTestDelivery(db, projectId, params) ? deliveryOf(db, projectId, params) : null,
    ),
  listDeliveries: async (params) => listDeliveries(db, projectId, params),
  getDelivery: async (params) => getDelivery(db, projectId, params),
  replay: (params) =>
    commit.write('durable', () =>
      replayDelivery(db, projectId, params) ? deliveryOf(db, projectId, params) : null,
    ),
  replayDead: (params) => commit.write('durable', () => replayDead(db, projectId, params)),
  record: (params) => commit.write('relaxed', () => recordDelivery(db, projectId, params)),
})

const deliveryOf = (db: Connection, projectId: string, key: { webhookId: string; deliveryId: string }) =>
  getDelivery(db, projectId, key)?.delivery ?? null

export const deliveryQueue = ({ db, commit }: Parts): DeliveryQueue => ({
  claim: async (params) => {
    if (!isDeliveryDue(db, params.now)) return []
    const claimed = await commit.write('relaxed', () => claimDeliveries(db, params))
    // All that tells of an end or a change is synced by what wrote it. The rest is synced now, because it will be told.
    if (claimed.some(({ type }) => type === 'run.buffered')) await commit.readSynced(() => undefined)
    return claimed
  },
  nextDueAt: async (now) => nextDeliveryAt(db, now),
})
