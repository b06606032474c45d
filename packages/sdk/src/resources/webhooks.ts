import { type PageRequest, paginate } from '../pages.ts'
import { path, queryString } from '../path.ts'
import { type Request, type RequestOptions, send, type Transport } from '../transport.ts'
import type {
  Delivery,
  DeliveryState,
  DeliveryWithBody,
  Webhook,
  WebhookEventPattern,
  WebhookWithSecret,
} from '../webhook-types.ts'

export type CreateWebhookOptions = RequestOptions & {
  readonly url: string
  /** Default: all. */
  readonly events?: readonly WebhookEventPattern[] | undefined
  /** What it is for. */
  readonly description?: string | undefined
  /** Only events of runs of this user. */
  readonly userId?: string | undefined
  /** Only events of runs that have one of these. */
  readonly tags?: readonly string[] | undefined
  /** A secret to bring along: `whsec_` and the base64 of 24 to 64 bytes. */
  readonly secret?: string | undefined
}

/** What is left out stays as it is. */
export type UpdateWebhookOptions = RequestOptions & {
  readonly url?: string | undefined
  readonly events?: readonly WebhookEventPattern[] | undefined
  readonly description?: string | undefined
  readonly userId?: string | undefined
  /** None: of all runs. */
  readonly tags?: readonly string[] | undefined
  /** Takes the restriction to a user away. */
  readonly allUsers?: true | undefined
  /** False stops deliveries; true goes on with those that wait. */
  readonly enabled?: boolean | undefined
}

export type RotateWebhookOptions = RequestOptions & {
  /** How long the secret so far signs too. Default: 86 400, a day. */
  readonly overlapSeconds?: number | undefined
}

export type ListWebhooksOptions = RequestOptions & { readonly runId?: string | undefined }

export type ListDeliveriesOptions = RequestOptions & {
  readonly state?: DeliveryState | undefined
  /** Deliveries of one page, at most 100. */
  readonly limit?: number | undefined
  /** Where an earlier list stopped. */
  readonly cursor?: string | undefined
}

/** Endpoints that are told of events, and what they were told. Every call needs a key with the scope `admin`. */
export class WebhooksResource {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /**
   * Makes a webhook. The answer holds the secret that signs its deliveries, which is shown this once.
   *
   * @example
   * const { secret } = await client.webhooks.create({ url: 'https://a.example/hook', events: ['run.failed'] })
   */
  async create(options: CreateWebhookOptions): Promise<WebhookWithSecret> {
    const { url, events, description, userId, tags, secret } = options
    // A second webhook would be made, and the secret of the first be lost with its answer.
    const request = { method: 'POST', path: '/v1/webhooks', repeatable: false } as const
    const body = { url, events, description, userId, tags, secret }
    return (await this.#send({ ...request, body, options })) as WebhookWithSecret // safety: as in #send
  }

  /** Those of the project, or with `runId` the one that the run brought along. */
  async list(options: ListWebhooksOptions = {}): Promise<readonly Webhook[]> {
    const address = `/v1/webhooks${queryString({ run_id: options.runId })}`
    const answer = await this.#send({ method: 'GET', path: address, repeatable: true, options })
    return (answer as { webhooks: readonly Webhook[] }).webhooks // safety: as in #send
  }

  async get(webhookId: string, options?: RequestOptions): Promise<Webhook> {
    const request = { method: 'GET', path: path`/v1/webhooks/${webhookId}`, repeatable: true } as const
    return (await this.#send({ ...request, options })) as Webhook // safety: as in #send
  }

  async update(webhookId: string, options: UpdateWebhookOptions): Promise<Webhook> {
    const { url, events, description, userId, tags, allUsers, enabled } = options
    const body = { url, events, description, userId, tags, allUsers, enabled }
    const request = { method: 'PATCH', path: path`/v1/webhooks/${webhookId}`, repeatable: true } as const
    return (await this.#send({ ...request, body, options })) as Webhook // safety: as in #send
  }

  /** Deletes the webhook with its deliveries. */
  async delete(webhookId: string, options?: RequestOptions): Promise<void> {
    const request = { method: 'DELETE', path: path`/v1/webhooks/${webhookId}`, repeatable: true } as const
    await this.#send({ ...request, options })
  }

  /** Gives the webhook a new secret; the one so far signs too for a while, so the receiver can change at leisure. */
  async rotate(webhookId: string, options: RotateWebhookOptions = {}): Promise<WebhookWithSecret> {
    const address = path`/v1/webhooks/${webhookId}/rotate`
    // The secret of the first answer would be the previous one by then, and the one in use be forgotten.
    const request = { method: 'POST', path: address, repeatable: false } as const
    const body = { overlapSeconds: options.overlapSeconds }
    return (await this.#send({ ...request, body, options })) as WebhookWithSecret // safety: as in #send
  }

  /** Tells the endpoint an event of the type `webhook.test`, once. The answer is the delivery as it begins. */
  async test(webhookId: string, options?: RequestOptions): Promise<Delivery> {
    const address = path`/v1/webhooks/${webhookId}/test`
    const request = { method: 'POST', path: address, repeatable: true } as const
    return (await this.#send({ ...request, options })) as Delivery // safety: as in #send
  }

  /** What the endpoint was told, newest first. */
  deliveries(webhookId: string, options: ListDeliveriesOptions = {}): PageRequest<Delivery> {
    const { state, limit } = options
    return paginate(async (cursor: string | undefined) => {
      const address = path`/v1/webhooks/${webhookId}/deliveries` + queryString({ state, limit, cursor })
      const answer = await this.#send({ method: 'GET', path: address, repeatable: true, options })
      // safety: as in #send
      const page = answer as { deliveries: readonly Delivery[]; nextCursor: string | null }
      return { items: page.deliveries, next: page.nextCursor }
    }, options.cursor)
  }

  async delivery(webhookId: string, deliveryId: string, options?: RequestOptions): Promise<DeliveryWithBody> {
    const address = path`/v1/webhooks/${webhookId}/deliveries/${deliveryId}`
    const request = { method: 'GET', path: address, repeatable: true } as const
    return (await this.#send({ ...request, options })) as DeliveryWithBody // safety: as in #send
  }

  /** Makes a delivery again, whatever became of it; one that waits is made without further wait. */
  async replay(webhookId: string, deliveryId: string, options?: RequestOptions): Promise<Delivery> {
    const address = path`/v1/webhooks/${webhookId}/deliveries/${deliveryId}/replay`
    const request = { method: 'POST', path: address, repeatable: true } as const
    return (await this.#send({ ...request, options })) as Delivery // safety: as in #send
  }

  /** Makes all dead deliveries again, the oldest first; answers how many. */
  async replayDead(webhookId: string, options?: RequestOptions): Promise<number> {
    const address = path`/v1/webhooks/${webhookId}/deliveries/replay`
    for (let count = 0; ; ) {
      const answer = await this.#send({ method: 'POST', path: address, repeatable: true, options })
      // safety: as in #send
      const { replayed, hasMore } = answer as { replayed: number; hasMore: boolean }
      count += replayed
      if (!hasMore) return count
    }
  }

  /** The parsed body. Its shape is the server's contract. */
  async #send(request: Request): Promise<unknown> {
    return (await send(this.#transport, request)).body
  }
}
