/** How a project's runs fare: what is in which state, and how fast they went in the last minute, hour and day. */
import type { Access } from '../projects/access.ts'
import { type RunState, runStates } from './run.ts'

/** Instants of a run that has ended; `startedAt` is null when no attempt had begun. */
export type EndedTimes = {
  readonly createdAt: number
  readonly startedAt: number | null
  readonly completedAt: number
}

/** Ended runs of a range of time: all of them, or, when they are many, each `every`th. */
export type EndedSample = { readonly every: number; readonly times: readonly EndedTimes[] }

export const statWindows = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const
export type StatWindow = keyof typeof statWindows

/** Milliseconds; the value that so many percent of the runs stay at or below. */
export type Spread = { readonly p50: number; readonly p95: number }

export type WindowStats = {
  readonly window: StatWindow
  /** Runs that ended in it; estimated when only a sample was read. */
  readonly endedCount: number
  readonly isSampled: boolean
  readonly runsPerSecond: number
  /** From acceptance to the first attempt, from there to the end, and both; null when no run with an attempt ended. */
  readonly waitingMs: Spread | null
  readonly processingMs: Spread | null
  readonly totalMs: Spread | null
}

export type RunStats = {
  readonly counts: Readonly<Record<RunState, number>>
  /** Acceptance of the oldest run that waits for its first attempt. */
  readonly oldestWaitingAt: number | null
  readonly windows: readonly WindowStats[]
}

export const readRunStats = async (
  { storage, clock }: Pick<Access, 'storage' | 'clock'>,
  windows: readonly StatWindow[],
): Promise<RunStats> => {
  const now = clock.now()
  const [counted, oldestWaitingAt, ...samples] = await Promise.all([
    storage.countRuns(),
    storage.oldestWaitingAt(),
    ...windows.map((window) => storage.sampleEnded({ after: now - statWindows[window] })),
  ])
  return {
    // safety: an entry for each state
    counts: Object.fromEntries(
      runStates.map((state) => [state, counted.get(state) ?? 0]),
    ) as RunStats['counts'],
    oldestWaitingAt,
    windows: windows.map((window, index) => statsOf(window, samples[index] ?? { every: 1, times: [] })),
  }
}

const statsOf = (window: StatWindow, { every, times }: EndedSample): WindowStats => {
  const worked = times.flatMap(({ createdAt, startedAt, completedAt }) =>
    startedAt === null ? [] : [{ createdAt, startedAt, completedAt }],
  )
  const endedCount = times.length * every
  return {
    window,
    endedCount,
    isSampled: every > 1,
    runsPerSecond: endedCount / (statWindows[window] / 1_000),
    waitingMs: spreadOf(worked.map(({ createdAt, startedAt }) => startedAt - createdAt)),
    processingMs: spreadOf(worked.map(({ startedAt, completedAt }) => completedAt - startedAt)),
    totalMs: spreadOf(worked.map(({ createdAt, completedAt }) => completedAt - createdAt)),
  }
}

/** Nearest rank; a clock that was set back makes no negative time. */
const spreadOf = (values: readonly number[]): Spread | null => {
  if (values.length === 0) return null
  const sorted = values.map((value) => Math.max(0, value)).sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0
  return { p50: at(0.5), p95: at(0.95) }
}
