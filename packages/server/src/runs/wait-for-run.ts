import type { Access } from '../projects/access.ts'
import { type Hub, tooManyStreams } from './hub.ts'
import { endings, isTerminal, type RunView } from './run.ts'

export type WaitRequest = {
  readonly runId: string
  readonly waitMs: number
  /** Another answer than the run's end that is worth one at once. */
  readonly isNews?: (view: RunView) => boolean
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal
}

/**
 * The run as soon as it has ended or is news, at the latest after `waitMs` or when the server stops. Null when there is no such run.
 * Throws Problem `too_many_streams`.
 */
export const waitForRun = async (access: Access, hub: Hub, request: WaitRequest): Promise<RunView | null> => {
  const { storage, clock, limits } = access
  const { runId, waitMs, isNews } = request
  const read = () => storage.getRun(runId)
  const isAnswer = (view: RunView | null) =>
    view === null || isTerminal(view.run.state) || isNews?.(view) === true
  const first = await read()
  if (isAnswer(first) || waitMs === 0 || hub.isStopping()) return first

  const over = new AbortController()
  let wake = () => {}
  const end = () => over.abort(ENOUGH)
  const leave = hub.enter({ leave: end })
  if (leave === null) throw tooManyStreams(limits)
  const unlisten = hub.onRun({ projectId: storage.projectId, runId }, ({ type }) => {
    if (isNews !== undefined || endings.has(type)) wake()
  })
  request.signal.addEventListener('abort', end, { once: true })
  over.signal.addEventListener('abort', () => wake(), { once: true })
  void clock.sleep(waitMs, over.signal).then(end)
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      const view = await read()
      if (isAnswer(view) || over.signal.aborted) return view
      await woken
    }
  } finally {
    unlisten()
    leave()
    request.signal.removeEventListener('abort', end)
    end()
  }
}

// Given, because aborting without a reason makes an exception with a stack each time.
const ENOUGH = 'enough'
