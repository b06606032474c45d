/** Reads files, a few at a time: each takes a thread and memory of its own, whoever and however many ask for it. */
import { FILE_CONCURRENCY_MAX } from '../kernel/limits.ts'
import type { DocumentBounds, FileSource, ReadDocument } from './document.ts'
import { readDocument } from './read-document.ts'

export type DocumentReader = {
  /** As `readDocument`. It begins in its turn; who gives up while waiting leaves the line. */
  readonly read: (source: FileSource, signal?: AbortSignal) => Promise<ReadDocument>
}

export const createDocumentReader = (
  bounds: DocumentBounds,
  concurrencyMax: number = FILE_CONCURRENCY_MAX,
): DocumentReader => {
  const waiting: (() => void)[] = []
  let running = 0

  const turn = async (signal: AbortSignal | undefined): Promise<void> => {
    signal?.throwIfAborted()
    if (running < concurrencyMax) {
      running += 1
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const enter = (): void => {
      signal?.removeEventListener('abort', leave)
      resolve()
    }
    const leave = (): void => {
      waiting.splice(waiting.indexOf(enter), 1)
      reject(signal?.reason)
    }
    waiting.push(enter)
    signal?.addEventListener('abort', leave, { once: true })
    // Whoever ends passes the place on, so it is still counted when the wait is over.
    await promise
  }

  return {
    read: async (source, signal) => {
      await turn(signal)
      try {
        return await readDocument(source, { bounds, ...(signal !== undefined && { signal }) })
      } finally {
        const next = waiting.shift()
        if (next === undefined) running -= 1
        else next()
      }
    },
  }
}
