import { CONVERSATION_MESSAGE_COUNT_MAX, CONVERSATION_SESSION_IDLE_MS } from '../kernel/limits.ts'
import type { Access } from '../projects/access.ts'
import { userKeyOf } from '../projects/scope.ts'
import type { NewMessage, Recording, RecordResult } from '../storage/storage.ts'
import { type Conversation, conversationIdOf, type MessageRole } from './conversation.ts'

/** Whose conversation it is, by the name its caller gives it. */
export type ConversationAddress = {
  readonly conversation: string
  readonly userId: string | null
  readonly customer: string | null
}

export type MessageRequest = ConversationAddress & {
  readonly role: MessageRole
  readonly content: string
  /** When absent: that of the last message, if it is recent, or a new one. */
  readonly sessionId?: string
  readonly metadata: Readonly<Record<string, unknown>> | null
  /** The same id once more is the same message. */
  readonly messageId?: string
}

/**
 * Records messages as they were said, durably, all in one transaction; nothing is remembered of them. Each is answered by itself, in order: one
 * that is refused is not recorded, and holds up no other.
 */
export const recordMessages = (
  { storage, clock, ids }: Access,
  requests: readonly MessageRequest[],
): Promise<readonly RecordResult[]> => {
  const now = clock.now()
  return storage.conversations.record({
    now,
    recordings: requests.map((request) => ({
      ...recordingOf(request),
      newSession: { sessionId: ids.next(), idleMs: CONVERSATION_SESSION_IDLE_MS },
      messages: [
        {
          messageId: request.messageId ?? ids.next(),
          role: request.role,
          content: request.content,
          saidAt: now,
          speaker: null,
          sessionId: request.sessionId ?? null,
          metadata: request.metadata,
        },
      ],
    })),
  })
}

/** The address as the store knows it. */
export const recordingOf = (
  { conversation, userId, customer }: ConversationAddress,
  about?: Partial<Conversation>,
  messages: readonly NewMessage[] = [],
): Recording => {
  const conversationId = conversationIdOf(conversation)
  return {
    conversationId,
    externalId: conversation.toLowerCase() === conversationId ? null : conversation,
    userId,
    userKey: userId === null ? null : userKeyOf(userId),
    customer,
    ...(about !== undefined && { about }),
    messages,
    messageCountMax: CONVERSATION_MESSAGE_COUNT_MAX,
  }
}
