/** The part of the storage seam that keeps conversations. What storage.ts says of verbs holds for these too. */
import type {
  Compaction,
  CompactionContent,
  Conversation,
  RecordedMessage,
} from '../conversations/conversation.ts'
import type { Claim } from '../runs/run.ts'
import type { Guarded, Page } from './storage.ts'

export type NewMessage = Omit<RecordedMessage, 'seq' | 'recordedAt'>

/** Messages for one conversation, which begins with the first of them. What is said about it replaces what was said before. */
export type Recording = {
  readonly conversationId: string
  readonly externalId: string | null
  readonly userId: string | null
  readonly userKey: string | null
  readonly customer: string | null
  readonly about?: Partial<Pick<Conversation, 'type' | 'startedAt' | 'endedAt' | 'metadata' | 'analysis'>>
  readonly messages: readonly NewMessage[]
  /** The session of messages that name none: that of the last message if it is recent, else this one. */
  readonly newSession?: { readonly sessionId: string; readonly idleMs: number }
  readonly messageCountMax: number
}

export type RecordResult =
  /** One whose id is known already is not recorded again, and answered as it is. */
  | { readonly kind: 'recorded'; readonly messages: readonly RecordedMessage[] }
  /** The conversation is another user's, or another customer's. */
  | { readonly kind: 'foreign' }
  /** It would have more messages than it may. */
  | { readonly kind: 'full' }

export type ConversationStorage = {
  /** Answers each recording in order. One that is refused records nothing, the others are not touched by it. */
  readonly record: (params: {
    recordings: readonly Recording[]
    now: number
  }) => Promise<readonly RecordResult[]>
  readonly get: (conversationId: string) => Promise<Conversation | null>
  /** The most recently active first; of one user, or of all where `userKey` is null. */
  readonly list: (params: {
    userKey: string | null
    customer: string | null
    limit: number
    cursor: string | null
  }) => Promise<Page<Conversation>>
  /** Messages after the number `after`, in order. */
  readonly listMessages: (params: {
    conversationId: string
    after: number
    limit: number
  }) => Promise<readonly RecordedMessage[]>
  /**
   * Removes a conversation: nothing finds it any more, and its name may begin anew. Its rows go by `clear`. The runs that had one of
   * `keys` have them no more.
   */
  readonly remove: (params: {
    conversationId: string
    keys: readonly string[]
    now: number
  }) => Promise<boolean>
  /** Removes rows of conversations that were removed, at most some `limit`; answers whether there may be more. */
  readonly clear: (params: { limit: number }) => Promise<boolean>

  /** Stores what the claimed run has made of the conversation as its next version, or again as the version it made before. */
  readonly putCompaction: (params: {
    claim: Claim
    conversationId: string
    compaction: CompactionContent
    now: number
  }) => Promise<Guarded>
  /** The version, or the last one where it is null. */
  readonly getCompaction: (params: {
    conversationId: string
    version: number | null
  }) => Promise<Compaction | null>
}
