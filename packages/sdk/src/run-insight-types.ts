/** What is told of runs besides themselves: their steps, and numbers about many. */
import type { RunState } from './types.ts'

export type StepCounts = {
  readonly count: number
  readonly failed?: number
  readonly created?: number
  readonly updated?: number
  readonly deleted?: number
}

/** One attempt of one step. */
export type RunStep = {
  readonly name: string
  readonly type: string
  /** Of the run. */
  readonly attempt: number
  readonly status: 'running' | 'completed' | 'failed'
  readonly startedAt: string
  readonly completedAt: string | null
  readonly durationMs: number | null
  readonly error: { readonly stage: string; readonly code: string; readonly detail: string } | null
  /** When the next attempt might start, after one that failed. */
  readonly retryAt: string | null
  /** A later attempt did not go on from it. */
  readonly void: boolean
  readonly inputs: StepCounts | null
  readonly outputs: StepCounts | null
  readonly model: string | null
  readonly tokens: number | null
  readonly cost: number | null
  /** As the server keeps it; null when too long to be shown. Absent unless asked for. */
  readonly output?: unknown
  /** Characters of it as JSON. */
  readonly outputLength?: number
}

export type StatWindow = 'minute' | 'hour' | 'day'

/** Milliseconds that so many percent of the runs took at most. */
export type Spread = { readonly p50: number; readonly p95: number }

export type RunStats = {
  readonly states: Readonly<Record<RunState, number>>
  /** Acceptance of the oldest run that waits for its first attempt. */
  readonly oldestWaitingAt: string | null
  readonly oldestWaitingMs: number
  readonly windows: readonly {
    readonly window: StatWindow
    readonly ended: number
    /** There were many: the numbers are estimated from a sample. */
    readonly sampled: boolean
    readonly runsPerSecond: number
    readonly waitingMs: Spread | null
    readonly processingMs: Spread | null
    readonly totalMs: Spread | null
  }[]
}
