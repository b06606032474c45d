import { type Static, Type } from 'typebox'
import { toIso, toIsoOrNull } from '../../kernel/clock.ts'
import { TAG_COUNT_MAX, WEBHOOK_URL_LENGTH_MAX } from '../../kernel/limits.ts'
import {
  type Delivery,
  type DeliveryState,
  deliveryStates,
  type Webhook,
  webhookEventPatterns,
} from '../../webhooks/webhook.ts'
import { Name, NullableString, Uuid } from './schema.ts'

export const WebhookPath = Type.Object({ webhook_id: Uuid })
export const DeliveryPath = Type.Object({ webhook_id: Uuid, delivery_id: Uuid })

export const WebhookUrl = Type.String({
  minLength: 1,
  maxLength: WEBHOOK_URL_LENGTH_MAX,
  description: 'http or https, without credentials.',
})
export const WebhookDescription = Type.String({ maxLength: 1_000, description: 'What it is for.' })
export const WebhookEvents = Type.Array(
  Type.Unsafe<string>({ type: 'string', enum: [...webhookEventPatterns] }),
  {
    minItems: 1,
    maxItems: webhookEventPatterns.length,
    uniqueItems: true,
    description: 'Types of events, `run.*` or `memory.*` for all of a kind, `*` for all.',
  },
)

export const WebhookTags = Type.Array(Name('A tag of runs.'), {
  maxItems: TAG_COUNT_MAX,
  uniqueItems: true,
  description: 'Only events of runs that have one of these; of all when there is none.',
})

export const webhookMembers = {
  webhook_id: Uuid,
  run_id: NullableString('The run that brought it along and that it is told of; null: one of the project.'),
  url: Type.String(),
  description: Type.String(),
  events: Type.Array(Type.String()),
  user_id: NullableString('Only events of runs of this user; null: of all.'),
  tags: Type.Array(Type.String(), { description: 'Only events of runs with one of these.' }),
  enabled: Type.Boolean(),
  disabled_at: NullableString('Since when nothing is delivered.'),
  disabled_reason: NullableString('Why.'),
  previous_secret_expires_at: NullableString('Until then the secret before signs too.'),
  created_at: Type.String(),
  updated_at: Type.String(),
}
const Members = Type.Object(webhookMembers)
export const WebhookRepresentation = Members

/** As shown when the secret is new. */
export const WebhookWithSecret = Type.Object({
  ...webhookMembers,
  secret: Type.String({ description: 'Signs the deliveries: it is shown this once.' }),
})

export const toWebhookRepresentation = (webhook: Webhook): Static<typeof Members> => ({
  webhook_id: webhook.webhookId,
  run_id: webhook.runId,
  url: webhook.url,
  description: webhook.description,
  events: [...webhook.events],
  user_id: webhook.userId,
  tags: [...webhook.tags],
  enabled: webhook.disabledAt === null,
  disabled_at: toIsoOrNull(webhook.disabledAt),
  disabled_reason: webhook.disabledReason,
  previous_secret_expires_at: toIsoOrNull(webhook.previousSecretUntil),
  created_at: toIso(webhook.createdAt),
  updated_at: toIso(webhook.updatedAt),
})

/** A webhook that a run brings along. */
export const RunWebhook = Type.Object(
  { url: WebhookUrl, events: Type.Optional(WebhookEvents) },
  { additionalProperties: false, description: 'An endpoint that is told of this run, and goes with it.' },
)

/** As the answer to that request names it. */
export const StartedWebhook = Type.Object({
  webhook_id: Uuid,
  secret: NullableString('Signs the deliveries; null when it was rotated since.'),
})

export const toStartedWebhook = ({
  webhookId,
  secret,
  previousSecret,
}: Webhook): Static<typeof StartedWebhook> => ({
  webhook_id: webhookId,
  secret: previousSecret === null ? secret : null,
})

const deliveryMembers = {
  delivery_id: Type.String({
    format: 'uuid',
    description: 'Sent as `webhook-id`, the same at every attempt.',
  }),
  webhook_id: Uuid,
  type: Type.String(),
  run_id: NullableString('Null for a test.'),
  state: Type.Unsafe<DeliveryState>({ type: 'string', enum: [...deliveryStates] }),
  attempts: Type.Integer(),
  next_attempt_at: NullableString(
    'Null when none is to come, while one is under way, and while an earlier event of the run is pending.',
  ),
  last_attempt_at: NullableString('When the result of the last attempt was known.'),
  last_status: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    description: 'The HTTP status of the last answer; null without one.',
  }),
  last_error: NullableString('Why the last attempt failed.'),
  last_response: NullableString('The beginning of the body of the last answer.'),
  created_at: Type.String(),
  ended_at: NullableString('When it was delivered or given up.'),
}
export const DeliveryRepresentation = Type.Object(deliveryMembers)
export const DeliveryWithBody = Type.Object({
  ...deliveryMembers,
  body: Type.String({ description: 'What is sent, to the byte.' }),
})

export const toDeliveryRepresentation = (delivery: Delivery): Static<typeof DeliveryRepresentation> => ({
  delivery_id: delivery.deliveryId,
  webhook_id: delivery.webhookId,
  type: delivery.type,
  run_id: delivery.runId,
  state: delivery.state,
  attempts: delivery.attempts,
  next_attempt_at: toIsoOrNull(delivery.nextAttemptAt),
  last_attempt_at: toIsoOrNull(delivery.lastAttemptAt),
  last_status: delivery.lastStatus,
  last_error: delivery.lastError,
  last_response: delivery.lastResponse,
  created_at: toIso(delivery.createdAt),
  ended_at: toIsoOrNull(delivery.endedAt),
})
