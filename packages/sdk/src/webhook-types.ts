/** The shapes of webhooks, in camelCase. Instants are RFC 3339 strings. */
import type { Run } from './types.ts'

export type WebhookEventType =
  | 'run.completed'
  | 'run.partial'
  | 'run.failed'
  | 'run.cancelled'
  | 'run.buffered'
  | 'memory.created'
  | 'memory.updated'
  | 'memory.deleted'

/** A type, all of one kind, or all there are. */
export type WebhookEventPattern = WebhookEventType | 'run.*' | 'memory.*' | '*'

/** An endpoint that is told of events. */
export type Webhook = {
  readonly webhookId: string
  /** The run that brought it along and that it is told of; null: one of the project. */
  readonly runId: string | null
  readonly url: string
  readonly description: string
  readonly events: readonly WebhookEventPattern[]
  /** Only events of runs of this user; null: of all. */
  readonly userId: string | null
  /** Only events of runs that have one of these; empty: of all. */
  readonly tags: readonly string[]
  readonly enabled: boolean
  readonly disabledAt: string | null
  readonly disabledReason: string | null
  /** Until then the secret before signs too. */
  readonly previousSecretExpiresAt: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

/** A webhook that a run brings along: it is told of that run, and goes with it. */
export type RunWebhook = {
  readonly url: string
  /** Default: all. */
  readonly events?: readonly WebhookEventPattern[] | undefined
}

/** As the answer to that request names it. The secret is null when it was rotated since. */
export type StartedWebhook = { readonly webhookId: string; readonly secret: string | null }

/** A webhook whose secret is new: the only time that it is shown. */
export type WebhookWithSecret = Webhook & { readonly secret: string }

export type DeliveryState = 'pending' | 'delivered' | 'dead'

/** One event for one endpoint. */
export type Delivery = {
  /** Sent as `webhook-id`, the same at every attempt. */
  readonly deliveryId: string
  readonly webhookId: string
  readonly type: WebhookEventType | 'webhook.test'
  /** Null for a test. */
  readonly runId: string | null
  /** `dead` has been given up, and can be made again. */
  readonly state: DeliveryState
  readonly attempts: number
  /** Null when none is to come, while one is under way, and while an earlier event of the run is pending. */
  readonly nextAttemptAt: string | null
  readonly lastAttemptAt: string | null
  /** HTTP status of the last answer; null without one. */
  readonly lastStatus: number | null
  readonly lastError: string | null
  /** The beginning of the body of the last answer. */
  readonly lastResponse: string | null
  readonly createdAt: string
  readonly endedAt: string | null
}

/** A delivery with what is sent, to the byte. */
export type DeliveryWithBody = Delivery & { readonly body: string }

/** What changed of a memory; its content is to be read. */
export type MemoryChange = {
  readonly memoryId: string
  readonly version: number
  readonly topic: string
  readonly runId: string
  readonly groupId: string
  readonly userId?: string
}

/** What an endpoint is told. `id` is the same whenever the same event is told again. */
export type WebhookEvent = { readonly id: string; readonly timestamp: string } & (
  | {
      readonly type: Extract<WebhookEventType, `run.${string}`>
      /** The run as it was then. Of very many operations the first are listed, and `operationsTruncated` says so. */
      readonly data: Run & { readonly operationsTruncated?: boolean }
    }
  | { readonly type: Extract<WebhookEventType, `memory.${string}`>; readonly data: MemoryChange }
  | { readonly type: 'webhook.test'; readonly data: { readonly webhookId: string } }
)
