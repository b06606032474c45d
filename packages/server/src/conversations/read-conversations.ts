import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { userKeyOf } from '../projects/scope.ts'
import type { Page } from '../storage/storage.ts'
import type { Compaction, Conversation, RecordedMessage } from './conversation.ts'

type Reader = Pick<Access, 'storage'>

/** Throws Problem `not_found`. */
export const findConversation = async (
  { storage }: Reader,
  conversationId: string,
): Promise<Conversation> => {
  const conversation = await storage.conversations.get(conversationId)
  if (conversation === null) throw unknownConversation(conversationId)
  return conversation
}

const unknownConversation = (conversationId: string) =>
  problem('not_found', `conversation ${conversationId} not found`)

/** The most recently active first. */
export const listConversations = (
  { storage }: Reader,
  request: {
    readonly userId?: string | undefined
    readonly customer?: string | undefined
    readonly limit: number
    readonly cursor: string | null
  },
): Promise<Page<Conversation>> =>
  storage.conversations.list({
    userKey: request.userId === undefined ? null : userKeyOf(request.userId),
    customer: request.customer ?? null,
    limit: request.limit,
    cursor: request.cursor,
  })

/** A page of the messages after the number `after`, in order. Throws Problem `not_found`. */
export const listMessages = async (
  { storage }: Reader,
  request: { readonly conversationId: string; readonly after: number; readonly limit: number },
): Promise<{ readonly items: readonly RecordedMessage[]; readonly next: number | null }> => {
  const { messageCount } = await findConversation({ storage }, request.conversationId)
  const items = await storage.conversations.listMessages(request)
  const last = items.at(-1)
  return { items, next: last === undefined || last.seq >= messageCount ? null : last.seq }
}

/** The version, or the last one. Throws Problem `not_found` when there is none. */
export const findCompaction = async (
  { storage }: Reader,
  address: { readonly conversationId: string; readonly version: number | null },
): Promise<Compaction> => {
  const compaction = await storage.conversations.getCompaction(address)
  if (compaction === null)
    throw problem('not_found', `conversation ${address.conversationId} has no such compaction`)
  return compaction
}

/** What a model needs to go on with a conversation: what it came to, and what was said since. */
export type ConversationContext = {
  readonly conversation: Conversation
  readonly compaction: Compaction | null
  /** The last messages that the compaction does not cover, at most as many as were asked for. */
  readonly recent: readonly RecordedMessage[]
  /** How many it does not cover in all. */
  readonly recentCount: number
}

/** Null when there is no such conversation. */
export const readContext = async (
  { storage }: Reader,
  { conversationId, countMax }: { readonly conversationId: string; readonly countMax: number },
): Promise<ConversationContext | null> => {
  const conversation = await storage.conversations.get(conversationId)
  if (conversation === null) return null
  const compaction = await storage.conversations.getCompaction({ conversationId, version: null })
  const { messageCount } = conversation
  const covered = compaction?.throughSeq ?? 0
  const after = Math.max(covered, messageCount - countMax)
  const recent = await storage.conversations.listMessages({ conversationId, after, limit: countMax })
  return { conversation, compaction, recent, recentCount: Math.max(0, messageCount - covered) }
}
