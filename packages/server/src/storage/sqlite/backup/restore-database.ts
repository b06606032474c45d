/** From a backup to a data directory that a server can be started on. */
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { lockDataDir } from '../data-dir-lock.ts'
import { examineFile } from '../doctor/examine.ts'
import { type Applied, refuseNewer, shippedMigrations } from '../migrate.ts'
import { DATABASE_FILE } from '../store-sizes.ts'
import { type CopyProgress, syncFile } from './copy-database.ts'

const unfinished = `${DATABASE_FILE}.partial`

/** What may lie in a directory that is to be restored into: no store, only what goes with one, or what an earlier try left. */
const harmless: ReadonlySet<string> = new Set([
  'key',
  'owner.lock',
  'owner.lock-journal',
  'owner.pid',
  unfinished,
])

/**
 * Makes the database of the directory from the backup, wholly or not at all. Throws an Error with a sentence for people when the
 * backup is damaged, is none of ours, or is of a newer version, and when the directory is not empty or in use.
 */
export const restoreDatabase = async (
  backup: string,
  dataDir: string,
  onProgress: CopyProgress,
): Promise<void> => {
  refuseUnusable(backup)
  refuseOccupied(dataDir)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const lock = lockDataDir(dataDir)
  try {
    const target = join(dataDir, unfinished)
    rmSync(target, { force: true })
    await copyFile(backup, target, onProgress)
    await syncFile(target)
    await rename(target, join(dataDir, DATABASE_FILE))
    await syncFile(dataDir)
  } finally {
    lock.release()
  }
}

const refuseUnusable = (backup: string): void => {
  const log = `${backup}-wal`
  if (existsSync(log) && statSync(log).size > 0) {
    throw new Error(
      `${backup} is a database in use, not a backup: ${log} holds the newest part of it. Make a backup of it first.`,
    )
  }
  const wrong = examineFile(backup).find(({ wrongCount }) => wrongCount > 0)
  if (wrong !== undefined) throw new Error(`The backup ${backup} is damaged: ${wrong.examples.join('; ')}`)
  refuseNewer(migrationsOf(backup), shippedMigrations())
}

const migrationsOf = (file: string): readonly Applied[] => {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    // safety: the columns of the note of migrations, which examineFile has found to be there
    return database.prepare('SELECT version, name, breaking FROM migrations').all() as unknown as Applied[]
  } finally {
    database.close()
  }
}

const refuseOccupied = (dataDir: string): void => {
  const found = existsSync(dataDir) ? readdirSync(dataDir).find((name) => !harmless.has(name)) : undefined
  if (found === undefined) return
  throw new Error(
    `The directory ${dataDir} is not empty: it holds ${found}. Restore into a new one, or move that away.`,
  )
}

const copyFile = async (from: string, to: string, onProgress: CopyProgress): Promise<void> => {
  const total = statSync(from).size
  let done = 0
  const counting = new Transform({
    transform: (chunk: Buffer, _encoding, next) => {
      done += chunk.length
      onProgress(done, total)
      next(null, chunk)
    },
  })
  await pipeline(createReadStream(from), counting, createWriteStream(to, { flags: 'wx', mode: 0o600 }))
}
