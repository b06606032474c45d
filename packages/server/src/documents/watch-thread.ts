/**
 * The thread beside a parser, which may keep its own busy for as long as it likes. It ends the process when that has grown by too much,
 * for the engine limits its heap only and a few packed bytes may unpack to any number, and when nobody is left who wants the file.
 */
import { workerData } from 'node:worker_threads'

/** `askedBy` is the id of the process that wants the file. */
export type Watch = { readonly memoryBytesMax: number; readonly askedBy: number }

const WATCH_MS = 50

// safety: read-process.ts gives exactly this
const { memoryBytesMax, askedBy } = workerData as Watch
const sizeBytesMax = process.memoryUsage.rss() + memoryBytesMax

setInterval(() => {
  if (process.memoryUsage.rss() > sizeBytesMax || process.ppid !== askedBy)
    process.kill(process.pid, 'SIGKILL')
}, WATCH_MS)
