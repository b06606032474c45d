/** The last conversations of a user, each with what it came to. */
import { type CompactionStatus, readCompactionStatus } from '../../conversations/compact-conversation.ts'
import type { Conversation } from '../../conversations/conversation.ts'
import { listConversations } from '../../conversations/read-conversations.ts'
import type { ConversationAddress } from '../../conversations/record-messages.ts'
import { toIsoOrNull } from '../../kernel/clock.ts'
import type { Access } from '../../projects/access.ts'
import { compactedText } from './compaction-texts.ts'
import { stateOf } from './routes/get-compaction-status.ts'

export const readSummaries = async (
  access: Access,
  { userId, customer, limit }: Pick<ConversationAddress, 'userId' | 'customer'> & { readonly limit: number },
) => {
  if (limit === 0 || userId === null) return []
  const { items } = await listConversations(access, {
    ...{ userId, customer: customer ?? undefined, limit, cursor: null },
  })
  return Promise.all(
    items.map(async (conversation) =>
      toSummary(conversation, await readCompactionStatus(access, conversation.conversationId)),
    ),
  )
}

const OVERVIEW_LINE_COUNT = 3

const toSummary = (conversation: Conversation, status: CompactionStatus) => {
  const { compaction } = status
  return {
    conversation_id: conversation.conversationId,
    external_conversation_id: conversation.externalId,
    conversation_type: conversation.type,
    started_at: toIsoOrNull(conversation.startedAt ?? conversation.createdAt),
    ended_at: toIsoOrNull(conversation.endedAt),
    last_message_at: toIsoOrNull(conversation.lastMessageAt),
    message_count: conversation.messageCount,
    summary_status: compaction !== null ? 'available' : stateOf(status) === 'failed' ? 'failed' : 'pending',
    summary:
      compaction === null
        ? null
        : {
            overview: compaction.text.split('\n').slice(0, OVERVIEW_LINE_COUNT).join(' '),
            narrative_summary: compactedText(compaction, 'narrative'),
          },
    classification: { primary_category: conversation.type, subcategory: null, objective: null },
    analysis: conversation.analysis,
    compaction_version: compaction?.version ?? null,
    compacted_at: toIsoOrNull(compaction?.createdAt ?? null),
  }
}
