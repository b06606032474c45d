/**
 * A webhook is an endpoint of somebody else's that is told of events. A delivery is one event for one endpoint, written in the
 * transaction that causes the event and attempted until a 2xx answers it:
 *
 *     pending → delivered | dead
 *
 * `dead` has been given up; a replay makes it (or a delivered one) pending again, under the same id and with the same body.
 */

/** What an endpoint can ask for. */
export const webhookEventTypes = [
  'run.completed',
  'run.partial',
  'run.failed',
  'run.cancelled',
  'run.buffered',
  'memory.created',
  'memory.updated',
  'memory.deleted',
] as const

const typesTold: ReadonlySet<string> = new Set(webhookEventTypes)

/** Whether anybody is told of events of this type. */
export const isTold = (type: string): boolean => typesTold.has(type)

/** What an endpoint is told of without asking: somebody tries it. */
export const TEST_EVENT_TYPE = 'webhook.test'

/** What may stand in the list of events of an endpoint: a type, all of one kind, or all there are. */
export const webhookEventPatterns: readonly string[] = [
  '*',
  ...new Set(webhookEventTypes.map((type) => `${type.split('.')[0]}.*`)),
  ...webhookEventTypes,
]

/** Whether an endpoint that asks for `patterns` is told of events of this type. */
export const asksFor = (patterns: readonly string[], type: string): boolean =>
  patterns.some(
    (pattern) =>
      pattern === '*' ||
      pattern === type ||
      (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1))),
  )

export type Webhook = {
  readonly webhookId: string
  readonly url: string
  readonly description: string
  /** Types and patterns, see `webhookEventPatterns`. */
  readonly events: readonly string[]
  /** The run that brought it along: only events of that, and it goes with it; null: one of the project. */
  readonly runId: string | null
  /** Only events of this user's runs; null: of all. */
  readonly userId: string | null
  readonly userKey: string | null
  /** Only events of runs that have one of these; empty: of all. */
  readonly tags: readonly string[]
  readonly secret: string
  /** Signs too, until then. */
  readonly previousSecret: string | null
  readonly previousSecretUntil: number | null
  readonly disabledAt: number | null
  readonly disabledReason: string | null
  readonly createdAt: number
  readonly updatedAt: number
}

export const deliveryStates = ['pending', 'delivered', 'dead'] as const
export type DeliveryState = (typeof deliveryStates)[number]

export type Delivery = {
  /** Also the id of the message, which stays the same over all attempts. */
  readonly deliveryId: string
  readonly webhookId: string
  readonly type: string
  /** Null for a test. */
  readonly runId: string | null
  /** Number of the event within its project; null for a test. */
  readonly projectSeq: number | null
  readonly state: DeliveryState
  readonly attempts: number
  /** When the next attempt is due; null when there is none to come, or it waits for an earlier event of the run. */
  readonly nextAttemptAt: number | null
  readonly lastAttemptAt: number | null
  /** HTTP status of the last answer; null when there was none. */
  readonly lastStatus: number | null
  readonly lastError: string | null
  /** The beginning of the last answer's body. */
  readonly lastResponse: string | null
  readonly createdAt: number
  readonly endedAt: number | null
}

/** A delivery that was claimed, with all that the attempt needs. */
export type ClaimedDelivery = {
  readonly projectId: string
  readonly webhookId: string
  readonly deliveryId: string
  /** Which claim it is: a result is recorded for the newest only. */
  readonly claim: number
  readonly type: string
  /** JSON text, the same at every attempt. */
  readonly body: string
  readonly attempts: number
  /** After this instant a failure is the last one. */
  readonly retryUntil: number
  readonly url: string
  /** Each signs. */
  readonly secrets: readonly string[]
}

/** What came of an attempt. */
export type DeliveryResult = {
  readonly state: DeliveryState
  /** When the next attempt is due, for a delivery that stays pending. */
  readonly retryAt: number | null
  readonly status: number | null
  readonly error: string | null
  readonly response: string | null
  /** Set when the endpoint is to be told nothing any more, with the reason. */
  readonly disableReason: string | null
}
