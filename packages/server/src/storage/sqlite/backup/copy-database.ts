/**
 * A consistent copy of a database that may be written all the time. The copy is of one moment, because the connection it is read
 * through holds on to that moment's snapshot; what is written meanwhile stays in the log until the copy is done.
 */
import { closeSync, openSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { backup, DatabaseSync } from 'node:sqlite'

/** Pages copied at a time, between which others get their turn. */
const PAGES_PER_STEP = 500

export type CopyProgress = (done: number, total: number) => void

/** Writes the copy to `target`, synced, readable by its owner only, one file by itself. The file must not be there. */
export const copyDatabase = async (file: string, target: string, onProgress: CopyProgress): Promise<void> => {
  closeSync(openSync(target, 'wx', 0o600))
  const source = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  try {
    source.exec('BEGIN')
    source.prepare('SELECT count(*) FROM sqlite_schema').get()
    await backup(source, target, {
      rate: PAGES_PER_STEP,
      progress: ({ totalPages, remainingPages }) => onProgress(totalPages - remainingPages, totalPages),
    })
  } finally {
    source.close()
  }
  leaveLogMode(target)
  await syncFile(target)
}

// A database in log mode wants two files beside it, even to be read. A copy is to be one file.
const leaveLogMode = (target: string): void => {
  const copy = new DatabaseSync(target)
  try {
    copy.exec('PRAGMA journal_mode = DELETE')
  } finally {
    copy.close()
  }
}

/** Waits until the file, or what a folder lists, is on the disk. */
export const syncFile = async (path: string): Promise<void> => {
  await using handle = await open(path, 'r')
  await handle.sync()
}
