/** The shapes of the API, in camelCase. Instants are RFC 3339 strings, e.g. `2026-11-01T08:00:05.000Z`. */
import type { Run, RunStatus } from './run-types.ts'
import type { StartedWebhook } from './webhook-types.ts'

export type * from './group-types.ts'
export type * from './memory-types.ts'
export type * from './run-types.ts'

export type Properties = Readonly<Record<string, string>>

export type Role = 'user' | 'assistant' | 'system' | 'tool' | 'developer'

export type ToolCall = {
  readonly id: string
  readonly type: string
  /** `arguments` is JSON text. */
  readonly function?: { readonly name: string; readonly arguments: string }
  readonly custom?: { readonly name: string; readonly input: string }
}

export type Message = {
  readonly role: Role
  readonly content?: string
  /** Your id of the message; the sources of memories name it. */
  readonly id?: string
  /** Who speaks, or the tool's name. */
  readonly name?: string
  /** When it was said; now, if absent. */
  readonly createdAt?: string | Date
  readonly toolCallId?: string
  readonly toolCalls?: readonly ToolCall[]
}

export type StringInput = {
  readonly string: { readonly content: readonly string[]; readonly createdAt?: string | Date }
}

/** Finished statements with their topics: nothing is extracted, only compared with what is known and committed. */
export type PreExtractedInput = {
  readonly preExtracted: { readonly items: readonly { readonly content: string; readonly topic: string }[] }
}

export type ConversationInput = {
  readonly conversation: {
    readonly messages: readonly Message[]
    readonly metadata?: Readonly<Record<string, unknown>>
    readonly createdAt?: string | Date
  }
}

/** A text, or a file of which the text is read; its parts become the inputs of the run. */
export type DocumentInput = {
  readonly document: (
    | { readonly text: string }
    | {
        /** Its bytes in base64. A large one goes by `memories.addFile`. */
        readonly file: string
        readonly filename?: string
        /** As declared, with its charset if it has one. */
        readonly mediaType?: string
      }
  ) & {
    /** What you call it: a format, or what kind of text it is. */
    readonly documentType?: string
    /** When it was written; else when the file says. */
    readonly createdAt?: string | Date
  }
}

/** What can be remembered: a text, several texts, the messages of a conversation, or an input spelt out. */
export type AddInput =
  | string
  | readonly string[]
  | readonly Message[]
  | StringInput
  | PreExtractedInput
  | ConversationInput
  | DocumentInput

/** The answer to an add: the run is stored durably, its work is still to come. */
export type AcceptedRun = {
  readonly runId: string
  readonly status: RunStatus
  /** The run was accepted by an earlier request under the same idempotency key. */
  readonly replayed: boolean
  /** The run, if it was waited for and has ended. */
  readonly run?: Run
  /** The webhook that the request brought along; null when it is there no more. */
  readonly webhook?: StartedWebhook | null
}

/** Where a memory comes from: the passage of one input of one run. */
export type Source = {
  readonly runId: string
  /** Number of the input within the run, from 0. */
  readonly input: number
  /** Position of the message within its conversation, from 0. */
  readonly message: number | null
  readonly messageId: string | null
  readonly role: Role | null
  readonly name: string | null
  readonly saidAt: string | null
}

/** One self-contained statement. `version` counts from 1. */
export type Memory = {
  readonly id: string
  readonly projectId: string
  readonly content: string
  readonly topic: string
  readonly group: string
  readonly version: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly sources: readonly Source[]
  /** Absent from memories of project-wide topics. */
  readonly userId?: string
  readonly properties?: Properties
}

export type FoundMemory = Memory & {
  /** From 0 to 1, greater is better; absent where nothing was ranked (`fetch`). */
  readonly score?: number
}

export type RetrievalType = 'hybrid' | 'vector' | 'bm25' | 'fetch'

export type SearchResult = {
  /** Best first. */
  readonly memories: readonly FoundMemory[]
  /** How many were returned. */
  readonly total: number
  /** How it was searched. `note` says so when the server cannot do what was asked. */
  readonly retrieval: {
    readonly requested: RetrievalType
    readonly used: string
    readonly note?: string
  }
}

/** One topic of a search or list. Its properties go before the general ones; null lifts a general one. */
export type TopicFilter =
  | string
  | { readonly name: string; readonly properties?: Readonly<Record<string, string | null>> }

export type Health = { readonly status: string; readonly service: string }

/** One thing that must be true of the store, and whether it is. */
export type Examined = {
  /** Stable, for programs. */
  readonly check: string
  /** What must hold. */
  readonly sentence: string
  /** Where it does not hold, counted up to a thousand. */
  readonly wrongCount: number
  /** Ids and numbers, never contents. */
  readonly examples: readonly string[]
}

export type Examination = { readonly healthy: boolean; readonly checks: readonly Examined[] }

/** The copy of a whole store, to be read once. */
export type Backup = { readonly stream: ReadableStream<Uint8Array>; readonly sizeBytes: number }
