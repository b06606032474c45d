/** How long a stretch of time must be quiet, milliseconds. */
const STRETCH_MS = 500

/** The share of it that a quiet server may be busy. */
const QUIET_SHARE = 0.1

/**
 * Gives back what only the start needed, in the first quiet moment after it. V8 does not: it gives room back by how much
 * is allocated at a time, and in a process that does nothing that is never seen to fall. Nothing happens without `--expose-gc`.
 */
export const settleMemory = (): void => {
  const before = performance.eventLoopUtilization()
  const settle = () => {
    if (performance.eventLoopUtilization(before).utilization > QUIET_SHARE) settleMemory()
    // Of all kinds of collection only this one makes the space for new objects smaller at once.
    else globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  }
  setTimeout(settle, STRETCH_MS).unref()
}
