/**
 * What can be done with a data directory without its server. Beside compose.ts the only file that names the concrete engine.
 */
import { join } from 'node:path'
import { type CopyProgress, copyDatabase } from './storage/sqlite/backup/copy-database.ts'
import { restoreDatabase } from './storage/sqlite/backup/restore-database.ts'
import { examineDatabase, examineFile } from './storage/sqlite/doctor/examine.ts'
import { DATABASE_FILE } from './storage/sqlite/store-sizes.ts'
import type { Examined, Examiner } from './storage/storage.ts'

/**
 * Holds the store of the directory against everything that must be true of it. It only reads, so a server may be at work there.
 * Throws an Error with a sentence for people when there is none, or not one of this version.
 */
export const examineDataDir = (dataDir: string, onExamined?: Examiner): readonly Examined[] =>
  examineDatabase(join(dataDir, DATABASE_FILE), onExamined)

/** Writes a consistent copy of the store to `target`, which must not be there; a server may be at work meanwhile. */
export const copyDataDir = (dataDir: string, target: string, onProgress: CopyProgress): Promise<void> =>
  copyDatabase(join(dataDir, DATABASE_FILE), target, onProgress)

/** Throws an Error with a sentence for people when the file is no store of ours, or is damaged. */
export const requireWholeCopy = (file: string): void => {
  const wrong = examineFile(file).find(({ wrongCount }) => wrongCount > 0)
  if (wrong !== undefined) throw new Error(`The copy is damaged: ${wrong.examples.join('; ')}`)
}

/** Makes a store in the directory from a copy of one. */
export const restoreDataDir = restoreDatabase
