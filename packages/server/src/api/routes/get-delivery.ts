import { getDelivery as get } from '../../webhooks/manage-deliveries.ts'
import { problems } from '../representations/schema.ts'
import { DeliveryPath, DeliveryWithBody, toDeliveryRepresentation } from '../representations/webhook.ts'
import type { Route } from '../route.ts'

export const getDelivery: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/webhooks/:webhook_id/deliveries/:delivery_id',
    config: { scope: 'admin' },
    schema: {
      tags: ['webhooks'],
      summary: 'Read a delivery with what is sent',
      security: [{ key: [] }],
      params: DeliveryPath,
      response: { 200: DeliveryWithBody, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ access, params }) => {
      const { delivery, body } = await get(access, {
        webhookId: params.webhook_id.toLowerCase(),
        deliveryId: params.delivery_id.toLowerCase(),
      })
      return { ...toDeliveryRepresentation(delivery), body }
    },
  })
}
