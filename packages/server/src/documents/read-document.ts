/**
 * Turns a file into text. The file is somebody else's and its parsers are other people's, so it is read in a thread of its own: with a
 * time limit, a limit of the heap, and a look now and then at the memory outside of the heap, which the engine does not limit. A
 * parser that hangs, takes too much or throws ends its thread and never the process, and the file is told to be unreadable.
 */
import { Worker } from 'node:worker_threads'
import { StepError } from '../kernel/step-error.ts'
import type { DocumentBounds, FileSource, ReadDocument } from './document.ts'
import type { ReadAnswer, ReadTask } from './read-thread.ts'
import { asUnreadable, UnreadableDocument } from './unreadable-document.ts'

/** How often the memory of the thread is looked at. */
const WATCH_MS = 50
const MEGABYTE = 1_048_576

export type ReadOptions = {
  readonly bounds: DocumentBounds
  readonly signal?: AbortSignal
}

/**
 * Reads a file. Throws an UnreadableDocument when the file is at fault, the signal's reason when it aborts, and a retryable StepError
 * when no thread could be started.
 */
export const readDocument = async (
  source: FileSource,
  { bounds, signal }: ReadOptions,
): Promise<ReadDocument> => {
  signal?.throwIfAborted()
  if (source.bytes.length > bounds.bytesMax)
    throw new UnreadableDocument('document_too_large', `it has more than ${bounds.bytesMax} bytes`)
  const worker = startThread(source, bounds)
  const ended = new AbortController()
  try {
    return await Promise.race([
      answerOf(worker, bounds),
      timeUp(bounds, ended.signal),
      memoryUp(worker, bounds, ended.signal),
      aborted(signal, ended.signal),
    ])
  } finally {
    ended.abort()
    await worker.terminate()
  }
}

const startThread = (source: FileSource, bounds: DocumentBounds): Worker => {
  // A copy that is handed over: a buffer is often a piece of a much larger one, all of which would be sent.
  const bytes = new Uint8Array(source.bytes)
  const { filename, mediaType, documentType } = source
  const task: ReadTask = {
    source: { bytes, filename, mediaType, ...(documentType !== undefined && { documentType }) },
    bounds,
  }
  try {
    const worker = new Worker(new URL('./read-thread.ts', import.meta.url), {
      workerData: task,
      transferList: [bytes.buffer],
      env: {},
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: {
        maxOldGenerationSizeMb: Math.max(1, Math.floor(bounds.memoryBytesMax / MEGABYTE)),
        maxYoungGenerationSizeMb: 32,
        stackSizeMb: 4,
      },
    })
    worker.stdout.resume()
    worker.stderr.resume()
    return worker
  } catch (error) {
    throw noThread(error)
  }
}

const noThread = (cause: unknown): StepError =>
  new StepError('unavailable', 'no thread could be started to read the file', { retryable: true, cause })

const answerOf = (worker: Worker, bounds: DocumentBounds): Promise<ReadDocument> =>
  new Promise((resolve, reject) => {
    worker.once('message', (answer: ReadAnswer) => {
      if ('document' in answer) resolve(answer.document)
      else reject(new UnreadableDocument(answer.failure.code, answer.failure.detail))
    })
    worker.once('error', (error) => reject(errorOf(error, bounds)))
    worker.once('exit', (code) =>
      reject(new UnreadableDocument('unreadable_document', `its parser ended by itself, with ${code}`)),
    )
  })

const errorOf = (error: unknown, bounds: DocumentBounds): StepError => {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return tooMuchMemory(bounds)
  return code === 'ERR_WORKER_INIT_FAILED' ? noThread(error) : asUnreadable(error)
}

const tooMuchMemory = ({ memoryBytesMax }: DocumentBounds): UnreadableDocument =>
  new UnreadableDocument('document_too_large', `reading it takes more than ${memoryBytesMax} bytes of memory`)

const timeUp = ({ timeoutMs }: DocumentBounds, ended: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const timer = setTimeout(
      () =>
        reject(new UnreadableDocument('unreadable_document', `reading it takes longer than ${timeoutMs} ms`)),
      timeoutMs,
    )
    ended.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })

/** Buffers are no part of the heap that the engine limits, and a few packed bytes may unpack to any number. */
const memoryUp = (worker: Worker, bounds: DocumentBounds, ended: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const look = async (): Promise<void> => {
      // A thread that is just starting or ending has no heap to tell of.
      const heap = await worker.getHeapStatistics().catch(() => null)
      if (heap !== null && heap.external_memory + heap.used_heap_size > bounds.memoryBytesMax)
        reject(tooMuchMemory(bounds))
    }
    const timer = setInterval(() => void look(), WATCH_MS)
    ended.addEventListener('abort', () => clearInterval(timer), { once: true })
  })

const aborted = (signal: AbortSignal | undefined, ended: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true, signal: ended })
  })
