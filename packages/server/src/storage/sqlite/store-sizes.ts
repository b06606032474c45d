import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoreSizes } from '../storage.ts'

export const DATABASE_FILE = 'remanence.db'

/** What SQLite's files in the data directory take. */
export const storeSizes = async (dataDir: string): Promise<StoreSizes> => {
  const file = join(dataDir, DATABASE_FILE)
  const [dataBytes, logBytes] = await Promise.all([sizeOf(file), sizeOf(`${file}-wal`)])
  return { dataBytes, logBytes }
}

const sizeOf = async (file: string): Promise<number> => {
  try {
    return (await stat(file)).size
  } catch (error) {
    // The log is there only while something is in it.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0
    throw error
  }
}
