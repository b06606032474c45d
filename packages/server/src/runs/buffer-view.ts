import type { Trigger } from '../projects/pipeline.ts'

/** The buffer that a run is in. `flushAt`: when it goes on at the latest; null while it waits for a count alone, or has gone on. */
export type BufferView = {
  readonly step: string
  /** Runs in it. */
  readonly count: number
  readonly trigger: Trigger
  readonly flushAt: number | null
}
