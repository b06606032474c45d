/**
 * Searches, counted in memory and written every few seconds: a write for each would make a read as dear as an add. A crash loses
 * those of the last USAGE_FLUSH_MS; a store that cannot be written gets them with the next round.
 */
import { type Clock, dayOf } from '../kernel/clock.ts'
import { USAGE_FLUSH_MS } from '../kernel/limits.ts'
import type { Log } from '../kernel/log.ts'
import type { Storage } from '../storage/storage.ts'
import type { UsageCount } from './usage.ts'

export type UsageMeter = {
  readonly countSearch: (projectId: string) => void
  /** Writes what was counted so far. Rejects when the store cannot; nothing is lost then. */
  readonly flush: () => Promise<void>
  readonly stop: () => Promise<void>
}

export const startUsageMeter = (options: {
  readonly storage: Pick<Storage, 'countUsage'>
  readonly clock: Clock
  readonly log: Log
}): UsageMeter => {
  const { storage, clock, log } = options
  const stopping = new AbortController()
  // Bounded by the number of projects: days pass slower than flushes.
  let counts = new Map<string, UsageCount>()

  const count = (one: UsageCount) => {
    const key = `${one.day} ${one.projectId}`
    counts.set(key, { ...one, searches: one.searches + (counts.get(key)?.searches ?? 0) })
  }
  const flush = async () => {
    if (counts.size === 0) return
    const taken = [...counts.values()]
    counts = new Map()
    try {
      await storage.countUsage(taken)
    } catch (error) {
      for (const one of taken) count(one)
      throw error
    }
  }
  const tryFlush = () =>
    flush().catch((error: unknown) => log.error({ err: error }, 'usage could not be recorded'))
  const loop = async () => {
    while (!stopping.signal.aborted) {
      await clock.sleep(USAGE_FLUSH_MS, stopping.signal)
      await tryFlush()
    }
  }

  const looping = loop()
  return {
    countSearch: (projectId) => count({ projectId, day: dayOf(clock.now()), searches: 1 }),
    flush,
    stop: async () => {
      stopping.abort()
      await looping
    },
  }
}
