/**
 * The part of the seam that carries a project from one store to another. Records are what stands in the lines of an export: plain JSON,
 * named as on the wire, without anything that only one store knows. What storage.ts says of verbs holds for these too.
 */

import type { Scope } from '../projects/scope.ts'
import type { Claim } from '../runs/run.ts'
import type { IndexDocument } from '../search/document.ts'

type Json = Readonly<Record<string, unknown>>

export type GroupRecord = {
  readonly type: 'group'
  readonly cursor: string
  readonly name: string
  readonly created_at: number
  /** The current version is the last. */
  readonly versions: readonly Json[]
}

export type UserRecord = {
  readonly type: 'user'
  readonly cursor: string
  readonly user_id: string
  readonly created_at: number
  readonly active_at: number
}

/** An agent, or a tool, as it is now. */
export type DefinitionRecord = {
  readonly type: 'agent' | 'tool'
  readonly cursor: string
  readonly id: string
  readonly version: number
  readonly status: string
  readonly group: string
  readonly definition: Json
  readonly created_at: number
  readonly updated_at: number
}

/** A run with all that is kept of it. */
export type RunRecord = {
  readonly type: 'run'
  readonly cursor: string
  readonly run_id: string
  readonly group: string
  readonly user_id: string | null
  readonly run: Json
  readonly payload: Json | null
  readonly steps: readonly Json[]
  readonly operations: readonly Json[]
  readonly events: readonly Json[]
  readonly confirmations: readonly Json[]
}

export type VersionRecord = {
  readonly version: number
  readonly kind: string
  readonly run_id: string
  /** Null, with topic and properties: nobody knows any more whose it was. */
  readonly group: string | null
  readonly topic: string | null
  readonly properties: Readonly<Record<string, string>> | null
  readonly user_id: string | null
  readonly content: string
  readonly sources: readonly unknown[]
  readonly origin: Json | null
  readonly position: number | null
  readonly created_at: number
  readonly memory_created_at: number | null
  readonly restores: number | null
}

/** A memory with its history. `sources` are those it has now, null when it is deleted. */
export type MemoryRecord = {
  readonly type: 'memory'
  readonly cursor: string
  readonly memory_id: string
  readonly sources: readonly unknown[] | null
  readonly versions: readonly VersionRecord[]
}

/** A conversation as such. What it counts follows from its messages. */
export type ConversationRecord = {
  readonly type: 'conversation'
  readonly cursor: string
  readonly conversation_id: string
  readonly external_id: string | null
  readonly user_id: string | null
  readonly customer: string | null
  /** What its caller calls its type. */
  readonly kind: string | null
  readonly started_at: number | null
  readonly ended_at: number | null
  readonly metadata: Json | null
  readonly analysis: Json | null
  readonly created_at: number
  readonly active_at: number
}

/** Of which conversation something is, and whose that is: nothing is added to another one of the same id. */
type OfConversation = Pick<ConversationRecord, 'conversation_id' | 'user_id' | 'customer'>

export type MessageRecord = OfConversation & {
  readonly type: 'message'
  readonly cursor: string
  readonly seq: number
  /** The id of the message before it; null for the first one. */
  readonly after: string | null
  readonly message_id: string
  readonly role: string
  readonly content: string
  readonly said_at: number
  readonly speaker: string | null
  readonly session_id: string | null
  readonly metadata: Json | null
  readonly recorded_at: number
}

export type CompactionRecord = OfConversation & {
  readonly type: 'compaction'
  readonly cursor: string
  readonly version: number
  readonly compaction_id: string
  readonly strategy: string
  readonly target_tokens: number | null
  readonly through_seq: number
  /** The id of the last message it covers; null when it covers none. */
  readonly through: string | null
  readonly text: string
  readonly extracted: {
    readonly facts: readonly string[]
    readonly decisions: readonly string[]
    readonly preferences: readonly string[]
  }
  readonly current_state: string
  readonly original_tokens: number
  readonly compacted_tokens: number
  readonly validation_score: number
  readonly created_at: number
}

/** The key by which the run is known that took in the transcript of a conversation, or compacted it last. */
export type ConversationKeyRecord = {
  readonly type: 'conversation_key'
  readonly cursor: string
  readonly key: string
  readonly digest: string
  readonly run_id: string
  readonly accepted_at: number
}

/** What a conversation consists of. */
export type ConversationPart = ConversationRecord | MessageRecord | CompactionRecord

export type TransferRecord =
  | GroupRecord
  | UserRecord
  | DefinitionRecord
  | RunRecord
  | MemoryRecord
  | ConversationPart
  | ConversationKeyRecord

/** A record with what the store it comes to has to know besides. */
export type RunArrival = {
  readonly type: 'run'
  readonly record: RunRecord
  readonly groupId: string
  readonly laneId: string
  readonly userKey: string | null
}

export type MemoryArrival = {
  readonly type: 'memory'
  readonly record: MemoryRecord
  /** Of each version; null where it is not known. */
  readonly scopes: readonly (Scope | null)[]
  /** Of a memory that is there: how it is found. */
  readonly found: { readonly contentKey: string; readonly document: IndexDocument } | null
}

export type ConversationArrival = {
  readonly type: 'conversation'
  readonly record: ConversationPart
  readonly userKey: string | null
}

export type Arrival =
  | { readonly type: 'group'; readonly record: GroupRecord }
  | { readonly type: 'user'; readonly record: UserRecord; readonly userKey: string }
  | { readonly type: 'definition'; readonly record: DefinitionRecord }
  | RunArrival
  | MemoryArrival
  | ConversationArrival
  | { readonly type: 'conversation_key'; readonly record: ConversationKeyRecord }

/** `reason`: why a record was not taken in. */
export type TransferConflict = { readonly cursor: string; readonly reason: string }

export type TransferCounts = {
  readonly read: number
  readonly created: number
  /** Records that were there already, the same. */
  readonly unchanged: number
  readonly conflicts: number
}

/** One moment of a project, read piece by piece. */
export type Export = Disposable & {
  /** The next records after the place, in a stable order; fewer than `limit` only at the end. Null when there is no such place. */
  readonly read: (params: { after: string | null; limit: number }) => readonly TransferRecord[] | null
}

export type TransferStorage = {
  /** The state of now, however long the reading takes. */
  readonly openExport: () => Export
  /** Takes in the next records of the claimed run, and notes with it how far the run is. */
  readonly takeIn: (params: {
    claim: Claim
    arrivals: readonly Arrival[]
    conflicts: readonly TransferConflict[]
    isLast: boolean
    now: number
  }) => Promise<{ readonly kind: 'done' | 'cancelling' | 'claim_lost' }>
}
