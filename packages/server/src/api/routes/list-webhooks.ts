import { Type } from 'typebox'
import { listWebhooks as list } from '../../webhooks/manage-webhooks.ts'
import { problems } from '../representations/schema.ts'
import { toWebhookRepresentation, WebhookRepresentation } from '../representations/webhook.ts'
import type { Route } from '../route.ts'

export const listWebhooks: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/webhooks',
    config: { scope: 'admin' },
    schema: {
      tags: ['webhooks'],
      summary: 'List the webhooks of the project',
      security: [{ key: [] }],
      response: {
        200: Type.Object({ webhooks: Type.Array(WebhookRepresentation) }),
        ...problems(401, 403),
      },
    },
    handler: async ({ access }) => ({ webhooks: (await list(access)).map(toWebhookRepresentation) }),
  })
}
