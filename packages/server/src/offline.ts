/**
 * What can be done with a data directory without its server. Beside compose.ts the only file that names the concrete engine.
 */
import { join } from 'node:path'
import { examineDatabase } from './storage/sqlite/doctor/examine.ts'
import { DATABASE_FILE } from './storage/sqlite/store-sizes.ts'
import type { Examined, Examiner } from './storage/storage.ts'

/**
 * Holds the store of the directory against everything that must be true of it. It only reads, so a server may be at work there.
 * Throws an Error with a sentence for people when there is none, or not one of this version.
 */
export const examineDataDir = (dataDir: string, onExamined?: Examiner): readonly Examined[] =>
  examineDatabase(join(dataDir, DATABASE_FILE), onExamined)
