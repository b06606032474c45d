import { Type } from 'typebox'
import { rotateWebhook as rotate } from '../../webhooks/manage-webhooks.ts'
import { bodyMayBeAbsent, problems, RequestBody } from '../representations/schema.ts'
import { toWebhookRepresentation, WebhookPath, WebhookWithSecret } from '../representations/webhook.ts'
import type { Route } from '../route.ts'

const OVERLAP_HOURS_DEFAULT = 24
const OVERLAP_HOURS_MAX = 30 * 24
const HOUR_MS = 3_600_000

export const rotateWebhook: Route = (app) => {
  app.route({
    method: 'POST',
    url: '/v1/webhooks/:webhook_id/rotate',
    config: { scope: 'admin' },
    preValidation: bodyMayBeAbsent,
    schema: {
      tags: ['webhooks'],
      summary: 'Give a webhook a new secret',
      security: [{ key: [] }],
      params: WebhookPath,
      body: RequestBody({
        overlap_hours: Type.Optional(
          Type.Integer({
            minimum: 0,
            maximum: OVERLAP_HOURS_MAX,
            description: `How long the secret so far signs too; ${OVERLAP_HOURS_DEFAULT} when absent.`,
          }),
        ),
      }),
      response: { 200: WebhookWithSecret, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ access, params, body }) => {
      const overlapMs = (body.overlap_hours ?? OVERLAP_HOURS_DEFAULT) * HOUR_MS
      const webhook = await rotate(access, { webhookId: params.webhook_id.toLowerCase(), overlapMs })
      return { ...toWebhookRepresentation(webhook), secret: webhook.secret }
    },
  })
}
