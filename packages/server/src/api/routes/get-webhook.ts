import { getWebhook as get } from '../../webhooks/manage-webhooks.ts'
import { problems } from '../representations/schema.ts'
import { toWebhookRepresentation, WebhookPath, WebhookRepresentation } from '../representations/webhook.ts'
import type { Route } from '../route.ts'

export const getWebhook: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/webhooks/:webhook_id',
    config: { scope: 'admin' },
    schema: {
      tags: ['webhooks'],
      summary: 'Read a webhook',
      security: [{ key: [] }],
      params: WebhookPath,
      response: { 200: WebhookRepresentation, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ access, params }) =>
      toWebhookRepresentation(await get(access, params.webhook_id.toLowerCase())),
  })
}
