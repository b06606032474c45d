/**
 * One process owns a data directory. The right is an exclusive lock that SQLite holds on a file of its own, `owner.lock`: the
 * operating system gives it back the instant the process ends, however it ends, so there is never a stale lock to remove.
 * `owner.pid` only tells people who it is.
 */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export type DataDirLock = { readonly release: () => void }

/** Throws an Error with a sentence for people when another process owns the directory or it cannot be used. */
export const lockDataDir = (dataDir: string): DataDirLock => {
  const pidFile = join(dataDir, 'owner.pid')
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const lockFile = join(dataDir, 'owner.lock')
  const lock = new DatabaseSync(lockFile, { timeout: 0 })
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (!isBusy(error)) throw new Error(`The file ${lockFile} cannot be locked.`, { cause: error })
    throw new Error(
      `The data directory ${dataDir} is in use by ${ownerOf(pidFile)}. One process owns a data directory: stop that one, or choose another directory with REMANENCE_DATA_DIR.`,
      { cause: error },
    )
  }
  writeFileSync(pidFile, `${process.pid}\n`)
  chmodSync(pidFile, 0o600)
  return {
    release: () => {
      rmSync(pidFile, { force: true })
      lock.close()
    },
  }
}

const SQLITE_BUSY = 5
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY

const ownerOf = (pidFile: string): string => {
  try {
    return `the process ${readFileSync(pidFile, 'utf8').trim()}`
  } catch {
    return 'another process'
  }
}
