import { Type } from 'typebox'
import { conversationIdOf } from '../../conversations/conversation.ts'
import { findConversation } from '../../conversations/read-conversations.ts'
import { ConversationRepresentation, toConversationRepresentation } from '../representations/conversation.ts'
import { Name, problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const ConversationPath = Type.Object({
  conversation_id: Name('Its id, or what its caller calls it.'),
})

export const getConversation: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/conversations/:conversation_id',
    config: { scope: 'read' },
    schema: {
      tags: ['conversations'],
      summary: 'One conversation',
      security: [{ key: [] }],
      params: ConversationPath,
      response: { 200: ConversationRepresentation, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ access, params }) =>
      toConversationRepresentation(await findConversation(access, conversationIdOf(params.conversation_id))),
  })
}
