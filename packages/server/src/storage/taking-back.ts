/** The part of the storage seam that tells what was, and changes what is there by hand. */
import type { Memory } from '../memories/memory.ts'
import type { MemoryVersion, VersionView } from '../memories/memory-version.ts'
import type { Outcome, Run } from '../runs/run.ts'
import type {
  CommitStepParams,
  MemoryFilter,
  NewRun,
  Page,
  Partition,
  PlannedOperation,
  Retraction,
} from './storage.ts'

export type EditParams = {
  readonly runId: string
  readonly memoryId: string
  readonly laneId: string
  /** Null when the memory says that already. */
  readonly operation: Extract<PlannedOperation, { kind: 'update' }> | null
  readonly idempotency: NewRun['idempotency']
  readonly traceparent: string | null
  readonly wire: string
  /** Kept with the run. */
  readonly metadata?: Run['metadata']
  readonly now: number
}

export type EditResult =
  | { readonly kind: 'done'; readonly run: Run }
  /** The key was seen before: this is the run it gave then. */
  | { readonly kind: 'replayed'; readonly runId: string }
  | { readonly kind: 'idempotency_mismatch' }
  /** The memory has changed or is gone, or another one of its scope says the same. */
  | { readonly kind: 'conflict'; readonly memoryId: string }

/** What a run did to one memory. `after` is null for deletions of old, which made no version. */
export type CommittedChange = {
  readonly kind: 'create' | 'update' | 'delete'
  readonly memoryId: string
  readonly before: number | null
  readonly after: number | null
}

/** What a run did to the sources of a memory, and nothing else of it. */
export type CommittedSource = Retraction & { readonly kind: 'add' | 'remove' }

/** In the order it was committed. */
export type CommittedWork = {
  readonly changes: readonly CommittedChange[]
  readonly sources: readonly CommittedSource[]
}

/** What a dry run has decided on and shown, to be committed. */
export type PlannedCommit = Pick<
  CommitStepParams,
  'operations' | 'confirmations' | 'retractions' | 'counts' | 'now'
> & {
  readonly runId: string
  readonly outcome: Outcome
}

export type PlannedCommitResult =
  | { readonly kind: 'committed' }
  /** Not a dry run that has ended and was not committed yet. */
  | { readonly kind: 'not_planned' }
  | { readonly kind: 'conflict'; readonly memoryId: string }
  | { readonly kind: 'topic_gone'; readonly topic: string }

/** A memory as it was, with what the index would have kept of it. */
export type VersionAt = Pick<MemoryVersion, 'memoryId' | 'version' | 'scope' | 'content' | 'origin'> & {
  /** Which of the partitions asked for it is in, and where. */
  readonly partition: number
  readonly position: number
}

export type TakingBack = {
  /** As it was at that instant; null when it was not there. */
  readonly getMemoryAt: (params: { memoryId: string; at: number }) => Promise<Memory | null>
  /** What was there at that instant, newest first, by creation. */
  readonly listMemoriesAt: (
    params: MemoryFilter & { readonly at: number; readonly limit: number; readonly cursor: string | null },
  ) => Promise<Page<Memory>>
  /** All that the partitions held at that instant, whatever its topic; null when that is more than `limit`. */
  readonly findVersionsAt: (params: {
    partitions: readonly Partition[]
    at: number
    limit: number
  }) => Promise<readonly VersionAt[] | null>

  /** Commits what a dry run has planned, all of it or nothing; the run tells of it as if it had done so itself. */
  readonly commitPlanned: (params: PlannedCommit) => Promise<PlannedCommitResult>

  readonly readCommitted: (runId: string) => Promise<CommittedWork>

  /** One version of a memory, or its last when `version` is null; also of one that is deleted. */
  readonly getVersion: (params: { memoryId: string; version: number | null }) => Promise<MemoryVersion | null>
  /** Newest first. */
  readonly listVersions: (params: {
    memoryId: string
    limit: number
    cursor: string | null
  }) => Promise<Page<VersionView>>
  /** Gives a memory another text as a run of its own, complete at once. */
  readonly editMemory: (params: EditParams) => Promise<EditResult>
}
