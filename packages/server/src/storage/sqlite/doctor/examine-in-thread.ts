/** The examination of a running server: in a thread of its own, because a check may read the whole store and nobody must wait for it. */
import { Worker } from 'node:worker_threads'
import type { Examined, Examiner } from '../../storage.ts'
import type { ThreadMessage, ThreadTask } from './examine-thread.ts'

export const examineInThread = (
  task: ThreadTask,
  onExamined: Examiner = () => {},
): Promise<readonly Examined[]> => {
  const worker = new Worker(new URL('./examine-thread.ts', import.meta.url), { workerData: task })
  return new Promise((resolve, reject) => {
    worker.on('message', (message: ThreadMessage) => {
      if ('all' in message) resolve(message.all)
      else onExamined(message.examined, message.progress)
    })
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the examination ended with ${code}, without an answer`)))
  })
}
