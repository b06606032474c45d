import { Type } from 'typebox'
import type { Route } from '../../../api/route.ts'
import { compactConversation, readCompactionStatus } from '../../../conversations/compact-conversation.ts'
import { compactionStrategies, conversationIdOf } from '../../../conversations/conversation.ts'
import { toIso } from '../../../kernel/clock.ts'
import { COMPACTION_LENGTH_MAX } from '../../../kernel/limits.ts'
import { toCompactedBody } from '../compacted-body.ts'
import { ConversationId } from '../members.ts'

const Strategy = Type.Unsafe<(typeof compactionStrategies)[number]>({
  type: 'string',
  enum: compactionStrategies,
})

/** What clients are told to wait before they look; mostly it is done within a second. */
export const ESTIMATED_SECONDS = 60

export const compact: Route = (app) => {
  app.route({
    method: 'POST',
    url: '/v1/conversations/compact',
    config: { scope: 'write' },
    schema: {
      body: Type.Object({
        conversation_id: ConversationId,
        strategy: Type.Optional(Strategy),
        compaction_level: Type.Optional(Strategy),
        target_tokens: Type.Optional(Type.Integer({ minimum: 1, maximum: COMPACTION_LENGTH_MAX })),
        force: Type.Optional(Type.Boolean()),
      }),
    },
    handler: async ({ access, body }) => {
      const conversationId = conversationIdOf(body.conversation_id)
      const { compaction } = await readCompactionStatus(access, conversationId)
      const run = await compactConversation(access, {
        conversationId,
        strategy: body.strategy ?? body.compaction_level ?? 'adaptive',
        targetTokens: body.target_tokens ?? null,
        isForced: body.force ?? false,
      })
      return {
        compaction_id: run.runId,
        conversation_id: conversationId,
        status: 'in_progress',
        trigger_type: 'manual_api',
        initiated_at: toIso(run.createdAt),
        estimated_completion_seconds: ESTIMATED_SECONDS,
        // An object: the library reads nothing else. It keeps it, too, in the place of what it has of an earlier version; not being in the form
        // of its own store, this has it ask again.
        previous_context: compaction === null ? null : toCompactedBody(compaction, 'structured'),
        previous_context_age_seconds:
          compaction === null
            ? null
            : Math.max(0, Math.floor((run.createdAt - compaction.createdAt) / 1_000)),
        previous_compaction_id: compaction?.compactionId ?? null,
      }
    },
  })
}
