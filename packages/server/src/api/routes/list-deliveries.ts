import { Type } from 'typebox'
import { Cursor, readCursor, writeCursor } from '../../http/cursor.ts'
import { PAGE_COUNT_MAX } from '../../kernel/limits.ts'
import { listDeliveries as list } from '../../webhooks/manage-deliveries.ts'
import { type DeliveryState, deliveryStates } from '../../webhooks/webhook.ts'
import { NullableString, problems } from '../representations/schema.ts'
import { DeliveryRepresentation, toDeliveryRepresentation, WebhookPath } from '../representations/webhook.ts'
import type { Route } from '../route.ts'

const LIMIT_DEFAULT = 20

const Query = Type.Object(
  {
    state: Type.Optional(Type.Unsafe<DeliveryState>({ type: 'string', enum: [...deliveryStates] })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_COUNT_MAX, default: LIMIT_DEFAULT })),
    cursor: Type.Optional(Cursor),
  },
  { additionalProperties: false },
)

export const listDeliveries: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/webhooks/:webhook_id/deliveries',
    config: { scope: 'admin' },
    schema: {
      tags: ['webhooks'],
      summary: 'List the deliveries of a webhook, newest first',
      security: [{ key: [] }],
      params: WebhookPath,
      querystring: Query,
      response: {
        200: Type.Object({
          deliveries: Type.Array(DeliveryRepresentation),
          next_cursor: NullableString('The cursor of the next page; null on the last.'),
        }),
        ...problems(401, 403, 404, 422),
      },
    },
    handler: async ({ access, params, query }) => {
      const { items, nextCursor } = await list(access, {
        webhookId: params.webhook_id.toLowerCase(),
        state: query.state ?? null,
        limit: query.limit ?? LIMIT_DEFAULT,
        cursor: readCursor(query.cursor, { form: /^\d{1,15}$/, location: 'query.cursor' }),
      })
      return { deliveries: items.map(toDeliveryRepresentation), next_cursor: writeCursor(nextCursor) }
    },
  })
}
