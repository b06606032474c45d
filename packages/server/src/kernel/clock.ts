/** Time as a dependency: instants are integer milliseconds since the Unix epoch, so tests can own them. */
export type Clock = {
  /** The current instant, milliseconds since the epoch. */
  readonly now: () => number
  /** Resolves after `ms`, or at once (never rejects) when `signal` aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const done = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      signal?.addEventListener('abort', done, { once: true })
    }),
}

export type Alarm = { readonly ring: () => void; readonly sleep: (ms: number) => Promise<void> }

/**
 * A sleep that a ring ends, and the stop signal for good. A ring while nobody sleeps ends the next sleep at once, so none is missed.
 * One listener serves all sleeps: signals combined for each would pile up on the stop signal.
 */
export const createAlarm = (clock: Clock, stopSignal: AbortSignal): Alarm => {
  let isRung = false
  let waking: AbortController | null = null
  const ring = () => {
    isRung = true
    waking?.abort(ringing)
  }
  stopSignal.addEventListener('abort', ring, { once: true })
  return {
    ring,
    sleep: async (ms) => {
      if (!isRung && !stopSignal.aborted) {
        waking = new AbortController()
        await clock.sleep(ms, waking.signal)
        waking = null
      }
      isRung = false
    },
  }
}

// Given, because aborting without a reason makes an exception with a stack each time.
const ringing = 'ring'

/** Who looks for work sleeps no longer than this, and so long when it could not look. */
const IDLE_MS_MAX = 60_000
const FAILURE_WAIT_MS = 1_000

/**
 * Looks for work until the signal aborts. `look` answers when to look again: `now`, at an instant, or (null) when the alarm
 * rings. What it throws is told to `failed`, and tried again after a moment.
 */
export const keepLooking = async (
  look: () => Promise<'now' | number | null>,
  parts: {
    readonly clock: Clock
    readonly alarm: Alarm
    readonly stopSignal: AbortSignal
    readonly failed: (error: unknown) => void
  },
): Promise<void> => {
  const { clock, alarm, stopSignal, failed } = parts
  while (!stopSignal.aborted) {
    try {
      const dueAt = await look()
      if (dueAt === 'now') continue
      await alarm.sleep(
        dueAt === null ? IDLE_MS_MAX : Math.min(IDLE_MS_MAX, Math.max(1, dueAt - clock.now())),
      )
    } catch (error) {
      failed(error)
      await clock.sleep(FAILURE_WAIT_MS, stopSignal)
    }
  }
}

/** RFC 3339 in UTC, with milliseconds: the form of every instant on the wire. */
export const toIso = (at: number): string => new Date(at).toISOString()

export const dayMs = 86_400_000

/** The day of an instant, counted from the epoch, in UTC. */
export const dayOf = (at: number): number => Math.floor(at / dayMs)

/** The first instant of the calendar month of an instant, in UTC. */
export const monthStartOf = (at: number): number => {
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
}

/** As toIso; null of null. */
export const toIsoOrNull = (at: number | null): string | null => (at === null ? null : toIso(at))
