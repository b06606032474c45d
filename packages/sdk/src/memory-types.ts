import type { Run } from './run-types.ts'
import type { Source } from './types.ts'

/** A memory as one run left it. */
export type MemoryVersion = {
  /** Counts from 1, over deletions too. */
  readonly version: number
  readonly kind: 'create' | 'update' | 'delete'
  /** Null when the memory was deleted. */
  readonly content: string | null
  /** The run that made it. */
  readonly runId: string
  /** What kind of run that was; null when it is not kept any more. */
  readonly inputType: Run['inputType'] | null
  readonly createdAt: string
  readonly sources: readonly Source[]
  /** The version whose state this one has again. */
  readonly restores: number | null
  /** The run that took it back. */
  readonly undoneBy: string | null
}
