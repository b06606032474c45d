/**
 * Turns a file into text. The file is somebody else's and its parsers are other people's, so it is read in a process of its own, which
 * may not write files, start programs or see the environment. A parser that hangs, takes too much or throws ends that process and
 * never this one: an engine that is out of memory often ends the whole process, whatever thread was at fault.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { StepError } from '../kernel/step-error.ts'
import type { DocumentBounds, FileSource, ReadDocument } from './document.ts'
import type { ReadAnswer, ReadTask } from './read-process.ts'
import { UnreadableDocument } from './unreadable-document.ts'

const MEGABYTE = 1_048_576

export type ReadOptions = {
  readonly bounds: DocumentBounds
  readonly signal?: AbortSignal
}

/**
 * Reads a file. Throws an UnreadableDocument when the file is at fault, the signal's reason when it aborts, and a retryable StepError
 * when no process could be started.
 */
export const readDocument = async (
  source: FileSource,
  { bounds, signal }: ReadOptions,
): Promise<ReadDocument> => {
  signal?.throwIfAborted()
  if (source.bytes.length > bounds.bytesMax)
    throw new UnreadableDocument('document_too_large', `it has more than ${bounds.bytesMax} bytes`)
  const reader = startProcess(bounds)
  const ended = new AbortController()
  try {
    return await Promise.race([
      answerOf(reader, { source, bounds }),
      timeUp(bounds, ended.signal),
      aborted(signal, ended.signal),
    ])
  } finally {
    ended.abort()
    await end(reader)
  }
}

const startProcess = ({ memoryBytesMax }: DocumentBounds): ChildProcess => {
  const heapMegabytesMax = Math.max(1, Math.floor(memoryBytesMax / MEGABYTE))
  try {
    return fork(fileURLToPath(new URL('./read-process.ts', import.meta.url)), {
      env: {},
      execArgv: [
        '--permission',
        '--allow-fs-read=*',
        '--allow-worker',
        `--max-old-space-size=${heapMegabytesMax}`,
      ],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
  } catch (error) {
    throw noProcess(error)
  }
}

const noProcess = (cause: unknown): StepError =>
  new StepError('unavailable', 'no process could be started to read the file', { retryable: true, cause })

const answerOf = (reader: ChildProcess, task: ReadTask): Promise<ReadDocument> =>
  new Promise((resolve, reject) => {
    reader.once('message', (answer: ReadAnswer) => {
      if ('document' in answer) resolve(answer.document)
      else reject(new UnreadableDocument(answer.failure.code, answer.failure.detail))
    })
    reader.on('error', (error) => reject(noProcess(error)))
    reader.once('exit', (code, killedBy) => reject(endedByItself(task.bounds, code ?? killedBy)))
    // A process that is gone already has told so, or does so next.
    reader.send(task, () => {})
  })

/** The engine aborts when its heap is full; the thread that watches kills, and so does a system that is out of memory. */
const endedByItself = (
  { memoryBytesMax }: DocumentBounds,
  by: number | NodeJS.Signals | null,
): UnreadableDocument =>
  by === 'SIGABRT' || by === 'SIGKILL'
    ? new UnreadableDocument(
        'document_too_large',
        `reading it takes more than ${memoryBytesMax} bytes of memory`,
      )
    : new UnreadableDocument('unreadable_document', `its parser ended by itself, with ${by}`)

const timeUp = ({ timeoutMs }: DocumentBounds, ended: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const timer = setTimeout(
      () =>
        reject(new UnreadableDocument('unreadable_document', `reading it takes longer than ${timeoutMs} ms`)),
      timeoutMs,
    )
    ended.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })

const aborted = (signal: AbortSignal | undefined, ended: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true, signal: ended })
  })

const end = async (reader: ChildProcess): Promise<void> => {
  if (reader.pid === undefined || reader.exitCode !== null || reader.signalCode !== null) return
  const gone = once(reader, 'exit')
  reader.kill('SIGKILL')
  await gone
}
