import { Type } from 'typebox'
import type { Route } from '../../../api/route.ts'
import { type Compaction, conversationIdOf } from '../../../conversations/conversation.ts'
import { type ConversationContext, readContext } from '../../../conversations/read-conversations.ts'
import { toIso } from '../../../kernel/clock.ts'
import { RECENT_MESSAGE_COUNT_MAX } from '../../../kernel/limits.ts'
import {
  type PromptStyle,
  promptStyles,
  promptText,
  ratioOf,
  VALIDATION_SCORE_MIN,
} from '../compaction-texts.ts'
import { ConversationId } from '../members.ts'

export const getContextForPrompt: Route = (app, { clock }) => {
  app.route({
    method: 'GET',
    url: '/v1/conversations/:conversation_id/context-for-prompt',
    config: { scope: 'read' },
    schema: {
      params: Type.Object({ conversation_id: ConversationId }),
      querystring: Type.Object({
        style: Type.Optional(Type.Unsafe<PromptStyle>({ type: 'string', enum: promptStyles })),
      }),
    },
    handler: async ({ access, params, query }) => {
      const conversationId = conversationIdOf(params.conversation_id)
      const context = await readContext(access, { conversationId, countMax: RECENT_MESSAGE_COUNT_MAX })
      // Clients ask before the first message too.
      const { compaction, recent } = context ?? { compaction: null, recent: [] }
      const text = promptText({ compaction, recent }, query.style ?? 'structured')
      return {
        formatted_context: text,
        available: text !== null,
        ...(compaction === null ? ofNothing : toFigures(compaction, clock.now())),
        ...toMessages(context),
      }
    },
  })
}

const ofNothing = {
  compression_ratio: null,
  validation_score: null,
  compaction_age_seconds: null,
  quality_warning: false,
}

const toFigures = (compaction: Compaction, now: number) => ({
  compression_ratio: ratioOf(compaction),
  validation_score: compaction.validationScore,
  compaction_age_seconds: Math.max(0, Math.floor((now - compaction.createdAt) / 1_000)),
  quality_warning: compaction.validationScore < VALIDATION_SCORE_MIN,
})

/** Stale is a compaction when there are messages that neither it covers nor the list shows. */
const toMessages = (context: ConversationContext | null) => {
  const recent = context?.recent ?? []
  const [total, uncovered] = [context?.conversation.messageCount ?? 0, context?.recentCount ?? 0]
  return {
    is_stale: context?.compaction != null && uncovered > recent.length,
    recent_messages: recent.map(({ role, content, saidAt, messageId }) => ({
      ...{ role, content, timestamp: toIso(saidAt), message_id: messageId },
    })),
    recent_message_count: recent.length,
    compacted_message_count: total - uncovered,
    total_message_count: total,
  }
}
