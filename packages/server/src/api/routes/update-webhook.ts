import { Type } from 'typebox'
import { userKeyOf } from '../../projects/scope.ts'
import { updateWebhook as update } from '../../webhooks/manage-webhooks.ts'
import { problems, RequestBody, UserId } from '../representations/schema.ts'
import {
  toWebhookRepresentation,
  WebhookDescription,
  WebhookEvents,
  WebhookPath,
  WebhookRepresentation,
  WebhookTags,
  WebhookUrl,
} from '../representations/webhook.ts'
import type { Route } from '../route.ts'

export const updateWebhook: Route = (app, { webhooks }) => {
  app.route({
    method: 'PATCH',
    url: '/v1/webhooks/:webhook_id',
    config: { scope: 'admin' },
    schema: {
      tags: ['webhooks'],
      summary: 'Change, disable or enable a webhook',
      security: [{ key: [] }],
      params: WebhookPath,
      body: RequestBody({
        url: Type.Optional(WebhookUrl),
        events: Type.Optional(WebhookEvents),
        description: Type.Optional(WebhookDescription),
        user_id: Type.Optional(UserId),
        tags: Type.Optional(WebhookTags),
        all_users: Type.Optional(
          Type.Literal(true, { description: 'Takes the restriction to a user away.' }),
        ),
        enabled: Type.Optional(
          Type.Boolean({ description: 'False stops deliveries; true goes on with those that wait.' }),
        ),
      }),
      response: { 200: WebhookRepresentation, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ access, params, body }) => {
      const { url, events, description, tags, user_id: userId, all_users: allUsers, enabled } = body
      const webhook = await update(access, webhooks, {
        webhookId: params.webhook_id.toLowerCase(),
        ...(url !== undefined && { url }),
        ...(events !== undefined && { events }),
        ...(description !== undefined && { description }),
        ...(tags !== undefined && { tags }),
        ...(allUsers === true && { user: null }),
        ...(userId !== undefined && { user: { userId, userKey: userKeyOf(userId) } }),
        ...(enabled !== undefined && { enabled }),
      })
      return toWebhookRepresentation(webhook)
    },
  })
}
