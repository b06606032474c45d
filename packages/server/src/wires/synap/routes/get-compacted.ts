import { Type } from 'typebox'
import type { Route } from '../../../api/route.ts'
import { conversationIdOf } from '../../../conversations/conversation.ts'
import { findCompaction, findConversation } from '../../../conversations/read-conversations.ts'
import { toCompactedBody } from '../compacted-body.ts'
import { type CompactedFormat, compactedFormats } from '../compaction-texts.ts'
import { ConversationId } from '../members.ts'

export const getCompacted: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/conversations/:conversation_id/compacted',
    config: { scope: 'read' },
    schema: {
      params: Type.Object({ conversation_id: ConversationId }),
      querystring: Type.Object({
        format: Type.Optional(Type.Unsafe<CompactedFormat>({ type: 'string', enum: compactedFormats })),
        version: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
      }),
    },
    handler: async ({ access, params, query }) => {
      const conversationId = conversationIdOf(params.conversation_id)
      await findConversation(access, conversationId)
      const compaction = await findCompaction(access, { conversationId, version: query.version ?? null })
      return toCompactedBody(compaction, query.format ?? 'structured')
    },
  })
}
