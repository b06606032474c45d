import { Type } from 'typebox'
import { WEBHOOK_REPLAY_COUNT_MAX } from '../../kernel/limits.ts'
import { replayDeadDeliveries as replay } from '../../webhooks/manage-deliveries.ts'
import { problems } from '../representations/schema.ts'
import { WebhookPath } from '../representations/webhook.ts'
import type { Route } from '../route.ts'

export const replayDeadDeliveries: Route = (app, { webhooks }) => {
  app.route({
    method: 'POST',
    url: '/v1/webhooks/:webhook_id/deliveries/replay',
    config: { scope: 'admin' },
    schema: {
      tags: ['webhooks'],
      summary: 'Make all dead deliveries again, the oldest first',
      security: [{ key: [] }],
      params: WebhookPath,
      response: {
        200: Type.Object({
          replayed: Type.Integer(),
          has_more: Type.Boolean({
            description: `There may be more: one call makes ${WEBHOOK_REPLAY_COUNT_MAX} at most.`,
          }),
        }),
        ...problems(401, 403, 404, 422),
      },
    },
    handler: async ({ access, params }) => {
      const { replayed, hasMore } = await replay(access, webhooks, params.webhook_id.toLowerCase())
      return { replayed, has_more: hasMore }
    },
  })
}
