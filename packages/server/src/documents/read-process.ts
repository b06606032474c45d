/**
 * The process that readDocument starts for one file. Parsers are loaded here and nowhere else, with nothing to reach the network by, and
 * nothing they print is heard.
 */
import { Worker } from 'node:worker_threads'
import type { DocumentBounds, FileSource, PartFailure, ReadDocument } from './document.ts'
import { readSource } from './read-source.ts'
import { asUnreadable } from './unreadable-document.ts'
import type { Watch } from './watch-thread.ts'

export type ReadTask = { readonly source: FileSource; readonly bounds: DocumentBounds }

export type ReadAnswer = { readonly document: ReadDocument } | { readonly failure: PartFailure }

for (const name of ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest']) {
  Reflect.deleteProperty(globalThis, name)
}

// A parser may drop a promise that fails later. What counts is how the reading ends; one that never does is ended from outside.
process.on('unhandledRejection', () => {})

const answer = async ({ source, bounds }: ReadTask): Promise<ReadAnswer> => {
  try {
    return { document: await readSource(source, bounds) }
  } catch (error) {
    const { code, message } = asUnreadable(error)
    return { failure: { code, detail: message } }
  }
}

const askedBy = process.ppid

process.once('message', async (task: ReadTask) => {
  const watch: Watch = { memoryBytesMax: task.bounds.memoryBytesMax, askedBy }
  new Worker(new URL('./watch-thread.ts', import.meta.url), { workerData: watch })
  process.send?.(await answer(task))
})
