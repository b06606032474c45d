import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

/** One connection to the database, with its prepared statements. Rows are typed by whoever wrote the SQL. */
export type Connection = {
  readonly get: <Row>(sql: string, ...values: SQLInputValue[]) => Row | undefined
  readonly all: <Row>(sql: string, ...values: SQLInputValue[]) => Row[]
  /** Answers the number of rows changed. */
  readonly run: (sql: string, ...values: SQLInputValue[]) => number
  /** Several statements without values. */
  readonly exec: (sql: string) => void
  /** Whether the commits that follow are synced to the disk (FULL) or only written to the log (NORMAL). */
  readonly setSynchronous: (mode: 'FULL' | 'NORMAL') => void
  readonly inTransaction: () => boolean
  readonly close: () => void
}

export const openConnection = (file: string): Connection => {
  const database = new DatabaseSync(file, { timeout: 5_000, enableForeignKeyConstraints: true })
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000',
  )
  const statements = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  let synchronous: 'FULL' | 'NORMAL' = 'FULL'
  return {
    // safety: the row's type stands beside the SQL text that selects exactly these columns
    get: <Row>(sql: string, ...values: SQLInputValue[]) => prepare(sql).get(...values) as Row | undefined,
    // safety: as above
    all: <Row>(sql: string, ...values: SQLInputValue[]) => prepare(sql).all(...values) as Row[],
    run: (sql, ...values) => Number(prepare(sql).run(...values).changes),
    exec: (sql) => database.exec(sql),
    setSynchronous: (mode) => {
      if (mode !== synchronous) database.exec(`PRAGMA synchronous = ${mode}`)
      synchronous = mode
    },
    inTransaction: () => database.isTransaction,
    close: () => database.close(),
  }
}
