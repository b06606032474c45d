import { Type } from 'typebox'
import type { Route } from '../../../api/route.ts'
import { type CompactionStatus, readCompactionStatus } from '../../../conversations/compact-conversation.ts'
import { conversationIdOf } from '../../../conversations/conversation.ts'
import { toIso } from '../../../kernel/clock.ts'
import { isTerminal } from '../../../runs/run.ts'
import { ratioOf } from '../compaction-texts.ts'
import { ConversationId } from '../members.ts'
import { ESTIMATED_SECONDS } from './compact.ts'

export const getCompactionStatus: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/conversations/:conversation_id/compaction/status',
    config: { scope: 'read' },
    schema: { params: Type.Object({ conversation_id: ConversationId }) },
    handler: async ({ access, params }) => {
      const conversationId = conversationIdOf(params.conversation_id)
      const status = await readCompactionStatus(access, conversationId)
      return { conversation_id: conversationId, ...toStatus(status) }
    },
  })
}

const toStatus = ({ run, compaction }: CompactionStatus) => {
  const state = stateOf({ run, compaction })
  const completedAt = run?.completedAt ?? compaction?.createdAt ?? null
  return {
    status: state,
    compaction_id: run?.runId ?? compaction?.compactionId ?? null,
    completed_at: state === 'in_progress' || completedAt === null ? null : toIso(completedAt),
    compression_ratio: compaction === null ? null : ratioOf(compaction),
    validation_score: compaction?.validationScore ?? null,
    estimated_completion_seconds: state === 'in_progress' ? ESTIMATED_SECONDS : null,
    error_message:
      state === 'failed' ? (run?.error ? `${run.error.stage} failed: ${run.error.detail}` : 'failed') : null,
    latest_version: compaction?.version ?? null,
    latest_created_at: compaction === null ? null : toIso(compaction.createdAt),
  }
}

/** `none`, `in_progress`, `completed` or `failed`: of the last one that was asked for, if it is known still. */
export const stateOf = ({ run, compaction }: CompactionStatus) => {
  if (run === null) return compaction === null ? 'none' : 'completed'
  if (!isTerminal(run.state)) return 'in_progress'
  return run.state === 'completed' ? 'completed' : 'failed'
}
