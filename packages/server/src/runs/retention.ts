import type { Clock } from '../kernel/clock.ts'
import type { Limits } from '../kernel/limits.ts'
import type { Log } from '../kernel/log.ts'
import type { Storage } from '../storage/storage.ts'

const INTERVAL_MS = 10 * 60_000
const ROWS_PER_ROUND = 1_000

/** Removes what is past its retention, a little at a time. Answers how to stop it. */
export const startRetention = (options: {
  readonly storage: Pick<Storage, 'prune'>
  readonly limits: Limits
  readonly clock: Clock
  readonly log: Log
}): (() => Promise<void>) => {
  const { storage, limits, clock, log } = options
  const stopping = new AbortController()

  const loop = async () => {
    while (!stopping.signal.aborted) {
      const removed = await storage
        .prune({ idempotencyBefore: clock.now() - limits.idempotencyRetentionMs, limit: ROWS_PER_ROUND })
        .catch((error: unknown) => {
          log.error({ err: error }, 'retention could not be kept')
          return 0
        })
      if (removed < ROWS_PER_ROUND) await clock.sleep(INTERVAL_MS, stopping.signal)
    }
  }

  const looping = loop()
  return async () => {
    stopping.abort()
    await looping
  }
}
