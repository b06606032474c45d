/**
 * One connection to the database, with its prepared statements. Rows are typed by whoever wrote the SQL.
 *
 * Reads outside a transaction share one: it begins with the first read and ends with the turn of the event loop, or before the
 * next write. SQLite takes and gives back its locks once per transaction, which costs more than most reads; and nobody else
 * writes, so a shared snapshot is as fresh as a new one.
 */
import { closeSync, fdatasyncSync, openSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { EventDetail } from '../../runs/run.ts'
import type { EventHint } from '../storage.ts'

export type Connection = {
  readonly get: <Row>(sql: string, ...values: SQLInputValue[]) => Row | undefined
  readonly all: <Row>(sql: string, ...values: SQLInputValue[]) => Row[]
  /** Rows as tuples of their columns: half the time of objects, where there are hundreds of them. */
  readonly tuples: <Tuple>(sql: string, ...values: SQLInputValue[]) => Tuple[]
  /** Answers the number of rows changed. */
  readonly run: (sql: string, ...values: SQLInputValue[]) => number
  /** Several statements without values. */
  readonly exec: (sql: string) => void
  /** Runs `work` in a write transaction: committed when it returns, rolled back when it throws. */
  readonly transact: <Result>(work: () => Result) => Result
  /** Whether a write transaction is open. Some failures (a full disk) end it before its work ends. */
  readonly inTransaction: () => boolean
  /** Rows changed since the connection was opened, also by what was rolled back. */
  readonly changeCount: () => number
  /** In a transaction: what those who watch hear after its commit. */
  readonly tell: (hint: EventHint) => void
  /** How much of a run's progress is written down. */
  readonly eventDetail: EventDetail
  /** Answers how to end it. */
  readonly watch: (listener: (hint: EventHint) => void) => () => void
  /** Whether the commits that follow are synced to the disk (FULL) or only written to the log (NORMAL). */
  readonly setSynchronous: (mode: 'FULL' | 'NORMAL') => void
  /**
   * Works the log into the database, leaves it empty and caches nothing; then calls `work` with the file, in which everything is now.
   * Null, and nothing done, while another connection reads an older state.
   */
  readonly withFile: <Result>(work: (fd: number) => Result) => Result | null
  readonly close: () => void
}

/** Throws an Error with a sentence for people when the file is no database or cannot be used. */
export const openConnection = (file: string, eventDetail: EventDetail = 'all'): Connection => {
  const database = openDatabase(file)
  const prepare = createStatementCache(database)
  const prepareTuples = createStatementCache(database, { returnArrays: true })
  let state: 'idle' | 'reading' | 'writing' = 'idle'
  let synchronous: 'FULL' | 'NORMAL' = 'FULL'
  let untold: EventHint[] = []
  // Closed after the database only: to close any descriptor of a file gives up all locks that the process has on it.
  let fd: number | null = null
  const watchers = new Set<(hint: EventHint) => void>()

  const beginReading = () => {
    if (state !== 'idle') return
    prepare('BEGIN').run()
    state = 'reading'
    setImmediate(endReading)
  }
  const endReading = () => {
    if (state !== 'reading') return
    state = 'idle'
    prepare('COMMIT').run()
  }
  const write = <Result>(work: () => Result): Result => {
    endReading()
    prepare('BEGIN IMMEDIATE').run()
    state = 'writing'
    untold = []
    try {
      const result = work()
      prepare('COMMIT').run()
      return result
    } catch (error) {
      if (database.isTransaction) prepare('ROLLBACK').run()
      throw error
    } finally {
      state = 'idle'
    }
  }

  const exec = (sql: string) => {
    endReading()
    database.exec(sql)
  }

  return {
    get: <Row>(sql: string, ...values: SQLInputValue[]) => {
      beginReading()
      // safety: the row's type stands beside the SQL text that selects exactly these columns
      return prepare(sql).get(...values) as Row | undefined
    },
    all: <Row>(sql: string, ...values: SQLInputValue[]) => {
      beginReading()
      // safety: as above
      return prepare(sql).all(...values) as Row[]
    },
    tuples: <Tuple>(sql: string, ...values: SQLInputValue[]) => {
      beginReading()
      // safety: as above; the statement is set to return arrays, which its type does not say
      return prepareTuples(sql).all(...values) as unknown as Tuple[]
    },
    run: (sql, ...values) => {
      endReading()
      return Number(prepare(sql).run(...values).changes)
    },
    exec,
    transact: (work) => {
      const result = write(work)
      for (const hint of untold.splice(0)) for (const watcher of watchers) watcher(hint)
      return result
    },
    changeCount: () => prepare('SELECT total_changes() AS count').get()?.count as number, // safety: one row, one integer
    eventDetail,
    tell: (hint) => void untold.push(hint),
    watch: (watcher) => {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
    inTransaction: () => state === 'writing' && database.isTransaction,
    setSynchronous: (mode) => {
      if (mode !== synchronous) exec(`PRAGMA synchronous = ${mode}`)
      synchronous = mode
    },
    withFile: (work) => {
      exec('PRAGMA busy_timeout = 0')
      try {
        if (prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy !== 0) return null
        exec('PRAGMA shrink_memory')
        fd ??= openSync(file, 'r+')
        const result = work(fd)
        fdatasyncSync(fd)
        return result
      } finally {
        exec(`PRAGMA busy_timeout = ${BUSY_MS_MAX}`)
      }
    },
    close: () => {
      endReading()
      database.close()
      if (fd !== null) closeSync(fd)
    },
  }
}

const createStatementCache = (
  database: DatabaseSync,
  options: { returnArrays: boolean } = { returnArrays: false },
): ((sql: string) => StatementSync) => {
  const statements = new Map<string, StatementSync>()
  return (sql) => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = database.prepare(sql)
    statement.setReturnArrays(options.returnArrays)
    statements.set(sql, statement)
    return statement
  }
}

/** Pages of the log (4 KiB each) before they go into the database: pages that change often then go there less often. */
const CHECKPOINT_PAGE_COUNT = 4_000

/** How long a statement waits for a lock. Nobody else writes, so this is for what checks the files from outside. */
const BUSY_MS_MAX = 5_000

const openDatabase = (file: string): DatabaseSync => {
  let database: DatabaseSync | undefined
  try {
    // SQLite gives its log the rights of the database: memories are for nobody else's eyes.
    closeSync(openSync(file, 'a', 0o600))
    database = new DatabaseSync(file, { timeout: BUSY_MS_MAX, enableForeignKeyConstraints: true })
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000; PRAGMA secure_delete = ON;
       PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGE_COUNT}`,
    )
    return database
  } catch (error) {
    database?.close()
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`The file ${file} cannot be used as the database: ${reason}.`, { cause: error })
  }
}
