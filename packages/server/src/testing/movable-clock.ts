import { type Clock, systemClock } from '../kernel/clock.ts'

export type MovableClock = Clock & {
  /** Moves time forward at once; whoever sleeps until an instant before the new one wakes. */
  readonly advance: (ms: number) => void
}

/** Time that passes as usual, from a fixed instant on, and that a test can move forward. */
export const movableClock = (startAt = Date.parse('2026-11-01T08:00:00Z')): MovableClock => {
  let offsetMs = startAt - Date.now()
  const sleepers = new Map<AbortController, number>()
  const now = () => Date.now() + offsetMs
  return {
    now,
    sleep: async (ms, signal) => {
      const woken = new AbortController()
      sleepers.set(woken, now() + ms)
      await systemClock.sleep(ms, signal ? AbortSignal.any([signal, woken.signal]) : woken.signal)
      sleepers.delete(woken)
    },
    advance: (ms) => {
      offsetMs += ms
      for (const [sleeper, until] of sleepers) if (until <= now()) sleeper.abort()
    },
  }
}
