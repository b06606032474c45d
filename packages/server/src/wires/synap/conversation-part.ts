/** What is told of a conversation beside the items: what it came to, and the turns since. */
import type { Conversation } from '../../conversations/conversation.ts'
import { readContext } from '../../conversations/read-conversations.ts'
import type { ConversationAddress } from '../../conversations/record-messages.ts'
import { toIso } from '../../kernel/clock.ts'
import { RECENT_TURN_COUNT_MAX } from '../../kernel/limits.ts'
import type { Access } from '../../projects/access.ts'
import { userKeyOf } from '../../projects/scope.ts'
import { currentStateOf, extractionsOf } from './compaction-texts.ts'

/** Whether the conversation is that of exactly these ids: neither a wider nor a narrower scope sees its turns. */
export const isOwn = (
  conversation: Pick<Conversation, 'userKey' | 'customer'>,
  { userId, customer }: Pick<ConversationAddress, 'userId' | 'customer'>,
): boolean =>
  conversation.userKey === (userId === null ? null : userKeyOf(userId)) && conversation.customer === customer

/** The turns and the summary; null when there is no such conversation. */
export const readConversationPart = async (access: Access, conversationId: string) => {
  const context = await readContext(access, { conversationId, countMax: RECENT_TURN_COUNT_MAX })
  if (context === null) return null
  const { compaction, recent } = context
  const state = compaction === null ? {} : currentStateOf(compaction)
  const extractions = compaction === null ? {} : extractionsOf(compaction)
  return {
    conversation_id: conversationId,
    summary: compaction === null ? null : compaction.text.split('\n').join(' '),
    current_state: state,
    current_state_json: JSON.stringify(state),
    key_extractions: extractions,
    key_extractions_json: JSON.stringify(extractions),
    recent_turns: recent.map(({ role, content, saidAt }) => ({ role, content, timestamp: toIso(saidAt) })),
    compaction_id: compaction?.compactionId ?? null,
    compacted_at: compaction === null ? null : toIso(compaction.createdAt),
  }
}
