/** The shapes of runs, in camelCase. Instants are RFC 3339 strings. */
import type { Trigger } from './group-types.ts'

export type RunStatus = 'running' | 'in_buffer' | 'completed' | 'failed'

export type RunState = 'queued' | 'running' | 'buffered' | 'completed' | 'partial' | 'failed' | 'cancelled'

export type Operation = { readonly memoryId: string; readonly committedAt: string }

/** One execution of a pipeline on one input. */
export type Run = {
  readonly runId: string
  readonly status: RunStatus
  /** Exacter than `status`. All but `queued`, `running` and `buffered` are final. */
  readonly state: RunState
  /** What a run that does not move waits for. */
  readonly waiting:
    | { readonly reason: 'queue' }
    | { readonly reason: 'delay' | 'retry'; readonly until: string }
    | {
        readonly reason: 'buffer'
        readonly step: string
        /** Runs in the buffer. */
        readonly count: number
        readonly trigger: Trigger
        /** When it goes on at the latest; null while it waits for a count alone. */
        readonly flushAt: string | null
      }
    | null
  /** Counts from 1; 0 while queued. */
  readonly attempt: number
  readonly groupId: string
  readonly userId?: string
  readonly startingStep: number
  readonly inputType:
    | 'string'
    | 'conversation'
    | 'pre_extracted'
    | 'document'
    | 'delete'
    | 'edit'
    | 'bulk'
    | 'erase'
    | 'import'
    | 'undo'
    | 'agent'
    | 'tool'
    | 'compact'
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
  /** The run that asked for it, and goes on when it has ended. */
  readonly parentRunId: string | null
  /** The agent or the tool that it is a run of. */
  readonly subjectId: string | null
  /** Agent runs of one conversation go on from each other. */
  readonly conversationId: string | null
  /** The run that took back what this one committed. */
  readonly undoneBy: string | null
  /** It is cancelled unless started by then. */
  readonly expiresAt: string | null
  /** It fails unless it has ended by then. */
  readonly deadlineAt: string | null
  readonly cancelRequestedAt: string | null
  readonly dismissedAt: string | null
  /** What a maintenance run, a dry run, or a run of an agent or a tool reports. */
  readonly result: Readonly<Record<string, unknown>> | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly startedAt: string | null
  readonly completedAt: string | null
}

/** Which runs are meant: those that every given member admits. */
export type RunFilter = {
  readonly state?: RunState | undefined
  readonly status?: RunStatus | undefined
  readonly userId?: string | undefined
  readonly group?: string | undefined
  readonly inputType?: Run['inputType'] | undefined
  readonly tag?: string | undefined
  /** Only runs that were dismissed, or only others. */
  readonly dismissed?: boolean | undefined
  /** Accepted then or later. */
  readonly createdAfter?: string | Date | undefined
  /** Accepted earlier than then. */
  readonly createdBefore?: string | Date | undefined
  /** Ended then or later. */
  readonly completedAfter?: string | Date | undefined
  /** Ended earlier than then. */
  readonly completedBefore?: string | Date | undefined
  /** Text in the error that the run failed with, or in its code, of whatever case. */
  readonly error?: string | undefined
}

export type RunEventType =
  | 'run.accepted'
  | 'run.started'
  | 'step.started'
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
  | 'run.buffered'
  | 'run.resumed'
  | 'run.committed'
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
