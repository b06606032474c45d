/** What looking after a store as a whole speaks of. */
import type { Readable } from 'node:stream'

/** One thing that must hold, and whether it does. `wrongCount` is cut at WRONG_COUNT_MAX; examples name ids, never contents. */
export type Examined = {
  /** Stable, for programs. */
  readonly check: string
  /** What must hold. */
  readonly sentence: string
  readonly wrongCount: number
  readonly examples: readonly string[]
}

/** A consistent copy of the whole store, to be read once. Disposing of it removes it. */
export type StoreCopy = AsyncDisposable & {
  readonly sizeBytes: number
  readonly read: () => Readable
}

/** Called after each check. */
export type Examiner = (
  examined: Examined,
  progress: { readonly done: number; readonly total: number },
) => void
