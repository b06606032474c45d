/**
 * How often a trigger may be used: whoever knows its address needs no key, so it is bounded by itself. Windows of a minute, kept in
 * this process.
 */
import type { Clock } from '../kernel/clock.ts'
import type { Limits } from '../kernel/limits.ts'
import { problem } from '../kernel/problem.ts'

export type TriggerGate = {
  /** Counts one use. Throws Problem `rate_limited`. */
  readonly pass: (triggerId: string) => void
}

const WINDOW_MS = 60_000

export const createTriggerGate = ({
  clock,
  limits,
}: {
  readonly clock: Clock
  readonly limits: Pick<Limits, 'triggerRateMax'>
}): TriggerGate => {
  let window = { number: -1, uses: new Map<string, number>() }
  return {
    pass: (triggerId) => {
      const now = clock.now()
      const number = Math.floor(now / WINDOW_MS)
      if (number !== window.number) window = { number, uses: new Map() }
      const uses = (window.uses.get(triggerId) ?? 0) + 1
      if (uses > limits.triggerRateMax)
        throw problem('rate_limited', `This webhook may be used ${limits.triggerRateMax} times a minute.`, {
          retryAfterSeconds: Math.ceil(((number + 1) * WINDOW_MS - now) / 1_000),
        })
      window.uses.set(triggerId, uses)
    },
  }
}
