import { Type } from 'typebox'
import { listWebhooks as list } from '../../webhooks/manage-webhooks.ts'
import { problems, Uuid } from '../representations/schema.ts'
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
      description: 'Those of the project. That which a run brought along is listed by `run_id`.',
      security: [{ key: [] }],
      querystring: Type.Object({ run_id: Type.Optional(Uuid) }, { additionalProperties: false }),
      response: {
        200: Type.Object({ webhooks: Type.Array(WebhookRepresentation) }),
        ...problems(401, 403, 422),
      },
    },
    handler: async ({ access, query }) => ({
      webhooks: (await list(access, query.run_id?.toLowerCase() ?? null)).map(toWebhookRepresentation),
    }),
  })
}
