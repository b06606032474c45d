/** The thread that examineInThread starts. It works when it is loaded: that is what it is for. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Examined, Examiner } from '../../storage.ts'
import { examineDatabase, examineFile } from './examine.ts'

export type ThreadTask = { readonly file: string; readonly isFileOnly: boolean }

export type ThreadMessage =
  | { readonly examined: Examined; readonly progress: Parameters<Examiner>[1] }
  | { readonly all: readonly Examined[] }

const post = (message: ThreadMessage): void => parentPort?.postMessage(message)

// safety: examineInThread gives exactly this
const { file, isFileOnly } = workerData as ThreadTask

post({
  all: isFileOnly
    ? examineFile(file)
    : examineDatabase(file, (examined, progress) => post({ examined, progress })),
})
