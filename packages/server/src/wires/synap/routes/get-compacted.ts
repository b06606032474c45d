import { Type } from 'typebox'
import type { Route } from '../../../api/route.ts'
import { conversationIdOf } from '../../../conversations/conversation.ts'
import { findCompaction, findConversation } from '../../../conversations/read-conversations.ts'
import { toIso } from '../../../kernel/clock.ts'
import {
  type CompactedFormat,
  compactedFormats,
  compactedText,
  currentStateOf,
  extractionsOf,
  ratioOf,
  VALIDATION_SCORE_MIN,
} from '../compaction-texts.ts'
import { ConversationId } from '../members.ts'

/** Seconds for which clients may keep it: a newer version may come at any time. */
const TTL_SECONDS = 300

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
      const isPassed = compaction.validationScore >= VALIDATION_SCORE_MIN
      return {
        conversation_id: conversationId,
        compaction_id: compaction.compactionId,
        version: compaction.version,
        formatted_context: compactedText(compaction, query.format ?? 'structured'),
        original_token_count: compaction.originalTokens,
        compacted_token_count: compaction.compactedTokens,
        compression_ratio: ratioOf(compaction),
        strategy_used: compaction.strategy,
        validation_score: compaction.validationScore,
        validation_passed: isPassed,
        ...extractionsOf(compaction),
        current_state: currentStateOf(compaction),
        quality_warning: !isPassed,
        warnings: [],
        created_at: toIso(compaction.createdAt),
        ttl_seconds: TTL_SECONDS,
      }
    },
  })
}
