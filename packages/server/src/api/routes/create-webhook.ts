import { Type } from 'typebox'
import { createWebhook as create } from '../../webhooks/manage-webhooks.ts'
import { problems, RequestBody, UserId } from '../representations/schema.ts'
import {
  toWebhookRepresentation,
  WebhookDescription,
  WebhookEvents,
  WebhookTags,
  WebhookUrl,
  WebhookWithSecret,
} from '../representations/webhook.ts'
import type { Route } from '../route.ts'

export const createWebhook: Route = (app, { webhooks }) => {
  app.route({
    method: 'POST',
    url: '/v1/webhooks',
    config: { scope: 'admin' },
    schema: {
      tags: ['webhooks'],
      summary: 'Create a webhook: an endpoint that is told of events',
      security: [{ key: [] }],
      body: RequestBody({
        url: WebhookUrl,
        events: Type.Optional(WebhookEvents),
        description: Type.Optional(WebhookDescription),
        user_id: Type.Optional(UserId),
        tags: Type.Optional(WebhookTags),
        secret: Type.Optional(
          Type.String({
            maxLength: 100,
            description: 'A secret to bring along: `whsec_` and the base64 of 24 to 64 bytes.',
          }),
        ),
      }),
      response: { 201: WebhookWithSecret, ...problems(401, 403, 409, 422) },
    },
    handler: async ({ access, body }, reply) => {
      const webhook = await create(access, webhooks, {
        url: body.url,
        description: body.description ?? '',
        events: body.events ?? ['*'],
        userId: body.user_id ?? null,
        tags: body.tags ?? [],
        secret: body.secret ?? null,
      })
      return reply.code(201).send({ ...toWebhookRepresentation(webhook), secret: webhook.secret })
    },
  })
}
