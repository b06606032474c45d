import { testWebhook as test } from '../../webhooks/manage-deliveries.ts'
import { problems } from '../representations/schema.ts'
import { DeliveryRepresentation, toDeliveryRepresentation, WebhookPath } from '../representations/webhook.ts'
import type { Route } from '../route.ts'

export const testWebhook: Route = (app, { webhooks }) => {
  app.route({
    method: 'POST',
    url: '/v1/webhooks/:webhook_id/test',
    config: { scope: 'admin' },
    schema: {
      tags: ['webhooks'],
      summary: 'Try a webhook: deliver an event of type webhook.test, once',
      security: [{ key: [] }],
      params: WebhookPath,
      response: { 200: DeliveryRepresentation, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ access, params }) =>
      toDeliveryRepresentation(await test(access, webhooks, params.webhook_id.toLowerCase())),
  })
}
