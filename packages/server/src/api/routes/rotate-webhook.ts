import { Type } from 'typebox'
import { bodyMayBeAbsent } from '../../http/absent-body.ts'
import { KEY_GRACE_SECONDS_MAX } from '../../kernel/limits.ts'
import { rotateWebhook as rotate } from '../../webhooks/manage-webhooks.ts'
import { problems, RequestBody } from '../representations/schema.ts'
import { toWebhookRepresentation, WebhookPath, WebhookWithSecret } from '../representations/webhook.ts'
import type { Route } from '../route.ts'

const OVERLAP_SECONDS_DEFAULT = 86_400

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
        overlap_seconds: Type.Optional(
          Type.Integer({
            minimum: 0,
            maximum: KEY_GRACE_SECONDS_MAX,
            description: `How long the secret so far signs too; ${OVERLAP_SECONDS_DEFAULT} when absent.`,
          }),
        ),
      }),
      response: { 200: WebhookWithSecret, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ access, params, body }) => {
      const overlapMs = (body.overlap_seconds ?? OVERLAP_SECONDS_DEFAULT) * 1_000
      const webhook = await rotate(access, { webhookId: params.webhook_id.toLowerCase(), overlapMs })
      return { ...toWebhookRepresentation(webhook), secret: webhook.secret }
    },
  })
}
