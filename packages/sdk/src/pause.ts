/** Resolves after `ms`; rejects with the signal's reason as soon as it aborts. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const aborted = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', aborted)
      resolve()
    }, ms)
    signal?.addEventListener('abort', aborted, { once: true })
  })

/** Timers cannot count further (24.8 days): what is longer has no end. */
const timerMsMax = 2 ** 31 - 1

/** A signal that aborts with `reason()` after `ms`, or with the outer signal, until it is disposed of. */
export const deadline = (
  ms: number,
  reason: () => Error,
  outer?: AbortSignal,
): { readonly signal: AbortSignal; readonly dispose: () => void } => {
  const controller = new AbortController()
  const passOn = () => controller.abort(outer?.reason)
  if (outer?.aborted) passOn()
  outer?.addEventListener('abort', passOn, { once: true })
  const timer = ms > timerMsMax ? undefined : setTimeout(() => controller.abort(reason()), ms)
  return {
    signal: controller.signal,
    dispose: () => {
      clearTimeout(timer)
      outer?.removeEventListener('abort', passOn)
    },
  }
}
