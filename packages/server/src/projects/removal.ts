/** Removes projects whose end was asked for, a little at a time, one after the other; after a restart it goes on by itself. */
import type { Clock } from '../kernel/clock.ts'
import { REMOVAL_ROW_COUNT_MAX } from '../kernel/limits.ts'
import type { Log } from '../kernel/log.ts'
import type { Storage } from '../storage/storage.ts'

const IDLE_MS = 60_000
/** Between two rounds others get the store for at least this long. */
const PAUSE_MS = 10

export type ProjectRemoval = {
  /** A project is to be removed. */
  readonly wake: () => void
  readonly stop: () => Promise<void>
}

export const startProjectRemoval = (options: {
  readonly storage: Pick<Storage, 'nextRemoval' | 'removeProject'>
  readonly clock: Clock
  readonly log: Log
}): ProjectRemoval => {
  const { storage, clock, log } = options
  const stopping = new AbortController()
  let waking = new AbortController()

  /** Answers how long nothing will be to do. */
  const round = async (): Promise<number> => {
    const projectId = await storage.nextRemoval()
    if (projectId === null) return IDLE_MS
    const isDone = await storage.removeProject({ projectId, limit: REMOVAL_ROW_COUNT_MAX })
    if (isDone) log.info({ projectId }, 'a project was removed')
    return PAUSE_MS
  }
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const woken = waking.signal
      const waitMs = await round().catch((error: unknown) => {
        log.error({ err: error }, 'a project could not be removed')
        return IDLE_MS
      })
      await clock.sleep(waitMs, AbortSignal.any([stopping.signal, woken]))
      if (woken.aborted) waking = new AbortController()
    }
  }

  const looping = loop()
  return {
    wake: () => waking.abort(),
    stop: async () => {
      stopping.abort()
      await looping
    },
  }
}
