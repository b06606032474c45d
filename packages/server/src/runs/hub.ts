/**
 * Where those gather who follow runs: streams and waits. The store hints at what was written; the hub passes a hint on to whoever
 * follows that very run or project, so an open stream costs nothing while others work. It also bounds how many there are, gives
 * each its turn now and then (heartbeats, time-outs), and sends all of them away when the server stops.
 */
import type { Clock } from '../kernel/clock.ts'
import type { Limits } from '../kernel/limits.ts'
import { type Problem, problem } from '../kernel/problem.ts'
import type { EventHint, Storage } from '../storage/storage.ts'

/** One who follows. */
export type Guest = {
  /** The server stops: end soon. */
  readonly leave: () => void
  /** Called about once a second. */
  readonly tick?: (now: number) => void
}

export type Hub = {
  /** Streams and waits that are open. */
  readonly count: () => number
  /** Takes a guest in and answers how it goes; null when there is no room. */
  readonly enter: (guest: Guest) => (() => void) | null
  /** Answers how to end it. Listeners must not throw. */
  readonly onRun: (run: Pick<EventHint, 'projectId' | 'runId'>, listener: Listener) => () => void
  readonly onProject: (projectId: string, listener: Listener) => () => void
  readonly hasRoom: () => boolean
  readonly isStopping: () => boolean
  readonly stop: () => void
}

type Listener = (hint: EventHint) => void

const TICK_MS = 1_000

export const createHub = (dependencies: {
  readonly storage: Pick<Storage, 'watch'>
  readonly limits: Pick<Limits, 'streamCountMax'>
  readonly clock: Clock
}): Hub => {
  const { storage, limits, clock } = dependencies
  const guests = new Set<Guest>()
  const byRun = createListeners()
  const byProject = createListeners()
  const stopping = new AbortController()
  let isTicking = false

  const unwatch = storage.watch((hint) => {
    byRun.call(runKey(hint), hint)
    byProject.call(hint.projectId, hint)
  })

  const tickWhileThereAreGuests = async () => {
    isTicking = true
    while (guests.size > 0 && !stopping.signal.aborted) {
      await clock.sleep(TICK_MS, stopping.signal)
      const now = clock.now()
      for (const guest of guests) guest.tick?.(now)
    }
    isTicking = false
  }

  return {
    count: () => guests.size,
    enter: (guest) => {
      if (guests.size >= limits.streamCountMax) return null
      guests.add(guest)
      if (!isTicking) void tickWhileThereAreGuests()
      return () => void guests.delete(guest)
    },
    hasRoom: () => guests.size < limits.streamCountMax,
    onRun: (run, listener) => byRun.add(runKey(run), listener),
    onProject: (projectId, listener) => byProject.add(projectId, listener),
    isStopping: () => stopping.signal.aborted,
    stop: () => {
      if (stopping.signal.aborted) return
      stopping.abort()
      unwatch()
      for (const guest of [...guests]) guest.leave()
    },
  }
}

/** What is answered when the hub takes nobody in. */
export const tooManyStreams = ({ streamCountMax }: Pick<Limits, 'streamCountMax'>): Problem =>
  problem('too_many_streams', `${streamCountMax} streams and waits are open, as many as this server holds.`, {
    retryAfterSeconds: FULL_RETRY_AFTER_SECONDS,
  })

const FULL_RETRY_AFTER_SECONDS = 5

const runKey = ({ projectId, runId }: Pick<EventHint, 'projectId' | 'runId'>): string =>
  `${projectId}/${runId}`

const createListeners = () => {
  const listeners = new Map<string, Set<Listener>>()
  return {
    add: (key: string, listener: Listener) => {
      const some = listeners.get(key) ?? new Set()
      listeners.set(key, some.add(listener))
      return () => {
        some.delete(listener)
        if (some.size === 0 && listeners.get(key) === some) listeners.delete(key)
      }
    },
    call: (key: string, hint: EventHint) => {
      for (const listener of listeners.get(key) ?? []) listener(hint)
    },
  }
}
