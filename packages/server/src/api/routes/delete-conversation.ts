import { Type } from 'typebox'
import { conversationIdOf } from '../../conversations/conversation.ts'
import { removeConversation } from '../../conversations/remove-conversation.ts'
import { problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'
import { ConversationPath } from './get-conversation.ts'

export const deleteConversation: Route = (app) => {
  app.route({
    method: 'DELETE',
    url: '/v1/conversations/:conversation_id',
    config: { scope: 'write' },
    schema: {
      tags: ['conversations'],
      summary: 'Delete a conversation with its messages',
      description:
        'What is remembered of it stays: delete that by itself. What is said under the same id later begins a new conversation.',
      security: [{ key: [] }],
      params: ConversationPath,
      response: { 204: Type.Null({ description: 'It is gone.' }), ...problems(401, 403, 404, 422) },
    },
    handler: async ({ access, params }, reply) => {
      await removeConversation(access, conversationIdOf(params.conversation_id))
      return reply.code(204).send(null)
    },
  })
}
