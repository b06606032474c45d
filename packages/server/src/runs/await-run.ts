import { type Clock, createAlarm } from '../kernel/clock.ts'
import type { Storage } from '../storage/storage.ts'
import { endings, isTerminal, type Run } from './run.ts'

/** Hints come from this process only; what another one ends is seen by looking. */
const LOOK_MS = 15_000

/**
 * The run once it has ended; null when it is not there any more. For work of the server that waits for other work: it takes no
 * place among the streams and waits of callers. Rejects with the reason of the signal.
 */
export const awaitRun = async (
  { storage, clock }: { readonly storage: Storage; readonly clock: Clock },
  { projectId, runId }: { readonly projectId: string; readonly runId: string },
  signal: AbortSignal,
): Promise<Run | null> => {
  const over = new AbortController()
  const alarm = createAlarm(clock, AbortSignal.any([signal, over.signal]))
  const unwatch = storage.watch((hint) => {
    if (hint.runId === runId && endings.has(hint.type)) alarm.ring()
  })
  try {
    for (;;) {
      signal.throwIfAborted()
      const view = await storage.project(projectId).getRun(runId)
      if (view === null || isTerminal(view.run.state)) return view?.run ?? null
      await alarm.sleep(LOOK_MS)
    }
  } finally {
    unwatch()
    over.abort(ENOUGH)
  }
}

// Given, because aborting without a reason makes an exception with a stack each time.
const ENOUGH = 'enough'
