import { Type } from 'typebox'
import { listConversations as list } from '../../conversations/read-conversations.ts'
import { Cursor, readCursor, writeCursor } from '../../http/cursor.ts'
import { PAGE_COUNT_MAX } from '../../kernel/limits.ts'
import { ConversationRepresentation, toConversationRepresentation } from '../representations/conversation.ts'
import { NullableString, problems, UserId } from '../representations/schema.ts'
import type { Route } from '../route.ts'

const Query = Type.Object(
  {
    user_id: Type.Optional(UserId),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_COUNT_MAX, default: PAGE_COUNT_MAX })),
    cursor: Type.Optional(Cursor),
  },
  { additionalProperties: false },
)

/** What is in a cursor of this list: the last activity, and the store's own number. */
const cursorForm = /^conversation:\d{1,15}:\d{1,15}$/

export const listConversations: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/conversations',
    config: { scope: 'read' },
    schema: {
      tags: ['conversations'],
      summary: 'List conversations, the most recently active first',
      security: [{ key: [] }],
      querystring: Query,
      response: {
        200: Type.Object({
          conversations: Type.Array(ConversationRepresentation),
          next_cursor: NullableString('The cursor of the next page; null on the last.'),
        }),
        ...problems(401, 403, 422),
      },
    },
    handler: async ({ access, query }) => {
      const cursor = readCursor(query.cursor, { form: cursorForm, location: 'query.cursor' })
      const { items, nextCursor } = await list(access, {
        userId: query.user_id,
        limit: query.limit ?? PAGE_COUNT_MAX,
        cursor: cursor?.slice('conversation:'.length) ?? null,
      })
      const next = nextCursor === null ? null : `conversation:${nextCursor}`
      return { conversations: items.map(toConversationRepresentation), next_cursor: writeCursor(next) }
    },
  })
}
