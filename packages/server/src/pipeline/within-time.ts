import { StepError } from '../kernel/step-error.ts'

/**
 * Runs `work` with a signal that aborts when `signal` does or the time is over. Does not wait for work that ignores its signal.
 * Throws StepError `timeout` (retryable) when the time is over, and the signal's reason when it aborts.
 */
export const withinTime = async <Result>(
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const ending = new AbortController()
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const end = (reason: unknown) => {
    ending.abort(reason)
    reject(reason)
  }
  const onAbort = () => end(signal.reason)
  const timer = setTimeout(
    () => end(new StepError('timeout', `not finished within ${timeoutMs / 1000} s`, { retryable: true })),
    timeoutMs,
  )
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    signal.throwIfAborted()
    return await Promise.race([work(ending.signal), ended])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

/** Timers take no longer time than this; what has longer is not bounded by one. */
const TIMER_MS_MAX = 2 ** 31 - 1

/** A signal that aborts when `signal` does, or after `leftMs` for the given reason, until it is disposed of. */
export const limitedSignal = (
  signal: AbortSignal,
  { leftMs, reason }: { readonly leftMs: number; readonly reason: Error },
): Disposable & { readonly signal: AbortSignal } => {
  if (leftMs > TIMER_MS_MAX) return { signal, [Symbol.dispose]: () => {} }
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(reason), leftMs)
  return { signal: AbortSignal.any([signal, late.signal]), [Symbol.dispose]: () => clearTimeout(timer) }
}
