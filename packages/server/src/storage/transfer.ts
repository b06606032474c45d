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

export type TransferRecord = GroupRecord | UserRecord | DefinitionRecord | RunRecord | MemoryRecord

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

export type Arrival =
  | { readonly type: 'group'; readonly record: GroupRecord }
  | { readonly type: 'user'; readonly record: UserRecord; readonly userKey: string }
  | { readonly type: 'definition'; readonly record: DefinitionRecord }
  | RunArrival
  | MemoryArrival

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
