/**
 * The storage seam, in domain verbs. Each verb is one transaction and either happens wholly or not at all; a verb whose
 * answer acknowledges something to a caller resolves only after a synced commit. Every verb is asynchronous, takes the
 * instant as `now`, and may be called by many processes at once: no verb relies on what another call read before.
 *
 * Expected refusals are answers (`kind: …`), so that the caller must look at them; what is thrown is a broken store.
 *
 * One file because an engine is written against the whole of it, and read beside it.
 */
import type { Memory, Source } from '../memories/memory.ts'
import type { Group, Topic } from '../projects/group.ts'
import type { Pipeline } from '../projects/pipeline.ts'
import type { Properties, Scope } from '../projects/scope.ts'
import type { ProjectEvent } from '../runs/event-filter.ts'
import type { RunPayload } from '../runs/input.ts'
import type {
  Claim,
  EventType,
  Outcome,
  RecordedStep,
  Run,
  RunCounts,
  RunError,
  RunEvent,
  RunState,
  RunView,
  StepBeginning,
  StepRecord,
} from '../runs/run.ts'
import type { RunFilter } from '../runs/run-filter.ts'
import type { EndedSample } from '../runs/run-stats.ts'
import type { Hits, IndexDocument, Origin } from '../search/document.ts'
import type { AcceptResult, NewRun, RunKey } from './accepting.ts'
import type { Administration, ProjectAdministration } from './administration.ts'
import type { AgentStorage, TriggerLookup } from './agent-storage.ts'
import type { BufferStorage, Companion, EndedCompanion } from './buffer-storage.ts'
import type { ConversationStorage } from './conversation-storage.ts'
import type { ErasureStorage } from './erasure-storage.ts'
import type { Examined, Examiner, StoreCopy } from './store-upkeep.ts'
import type { TakingBack } from './taking-back.ts'
import type { TransferStorage } from './transfer.ts'
import type { DeliveryQueue, WebhookStorage } from './webhook-storage.ts'

export type * from './accepting.ts'
export type * from './conversation-storage.ts'
export type * from './store-upkeep.ts'

export type NewGroup = {
  readonly groupId: string
  readonly name: string
  readonly topics: readonly Topic[]
  /** The default one when absent. */
  readonly pipeline?: Pipeline
  /** Put nothing unless the group is at this version; 0: unless there is none yet. */
  readonly expectedVersion?: number
}

export type PutGroupResult =
  | { readonly kind: 'put'; readonly group: Group }
  | { readonly kind: 'topic_in_use'; readonly topic: string }
  /** The group is at another version than was expected, or gone. */
  | { readonly kind: 'moved' }

/** The run after what was asked of it; `unchanged` when its state left nothing to do. */
export type SteerResult =
  | { readonly kind: 'done' | 'unchanged'; readonly run: Run }
  | { readonly kind: 'unknown' }

export type RequeueResult = SteerResult | { readonly kind: 'no_room'; readonly run: Run }

/** A change decided by a transform. `contentKey` is the normalised statement: unique among the memories of a scope. */
export type PlannedOperation =
  | {
      readonly kind: 'create'
      readonly memoryId: string
      readonly scope: Scope
      readonly userId: string | null
      readonly content: string
      readonly contentKey: string
      readonly sources: readonly Source[]
      readonly document: IndexDocument
      readonly origin: Origin
      /** The version that is brought back: the memory stands where it stood then, and is as old. */
      readonly restores?: number
    }
  | {
      readonly kind: 'update'
      readonly memoryId: string
      readonly expectedVersion: number
      readonly content: string
      readonly contentKey: string
      /** Added to the sources the memory has; all it has then when a version is brought back. */
      readonly sources: readonly Source[]
      readonly document: IndexDocument
      readonly origin: Origin
      readonly restores?: number
      readonly expectedSources?: readonly Source[]
    }
  | {
      readonly kind: 'delete'
      readonly memoryId: string
      readonly expectedVersion: number
      /** It is a conflict too when the memory has other sources by now. */
      readonly expectedSources?: readonly Source[]
      /** The deletion that is in force again; 0 when the memory had never been there before. */
      readonly restores?: number
    }

export type Confirmation = { readonly memoryId: string; readonly source: Source }

/** A source that a memory loses again, if it has it, and the one that had to give way to it then. */
export type Retraction = Confirmation & { readonly dropped: Source | null }

export type FailedAttempt = {
  readonly claim: Claim
  readonly error: RunError
  /** The step that failed; null when none had begun. */
  readonly step: StepRecord | null
  readonly now: number
}

export type CommitStepParams = {
  readonly claim: Claim
  readonly operations: readonly PlannedOperation[]
  /** Memories said again, unchanged: they gain a source. */
  readonly confirmations: readonly Confirmation[]
  readonly retractions?: readonly Retraction[]
  readonly counts: RunCounts
  readonly step: StepRecord
  /** The other runs that go on together with this one. */
  readonly companions?: readonly Companion[]
  /** Whose operation it is, by memory, where they are several: runs that go on together. Of this run where it is not said. */
  readonly owners?: Readonly<Record<string, readonly string[]>>
  readonly now: number
}

export type CommitParams = CommitStepParams & {
  readonly companions?: readonly EndedCompanion[]
  readonly state: Extract<RunState, 'completed' | 'partial'>
  readonly outcome: Outcome
  readonly error: RunError | null
  readonly result?: Run['result']
}

export type CommitResult =
  | { readonly kind: 'committed' }
  /** A memory the transform decided on has changed, or the statement exists by now: transform again. */
  | { readonly kind: 'conflict'; readonly memoryId: string }
  | { readonly kind: 'claim_lost' }
  /** A run that goes on together with this one was cancelled meanwhile. */
  | { readonly kind: 'company_changed' }
  /** The topic is gone from the group since the run was accepted, or scoped differently: nobody would find what it makes. */
  | { readonly kind: 'topic_gone'; readonly topic: string }
  /** Somebody wanted the run cancelled before it came to its commit, so nothing was committed. */
  | { readonly kind: 'cancelling' }

/** `cancelling`: it is done, the claim still holds, and somebody wants the run to end. */
export type Guarded = { readonly kind: 'done' | 'cancelling' | 'claim_lost' }

/** Memories of one group that one index serves together: a user's, or (null) those of nobody in particular. */
export type Partition = { readonly groupId: string; readonly userKey: string | null }

/** Admits memories of `topic` whose scope properties have these values. */
export type TopicFilter = { readonly topic: string; readonly properties: Properties }

export type MemoryFilter = {
  readonly partitions: readonly Partition[]
  readonly topics: readonly TopicFilter[]
}

export type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null }

type ProjectParts = ProjectAdministration & TakingBack & BufferStorage

/** Reads and writes of one project. No verb can reach another. */
export type ProjectStorage = ProjectParts & {
  readonly projectId: string

  readonly listGroups: () => Promise<readonly Group[]>
  readonly getGroup: (name: string) => Promise<Group | null>
  /** As it is now, or as it was at that version. */
  readonly getGroupById: (groupId: string, version?: number) => Promise<Group | null>
  /**
   * Creates the group, or makes a new version of it unless it is as it was; not when a topic with memories would go or change its
   * scoping.
   */
  readonly putGroup: (params: NewGroup & { readonly now: number }) => Promise<PutGroupResult>
  readonly hasUser: (userKey: string) => Promise<boolean>

  readonly acceptRun: (run: NewRun) => Promise<AcceptResult>
  readonly getRun: (runId: string) => Promise<RunView | null>
  /** The run that has the key, of what it is the only one, and since when. */
  readonly findRunByKey: (
    key: string,
  ) => Promise<{ readonly runId: string; readonly digest: string; readonly acceptedAt: number } | null>
  /** Newest first, by creation. A page may be short, even empty, and yet have a next one: it looks at a bounded number of runs. */
  readonly listRuns: (params: {
    filter: RunFilter
    limit: number
    cursor: string | null
  }) => Promise<Page<RunView>>
  /** Runs by state; a state that is missing has none. */
  readonly countRuns: () => Promise<ReadonlyMap<RunState, number>>
  /** Acceptance of the oldest run that waits for its first attempt. */
  readonly oldestWaitingAt: () => Promise<number | null>
  /** Times of the runs that ended after an instant; of many, a sample. */
  readonly sampleEnded: (params: { after: number }) => Promise<EndedSample>
  /** What is told is synced: a reader that goes on after the last of them never sees its number given to another event. */
  readonly listEvents: (params: {
    runId: string
    after: number
    limit: number
  }) => Promise<readonly RunEvent[]>
  /** Of all runs, in the order they were written. Synced too. */
  readonly listProjectEvents: (params: { after: number; limit: number }) => Promise<readonly ProjectEvent[]>
  /** The number of the last of them, 0 when there is none. Synced too. */
  readonly lastProjectSeq: () => Promise<number>
  readonly listSteps: (runId: string) => Promise<readonly RecordedStep[]>

  readonly readPayload: (runId: string) => Promise<RunPayload | null>
  readonly renewLease: (params: { claim: Claim; leaseUntil: number }) => Promise<Guarded>
  /**
   * Tells of a step that is about to begin. Not synced by itself, whoever reads events has that done; what is recorded later is synced
   * behind it.
   */
  readonly beginStep: (params: { claim: Claim; step: StepBeginning }) => Promise<Guarded>
  readonly recordStep: (params: { claim: Claim; step: StepRecord }) => Promise<Guarded>
  /** The attempt failed; the run keeps its lane and may be claimed again from `retryAt` on. */
  readonly retryRun: (params: FailedAttempt & { readonly retryAt: number }) => Promise<Guarded>
  /** The run failed for good, and with it those that go on together with it; one that had committed something is partial. */
  readonly failRun: (params: FailedAttempt & { readonly counts?: RunCounts }) => Promise<Guarded>
  /** Commits and ends the run. */
  readonly commitRun: (params: CommitParams) => Promise<CommitResult>
  /** Commits; the run goes on to its next step. */
  readonly commitStep: (params: CommitStepParams) => Promise<CommitResult>
  /** The run ends as it was asked to, with what it had committed by then. */
  readonly cancelAttempt: (params: { claim: Claim; now: number }) => Promise<Guarded>

  /** Runs that wait end at once; one that is worked on is asked to end. */
  readonly cancelRun: (params: { runId: string; reason: string | null; now: number }) => Promise<SteerResult>
  /** Opens a run that failed, wholly or in part, or was cancelled; the outputs of `voidSteps` are not used again. */
  readonly requeueRun: (params: {
    runId: string
    voidSteps: readonly string[]
    queueDepthMax: number
    now: number
  }) => Promise<RequeueResult>
  readonly dismissRun: (params: { runId: string; now: number }) => Promise<SteerResult>
  readonly getQueue: () => Promise<ProjectQueue>
  readonly setQueueState: (state: QueueState) => Promise<void>

  readonly getMemory: (memoryId: string) => Promise<Memory | null>
  readonly getMemories: (memoryIds: readonly string[]) => Promise<readonly Memory[]>
  /** Newest first, by creation. */
  readonly listMemories: (
    params: MemoryFilter & { readonly limit: number; readonly cursor: string | null },
  ) => Promise<Page<Memory>>
  /** Deletes as a run of its own, complete at once; null when there is no such memory. */
  readonly deleteMemory: (params: {
    runId: string
    memoryId: string
    laneId: string
    /** By which the run is found again. */
    idempotency?: RunKey | null
    traceparent?: string | null
    /** `native` when absent. */
    wire?: string
    now: number
  }) => Promise<Run | null>
  /** The oldest memory of the scope; that of a bounded topic is the only one. */
  readonly findInScope: (scope: Scope) => Promise<Memory | null>
  readonly findByContentKey: (params: { scope: Scope; contentKey: string }) => Promise<Memory | null>
  /** Memories of the scope that share with `terms` at least `share` of the terms of the shorter statement, most shared first. */
  readonly findSimilar: (params: {
    scope: Scope
    terms: readonly string[]
    share: number
    limit: number
  }) => Promise<readonly Memory[]>
  /** The documents that hold any of the terms, and those up to `window` positions beside one. */
  readonly findDocuments: (
    params: MemoryFilter & { readonly terms: readonly string[]; readonly window: number },
  ) => Promise<Hits>

  readonly webhooks: WebhookStorage
  readonly agents: AgentStorage
  readonly erasure: ErasureStorage
  readonly transfer: TransferStorage
  readonly conversations: ConversationStorage
}

/** `active` works and accepts; `paused` accepts and starts nothing; `draining` works off what waits and accepts nothing. */
export type QueueState = 'active' | 'paused' | 'draining'

/** `depth`: runs that have not ended. */
export type ProjectQueue = { readonly state: QueueState; readonly depth: number }

export type QueueStatus = {
  /** Runs that have not ended, of all projects. */
  readonly openCount: number
  /** Acceptance of the oldest run that waits for its first attempt. */
  readonly oldestWaitingAt: number | null
}

/** What waits and what is worked on, of all projects. No count exceeds the `countMax` it was asked with, except that of `queued`. */
export type Census = {
  readonly openRuns: readonly { readonly state: RunState; readonly count: number }[]
  readonly pendingDeliveries: number
}

/** What the store takes on its disk, in bytes. `logBytes` is of what was written and not yet worked in, 0 where there is no such thing. */
export type StoreSizes = { readonly dataBytes: number; readonly logBytes: number }

/** Writes that shared one transaction. */
export type WrittenBatch = {
  readonly writes: number
  /** Whether the disk was waited for. */
  readonly isSynced: boolean
  readonly seconds: number
  /** None of them happened. */
  readonly isFailed: boolean
}
/** An event of this run and type was written. */
export type EventHint = { readonly projectId: string; readonly runId: string; readonly type: EventType }

/** Of the server as a whole. */
type Server = AsyncDisposable & Administration & TriggerLookup

export type Storage = Server & {
  readonly engine: string
  /** Opens nothing: every verb of the answer names the project. */
  readonly project: (projectId: string) => ProjectStorage

  /** Rejects unless the store can be read and written. */
  readonly check: () => Promise<void>
  /** Whose run it is, whatever the project: only to tell 403 from 404. */
  readonly findRunProject: (runId: string) => Promise<string | null>

  /**
   * The next runs to work on, at most `limit`: fair over projects and over the lanes of a project, at most one of a lane.
   * Leases that have run out are claimed again.
   */
  readonly claimRuns: (params: {
    limit: number
    leaseMs: number
    /** Bound of runs that have none of their own. */
    runTimeoutMs: number
    now: number
  }) => Promise<readonly { claim: Claim; run: Run }[]>
  /** The next instant at which claimRuns may find something that it does not find now; null when only new work can change that. */
  readonly nextDueAt: () => Promise<number | null>
  readonly queueStatus: () => Promise<QueueStatus>
  readonly census: (params: { countMax: number }) => Promise<Census>
  readonly sizes: () => Promise<StoreSizes>
  /** Holds the whole store against everything that must be true of it, while it is in use. Every check is answered, in order. */
  readonly examine: (onExamined?: Examiner) => Promise<readonly Examined[]>
  /** Makes a copy of one moment, while the store is in use, and checks that it is whole. */
  readonly openCopy: () => Promise<StoreCopy>
  /**
   * Calls `listener` after commits that wrote events, for each of them; answers how to end that. A hint only says where to look: it may
   * come late or twice, and what was not committed in the end may be hinted at too. The listener must not throw.
   */
  readonly watch: (listener: (hint: EventHint) => void) => () => void
  /** Forgets idempotency keys; at most `limit` a call. Answers how many went. */
  readonly prune: (params: { idempotencyBefore: number; limit: number }) => Promise<number>
  readonly deliveries: DeliveryQueue
}
