import type { Scope } from '../projects/scope.ts'
import type { InputType } from '../runs/run.ts'
import type { Origin } from '../search/document.ts'
import type { Source } from './memory.ts'

/**
 * A memory as one run left it. A deletion is a version too: its content is empty and it has no sources. Versions count from 1 and go
 * on over deletions.
 */
export type MemoryVersion = {
  readonly memoryId: string
  readonly version: number
  readonly kind: 'create' | 'update' | 'delete'
  readonly runId: string
  readonly scope: Scope
  readonly groupName: string
  /** The user as first written by the caller; null for project-wide topics. */
  readonly userId: string | null
  readonly content: string
  readonly origin: Origin
  /** When the version was made. */
  readonly sources: readonly Source[]
  /** When it was left, or now: with what said the same since. */
  readonly lastSources: readonly Source[]
  readonly createdAt: number
  /** Since when the memory is there. */
  readonly memoryCreatedAt: number
  /** The version whose state this one has again, when it was made by an undo; 0 when that is not to be there. */
  readonly restores: number | null
}

/** A version as its history shows it. */
export type VersionView = {
  readonly version: MemoryVersion
  /** What kind of run made it; null when that is not kept any more. */
  readonly inputType: InputType | null
  /** The run that took it back. */
  readonly undoneBy: string | null
}
