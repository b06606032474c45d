/** Holds a database against the list of checks, on a connection of its own that only reads, beside whoever writes. */
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { WRONG_COUNT_MAX, WRONG_EXAMPLE_COUNT_MAX } from '../../../kernel/limits.ts'
import type { Examined, Examiner } from '../../storage.ts'
import { shippedMigrations } from '../migrate.ts'
import type { Check } from './check.ts'
import { checks } from './checks.ts'
import { fileChecks } from './file-checks.ts'

/** Throws an Error with a sentence for people when the file is no database of ours, or not of this version. */
export const examineDatabase = (file: string, onExamined: Examiner = () => {}): readonly Examined[] =>
  withDatabase(file, (database) => {
    refuseOlderSchema(database, file)
    return checks.map((check, index) => {
      const examined = examine(database, check)
      onExamined(examined, { done: index + 1, total: checks.length })
      return examined
    })
  })

/** Only whether the file is whole, of whatever version. Throws an Error with a sentence for people when it is no database of ours. */
export const examineFile = (file: string): readonly Examined[] =>
  withDatabase(file, (database) => {
    appliedVersions(database, file)
    return fileChecks.map((check) => examine(database, check))
  })

const withDatabase = <Result>(file: string, work: (database: DatabaseSync) => Result): Result => {
  if (!existsSync(file)) throw new Error(`There is no database ${file}.`)
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  try {
    return work(database)
  } finally {
    database.close()
  }
}

const examine = (database: DatabaseSync, { name, sentence, sql }: Check): Examined => {
  const examples: string[] = []
  let wrongCount = 0
  try {
    for (const row of database.prepare(sql).iterate()) {
      if (++wrongCount <= WRONG_EXAMPLE_COUNT_MAX) examples.push(describeRow(row))
      if (wrongCount === WRONG_COUNT_MAX) break
    }
  } catch (error) {
    // A damaged file cannot be asked everything. That it cannot is what is wrong with it.
    wrongCount += 1
    examples.push(error instanceof Error ? error.message : String(error))
  }
  return { check: name, sentence, wrongCount, examples }
}

const describeRow = (row: object): string =>
  Object.entries(row)
    .map(([column, value]) => `${column} ${value ?? 'none'}`)
    .join(', ')

const refuseOlderSchema = (database: DatabaseSync, file: string): void => {
  const applied = appliedVersions(database, file)
  const missing = shippedMigrations().find(({ version }) => !applied.has(version))
  if (missing === undefined) return
  throw new Error(
    `The database ${file} was written by an older version: its schema lacks ${missing.name}. Start the server on it once, then try again.`,
  )
}

const appliedVersions = (database: DatabaseSync, file: string): ReadonlySet<unknown> => {
  try {
    const rows = database.prepare('SELECT version FROM migrations').all()
    return new Set(rows.map((row) => row.version))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const what = isCorrupt(error) ? 'is damaged' : 'is no database of Remanence'
    throw new Error(`The file ${file} ${what}: ${reason}.`, { cause: error })
  }
}

const SQLITE_CORRUPT = 11
const isCorrupt = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === SQLITE_CORRUPT
