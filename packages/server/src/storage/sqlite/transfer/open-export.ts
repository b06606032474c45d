import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Export } from '../../transfer.ts'
import { type Reader, readRecords } from './read-records.ts'

/** A connection of its own that holds on to one state of the store; the log grows until it is disposed of. */
export const openExport = (file: string, projectId: string): Export => {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  database.exec('BEGIN')
  const statements = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  const reader: Reader = {
    // safety: the row's type stands beside the SQL text that selects exactly these columns
    all: <Row>(sql: string, ...values: (string | number | null)[]) => prepare(sql).all(...values) as Row[],
  }
  // The snapshot begins with the first read.
  reader.all('SELECT count(*) FROM sqlite_schema')
  return {
    read: (params) => readRecords(reader, projectId, params),
    [Symbol.dispose]: () => database.close(),
  }
}
