/** What a conversation is: the messages as they were said, apart from what is remembered of them. */
import { deterministicId, isUuid } from '../kernel/ids.ts'

export const messageRoles = ['user', 'assistant'] as const
export type MessageRole = (typeof messageRoles)[number]

/** Instants are milliseconds since the epoch. */
export type Conversation = {
  readonly conversationId: string
  /** The caller's own name of it, where that is no UUID. */
  readonly externalId: string | null
  /** Whose it is, as first written; null when it was begun for nobody in particular. Nobody else can add to it. */
  readonly userId: string | null
  readonly userKey: string | null
  /** The customer whose user that is. */
  readonly customer: string | null
  /** What the caller calls its kind: a call, a chat. */
  readonly type: string | null
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly lastMessageAt: number | null
  readonly messageCount: number
  /** Characters of all messages. */
  readonly length: number
  readonly metadata: Readonly<Record<string, unknown>> | null
  /** What the caller found out about it. */
  readonly analysis: Readonly<Record<string, unknown>> | null
  readonly createdAt: number
  /** When something was last recorded. */
  readonly activeAt: number
}

/** One message as it was said. `seq` counts from 1 within the conversation. */
export type RecordedMessage = {
  readonly seq: number
  readonly messageId: string
  readonly role: MessageRole
  readonly content: string
  /** When it was said; when it was recorded, where the caller does not tell. */
  readonly saidAt: number
  readonly speaker: string | null
  readonly sessionId: string | null
  readonly metadata: Readonly<Record<string, unknown>> | null
  readonly recordedAt: number
}

export const compactionStrategies = ['aggressive', 'balanced', 'conservative', 'adaptive'] as const
export type CompactionStrategy = (typeof compactionStrategies)[number]

/** What a conversation comes to in fewer words. Versions count from 1. */
export type CompactionContent = {
  readonly strategy: CompactionStrategy
  /** What was asked for instead of the share of the strategy. */
  readonly targetTokens: number | null
  /** The last message it covers. */
  readonly throughSeq: number
  /** The statements that it keeps, one a line, in the order in which they were said. */
  readonly text: string
  /** Each of them is in one of these. */
  readonly facts: readonly string[]
  readonly decisions: readonly string[]
  readonly preferences: readonly string[]
  /** Where the conversation stands: the beginnings of what the two sides said last. */
  readonly currentState: string
  readonly originalTokens: number
  readonly compactedTokens: number
  /** The share of the names and numbers in what was read that it still holds, in 0..1. */
  readonly validationScore: number
}

export type Compaction = CompactionContent & {
  /** The run that made it. */
  readonly compactionId: string
  readonly conversationId: string
  readonly version: number
  readonly createdAt: number
}

/** The id under which a conversation is kept: the caller's own where it is a UUID, else one that follows from its name. */
export const conversationIdOf = (name: string): string =>
  isUuid(name) ? name.toLowerCase() : deterministicId(['conversation', name])

/** Characters that count as one token: what is usual for English, and an estimate in any language. */
const CHARACTERS_PER_TOKEN = 4

export const tokensOf = (length: number): number => Math.ceil(length / CHARACTERS_PER_TOKEN)
export const lengthOfTokens = (tokens: number): number => tokens * CHARACTERS_PER_TOKEN
