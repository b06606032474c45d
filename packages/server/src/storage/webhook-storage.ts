/** The part of the storage seam that is about webhooks; the rules of storage.ts hold here too. */
import type {
  ClaimedDelivery,
  Delivery,
  DeliveryResult,
  DeliveryState,
  Webhook,
} from '../webhooks/webhook.ts'
import type { Guarded, Page } from './storage.ts'

export type CreateWebhookResult =
  | { readonly kind: 'created'; readonly webhook: Webhook }
  /** The project has as many as it may; those of runs do not count. */
  | { readonly kind: 'limit_reached' }

/** What stays as it is is left out. */
export type WebhookChanges = {
  readonly url?: string
  readonly description?: string
  readonly events?: readonly string[]
  readonly tags?: readonly string[]
  readonly user?: { readonly userId: string; readonly userKey: string } | null
  /** `false` ends deliveries, with the reason; `true` goes on with those that wait. */
  readonly enabled?: boolean
  readonly disabledReason?: string
}

/** Endpoints and deliveries of one project. A delivery of an event is written by whatever writes the event. */
export type WebhookStorage = {
  /** Those of the project, not those of runs, in order of creation. */
  readonly list: () => Promise<readonly Webhook[]>
  /** The one that the run brought along; null when there is none, or none any more. */
  readonly ofRun: (runId: string) => Promise<Webhook | null>
  readonly get: (webhookId: string) => Promise<Webhook | null>
  readonly create: (params: { webhook: Webhook; countMax: number }) => Promise<CreateWebhookResult>
  readonly update: (params: {
    webhookId: string
    changes: WebhookChanges
    now: number
  }) => Promise<Webhook | null>
  /** The secret so far signs too until `previousUntil`. */
  readonly rotate: (params: {
    webhookId: string
    secret: string
    previousUntil: number
    now: number
  }) => Promise<Webhook | null>
  /** Nothing more is delivered. What was to be delivered stays until `clear` removes it. */
  readonly remove: (webhookId: string) => Promise<boolean>
  /** Removes deliveries of the endpoint, at most `limit`; answers how many. */
  readonly clear: (params: { webhookId: string; limit: number }) => Promise<number>

  /** A delivery that is attempted once; null when there is no such endpoint, or it is disabled. */
  readonly addTest: (params: {
    webhookId: string
    deliveryId: string
    body: string
    now: number
  }) => Promise<Delivery | null>
  /** Newest first. */
  readonly listDeliveries: (params: {
    webhookId: string
    state: DeliveryState | null
    limit: number
    cursor: string | null
  }) => Promise<Page<Delivery>>
  readonly getDelivery: (params: {
    webhookId: string
    deliveryId: string
  }) => Promise<{ readonly delivery: Delivery; readonly body: string } | null>
  /** The delivery is to be made (again), from now on; a pending one without further wait. Null when there is none. */
  readonly replay: (params: {
    webhookId: string
    deliveryId: string
    now: number
  }) => Promise<Delivery | null>
  /** As `replay`, for the oldest dead ones, at most `limit`; answers how many. */
  readonly replayDead: (params: { webhookId: string; limit: number; now: number }) => Promise<number>
  /** Ends a claim with what came of it. */
  readonly record: (params: {
    claimed: Pick<ClaimedDelivery, 'webhookId' | 'deliveryId' | 'claim'>
    result: DeliveryResult
    now: number
  }) => Promise<Guarded>
}

/** The deliveries of all projects that are to be made. */
export type DeliveryQueue = {
  /**
   * The next deliveries to attempt, at most `limit`, the endpoints taking turns. Of one endpoint at most as many as `rooms` has
   * for its id, or else `roomMax`. Of one run and endpoint only the earliest that is pending. A claim not recorded
   * within `leaseMs` is given out again. What is claimed is durable: nobody is told of what a power cut could undo.
   */
  readonly claim: (params: {
    limit: number
    roomMax: number
    rooms: ReadonlyMap<string, number>
    leaseMs: number
    now: number
  }) => Promise<readonly ClaimedDelivery[]>
  /** The next instant after `now` at which there is something to claim that was not claimable at `now`; null if none is known. */
  readonly nextDueAt: (now: number) => Promise<number | null>
}
