/** The shapes of the API, in camelCase. Instants are RFC 3339 strings, e.g. `2026-11-01T08:00:05.000Z`. */
export type * from './group-types.ts'

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

/** What can be remembered: a text, several texts, the messages of a conversation, or an input spelt out. */
export type AddInput =
  | string
  | readonly string[]
  | readonly Message[]
  | StringInput
  | PreExtractedInput
  | ConversationInput

/** The answer to an add: the run is stored durably, its work is still to come. */
export type AcceptedRun = {
  readonly runId: string
  readonly status: RunStatus
  /** The run was accepted by an earlier request under the same idempotency key. */
  readonly replayed: boolean
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

export type RunStatus = 'running' | 'in_buffer' | 'completed' | 'failed'

export type RunState = 'queued' | 'running' | 'completed' | 'partial' | 'failed' | 'cancelled'

export type Operation = { readonly memoryId: string; readonly committedAt: string }

/** One execution of a pipeline on one input. */
export type Run = {
  readonly runId: string
  readonly status: RunStatus
  /** Exacter than `status`. All but `queued` and `running` are final. */
  readonly state: RunState
  /** What a run that does not move waits for. */
  readonly waiting:
    | { readonly reason: 'queue' }
    | { readonly reason: 'delay' | 'retry'; readonly until: string }
    | null
  /** Counts from 1; 0 while queued. */
  readonly attempt: number
  readonly groupId: string
  readonly userId?: string
  readonly startingStep: number
  readonly inputType: 'string' | 'conversation' | 'pre_extracted' | 'delete'
  /** `<stage> failed: <reason>` */
  readonly error: string | null
  /** Number of its last event. */
  readonly eventSeq: number
  /** What a completed run came to; `no_facts` means there was nothing worth keeping. */
  readonly outcome: 'committed' | 'unchanged' | 'no_facts' | 'planned' | 'done' | null
  readonly counts: {
    readonly inputs: number
    readonly failedInputs: number
    readonly candidates: number
    readonly created: number
    readonly updated: number
    readonly deleted: number
    readonly unchanged: number
  }
  readonly committedOperations: {
    readonly created: readonly Operation[]
    readonly updated: readonly Operation[]
    readonly deleted: readonly Operation[]
  } | null
  /** W3C Trace Context of the request that made it. */
  readonly traceparent: string | null
  readonly priority: number
  readonly tags: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>> | null
  readonly dryRun: boolean
  /** The API it came through. */
  readonly wire: string
  /** The run whose input it has. */
  readonly replayOf: string | null
  /** The run whose operations it takes back. */
  readonly undoOf: string | null
  /** It is cancelled unless started by then. */
  readonly expiresAt: string | null
  /** It fails unless it has ended by then. */
  readonly deadlineAt: string | null
  readonly cancelRequestedAt: string | null
  readonly dismissedAt: string | null
  /** What a maintenance run or a dry run reports. */
  readonly result: Readonly<Record<string, unknown>> | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly startedAt: string | null
  readonly completedAt: string | null
}

export type RunEventType =
  | 'run.accepted'
  | 'run.started'
  | 'step.completed'
  | 'step.failed'
  | 'run.retrying'
  | 'run.completed'
  | 'run.partial'
  | 'run.failed'
  | 'run.cancelled'
  | 'run.cancelling'
  | 'run.requeued'
  | 'run.dismissed'
  | 'memory.created'
  | 'memory.updated'
  | 'memory.deleted'

/** A moment of a run's progress. `seq` counts within the run from 1. */
export type RunEvent = {
  readonly seq: number
  readonly type: RunEventType
  readonly at: string
  readonly runId: string
  readonly data: Readonly<Record<string, unknown>>
}

/** An event among those of all runs of a project. `projectSeq` rises in the order they were written. */
export type ProjectEvent = RunEvent & {
  readonly projectSeq: number
  /** Absent where the run has no user. */
  readonly userId?: string
}

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
