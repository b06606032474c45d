/** Deliveries: listed, read, tried, and made again. */
import { WEBHOOK_REPLAY_COUNT_MAX } from '../kernel/limits.ts'
import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import type { Page } from '../storage/storage.ts'
import { existing, type WebhookDependencies } from './manage-webhooks.ts'
import { payloadText } from './payload.ts'
import { type Delivery, type DeliveryState, TEST_EVENT_TYPE } from './webhook.ts'

type Wake = Pick<WebhookDependencies, 'wakeDelivery'>
type DeliveryAddress = { readonly webhookId: string; readonly deliveryId: string }

/** Throws Problem `not_found`. */
export const listDeliveries = async (
  { storage }: Access,
  params: {
    readonly webhookId: string
    readonly state: DeliveryState | null
    readonly limit: number
    readonly cursor: string | null
  },
): Promise<Page<Delivery>> => {
  existing(await storage.webhooks.get(params.webhookId), params.webhookId)
  return storage.webhooks.listDeliveries(params)
}

/** Throws Problem `not_found`. */
export const getDelivery = async (
  { storage }: Access,
  address: DeliveryAddress,
): Promise<{ readonly delivery: Delivery; readonly body: string }> => {
  const webhook = await storage.webhooks.get(address.webhookId)
  const found = webhook === null ? null : await storage.webhooks.getDelivery(address)
  return found ?? unknown(address)
}

const unknown = ({ deliveryId, webhookId }: DeliveryAddress): never => {
  throw problem('not_found', `There is no delivery ${deliveryId} of a webhook ${webhookId}.`)
}

/** One attempt to deliver an event that tells nothing. Throws Problem `not_found`, `conflict` (the endpoint is disabled). */
export const testWebhook = async (
  { storage, ids, clock }: Access,
  { wakeDelivery }: Wake,
  webhookId: string,
): Promise<Delivery> => {
  existing(await storage.webhooks.get(webhookId), webhookId)
  const now = clock.now()
  const body = payloadText({ type: TEST_EVENT_TYPE, at: now, data: { webhook_id: webhookId } })
  const delivery = await storage.webhooks.addTest({ webhookId, deliveryId: ids.next(), body, now })
  if (delivery === null) throw problem('conflict', 'The webhook is disabled: enable it first.')
  wakeDelivery()
  return delivery
}

/** The delivery as it is now, pending. Throws Problem `not_found`. */
export const replayDelivery = async (
  { storage, clock }: Access,
  { wakeDelivery }: Wake,
  address: DeliveryAddress,
): Promise<Delivery> => {
  const webhook = await storage.webhooks.get(address.webhookId)
  const delivery = webhook === null ? null : await storage.webhooks.replay({ ...address, now: clock.now() })
  wakeDelivery()
  return delivery ?? unknown(address)
}

/** Makes dead deliveries pending again, the oldest first; `hasMore` when there are more than fit in one call. Throws Problem `not_found`. */
export const replayDeadDeliveries = async (
  { storage, clock }: Access,
  { wakeDelivery }: Wake,
  webhookId: string,
): Promise<{ readonly replayed: number; readonly hasMore: boolean }> => {
  existing(await storage.webhooks.get(webhookId), webhookId)
  const limit = WEBHOOK_REPLAY_COUNT_MAX
  const replayed = await storage.webhooks.replayDead({ webhookId, limit, now: clock.now() })
  wakeDelivery()
  return { replayed, hasMore: replayed === limit }
}
