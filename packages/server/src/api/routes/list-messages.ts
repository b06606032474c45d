import { Type } from 'typebox'
import { conversationIdOf } from '../../conversations/conversation.ts'
import { listMessages as list } from '../../conversations/read-conversations.ts'
import { PAGE_COUNT_MAX } from '../../kernel/limits.ts'
import { MessageRepresentation, toMessageRepresentation } from '../representations/conversation.ts'
import { Place, problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'
import { ConversationPath } from './get-conversation.ts'

const Query = Type.Object(
  {
    after: Type.Optional(Place('The number after which to go on: `next` of the page before.')),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_COUNT_MAX, default: PAGE_COUNT_MAX })),
  },
  { additionalProperties: false },
)

export const listMessages: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/conversations/:conversation_id/messages',
    config: { scope: 'read' },
    schema: {
      tags: ['conversations'],
      summary: 'The messages of a conversation, in order',
      security: [{ key: [] }],
      params: ConversationPath,
      querystring: Query,
      response: {
        200: Type.Object({
          messages: Type.Array(MessageRepresentation),
          next: Type.Unsafe<number | null>({
            type: ['integer', 'null'],
            description: 'Where the next page goes on; null on the last.',
          }),
        }),
        ...problems(401, 403, 404, 422),
      },
    },
    handler: async ({ access, params, query }) => {
      const { items, next } = await list(access, {
        conversationId: conversationIdOf(params.conversation_id),
        after: query.after ?? 0,
        limit: query.limit ?? PAGE_COUNT_MAX,
      })
      return { messages: items.map(toMessageRepresentation), next }
    },
  })
}
