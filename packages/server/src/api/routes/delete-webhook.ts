import { Type } from 'typebox'
import { deleteWebhook as remove } from '../../webhooks/manage-webhooks.ts'
import { problems } from '../representations/schema.ts'
import { WebhookPath } from '../representations/webhook.ts'
import type { Route } from '../route.ts'

export const deleteWebhook: Route = (app) => {
  app.route({
    method: 'DELETE',
    url: '/v1/webhooks/:webhook_id',
    config: { scope: 'admin' },
    schema: {
      tags: ['webhooks'],
      summary: 'Delete a webhook with its deliveries',
      security: [{ key: [] }],
      params: WebhookPath,
      response: { 204: Type.Null(), ...problems(401, 403, 404, 422) },
    },
    handler: async ({ access, params }, reply) => {
      await remove(access, params.webhook_id.toLowerCase())
      return reply.code(204).send(null)
    },
  })
}
