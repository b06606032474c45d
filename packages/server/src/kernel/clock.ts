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

/** RFC 3339 in UTC, with milliseconds: the form of every instant on the wire. */
export const toIso = (at: number): string => new Date(at).toISOString()
