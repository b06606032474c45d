import { replayDelivery as replay } from '../../webhooks/manage-deliveries.ts'
import { problems } from '../representations/schema.ts'
import { DeliveryPath, DeliveryRepresentation, toDeliveryRepresentation } from '../representations/webhook.ts'
import type { Route } from '../route.ts'

export const replayDelivery: Route = (app, { webhooks }) => {
  app.route({
    method: 'POST',
    url: '/v1/webhooks/:webhook_id/deliveries/:delivery_id/replay',
    config: { scope: 'admin' },
    schema: {
      tags: ['webhooks'],
      summary: 'Make a delivery again, from now on',
      security: [{ key: [] }],
      params: DeliveryPath,
      response: { 200: DeliveryRepresentation, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ access, params }) => {
      const address = {
        webhookId: params.webhook_id.toLowerCase(),
        deliveryId: params.delivery_id.toLowerCase(),
      }
      return toDeliveryRepresentation(await replay(access, webhooks, address))
    },
  })
}
