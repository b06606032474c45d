/** The backup of a running server: a checked copy in the data directory, there only as long as somebody reads it. */
import { randomUUID } from 'node:crypto'
import { createReadStream, readdirSync, rmSync } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { problem } from '../../../kernel/problem.ts'
import type { Signals } from '../../../kernel/signals.ts'
import type { StoreCopy } from '../../storage.ts'
import { examineInThread } from '../doctor/examine-in-thread.ts'
import { asUnavailable } from '../group-commit.ts'
import { DATABASE_FILE } from '../store-sizes.ts'
import { copyDatabase } from './copy-database.ts'

/** Each takes the room of the whole store on the disk, so there is one at a time. */
export const createCopier = (dataDir: string, signals: Signals): (() => Promise<StoreCopy>) => {
  let isBusy = false
  return async () => {
    if (isBusy) throw problem('conflict', 'A backup is being made already.')
    isBusy = true
    const file = join(dataDir, `copy-${randomUUID()}.tmp`)
    const remove = async () => {
      await rm(file, { force: true })
      isBusy = false
    }
    try {
      const sizeBytes = await makeCopy(dataDir, { file, signals })
      return { sizeBytes, read: () => createReadStream(file), [Symbol.asyncDispose]: remove }
    } catch (error) {
      await remove()
      throw asUnavailable(error)
    }
  }
}

/** Answers its size. */
const makeCopy = async (
  dataDir: string,
  { file, signals }: { readonly file: string; readonly signals: Signals },
): Promise<number> => {
  await copyDatabase(join(dataDir, DATABASE_FILE), file, () => {})
  signals.reached?.('mid_backup')
  const wrong = (await examineInThread({ file, isFileOnly: true })).find(({ wrongCount }) => wrongCount > 0)
  if (wrong !== undefined) throw new Error(`The copy is damaged: ${wrong.examples.join('; ')}`)
  return (await stat(file)).size
}

const copyName = /^copy-[0-9a-f-]{36}\.tmp(-journal|-wal|-shm)?$/

/** Copies that a killed process left behind. */
export const removeLeftCopies = (dataDir: string): void => {
  for (const name of readdirSync(dataDir))
    if (copyName.test(name)) rmSync(join(dataDir, name), { force: true })
}
