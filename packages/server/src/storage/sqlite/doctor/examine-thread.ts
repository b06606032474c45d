/** The thread that examineInThread starts. It works when it is loaded: that is what it is for. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Examined, Examiner } from '../../storage.ts'
import { examineDatabase } from './examine.ts'

export type ThreadMessage =
  | { readonly examined: Examined; readonly progress: Parameters<Examiner>[1] }
  | { readonly all: readonly Examined[] }

const post = (message: ThreadMessage): void => parentPort?.postMessage(message)

post({
  all: examineDatabase(String(workerData), (examined, progress) => post({ examined, progress })),
})
