/** Webhooks over the API, for tests: making one, and waiting for what becomes of its deliveries. */
import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Received } from './receiver.ts'
import type { TestApp } from './test-app.ts'

export type WebhookBody = {
  readonly webhook_id: string
  readonly secret: string
  readonly enabled: boolean
  readonly disabled_reason: string | null
}

export type DeliveryBody = {
  readonly delivery_id: string
  readonly type: string
  readonly run_id: string | null
  readonly state: string
  readonly attempts: number
  readonly next_attempt_at: string | null
  readonly last_status: number | null
  readonly last_error: string | null
  readonly last_response: string | null
}

type Api = Pick<TestApp, 'request'>

export const makeWebhook = async (app: Api, url: string, members: object = {}): Promise<WebhookBody> => {
  const { status, text, body } = await app.request<WebhookBody>('POST', '/v1/webhooks', { url, ...members })
  if (status !== 201) throw new Error(`the webhook was answered ${status}: ${text}`)
  return body
}

export const deliveriesOf = async (
  app: Api,
  { webhook_id }: WebhookBody,
  query = '?limit=100',
): Promise<readonly DeliveryBody[]> =>
  (await app.request<{ deliveries: DeliveryBody[] }>('GET', `/v1/webhooks/${webhook_id}/deliveries${query}`))
    .body.deliveries

const POLL_MS = 5
const WAIT_MS_MAX = 20_000

/** The newest delivery once it is as wanted. */
export const untilDelivery = async (
  app: Api,
  webhook: WebhookBody,
  isReached: (newest: DeliveryBody) => boolean,
): Promise<DeliveryBody> => {
  for (let waitedMs = 0; waitedMs < WAIT_MS_MAX; waitedMs += POLL_MS) {
    const [newest] = await deliveriesOf(app, webhook)
    if (newest !== undefined && isReached(newest)) return newest
    await sleep(POLL_MS)
  }
  throw new Error(`not reached: ${JSON.stringify(await deliveriesOf(app, webhook))}`)
}

/** Standard Webhooks, once more and independently. */
export const signatureBy = (secret: string, { headers, body }: Received): string => {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  return `v1,${createHmac('sha256', key).update(text, 'utf8').digest('base64')}`
}
