/**
 * What models are saying at this moment, passed on as it comes to whoever follows the run in this process. It is no record: the
 * step has that, and what is said here is lost with the process.
 */
import { LIVE_OUTPUT_LENGTH_MAX } from '../kernel/limits.ts'

/** A piece of the answer to the call of that number; a call that is made again begins anew at offset 0. */
export type OutputDelta = {
  readonly iteration: number
  readonly offset: number
  readonly text: string
}

/** Must not throw. */
export type OutputListener = (delta: OutputDelta) => void

export type LiveOutput = {
  /** One answer, as it comes. Ends with its disposal. */
  readonly open: (runId: string, iteration: number) => Disposable & { readonly push: (text: string) => void }
  /** Calls the listener with what the run has said of its present answer already, and what comes; answers how to end that. */
  readonly follow: (runId: string, listener: OutputListener) => () => void
}

type Answer = { readonly iteration: number; text: string; length: number }

export const createLiveOutput = (): LiveOutput => {
  /** By run; no more than are worked on. */
  const answers = new Map<string, Answer>()
  const listeners = new Map<string, Set<OutputListener>>()
  return {
    open: (runId, iteration) => {
      const answer: Answer = { iteration, text: '', length: 0 }
      answers.set(runId, answer)
      return {
        push: (text) => {
          const delta = { iteration, offset: answer.length, text }
          answer.length += text.length
          // Who comes later is told of the beginning of a very long answer.
          if (answer.length <= LIVE_OUTPUT_LENGTH_MAX) answer.text += text
          for (const listener of listeners.get(runId) ?? []) listener(delta)
        },
        [Symbol.dispose]: () => {
          if (answers.get(runId) === answer) answers.delete(runId)
        },
      }
    },
    follow: (runId, listener) => {
      const known = listeners.get(runId) ?? new Set()
      listeners.set(runId, known.add(listener))
      const { iteration, text } = answers.get(runId) ?? { iteration: 0, text: '' }
      if (text !== '') listener({ iteration, offset: 0, text })
      return () => {
        known.delete(listener)
        if (known.size === 0 && listeners.get(runId) === known) listeners.delete(runId)
      }
    },
  }
}
