/** The part of the storage seam that tells what was, and changes what is there by hand. */
import type { MemoryVersion, VersionView } from '../memories/memory-version.ts'
import type { Run } from '../runs/run.ts'
import type { NewRun, Page, PlannedOperation, Retraction } from './storage.ts'

export type EditParams = {
  readonly runId: string
  readonly memoryId: string
  readonly laneId: string
  /** Null when the memory says that already. */
  readonly operation: Extract<PlannedOperation, { kind: 'update' }> | null
  readonly idempotency: NewRun['idempotency']
  readonly traceparent: string | null
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

export type TakingBack = {
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
