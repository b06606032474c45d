/**
 * Group commit: all writes that wait in one turn of the event loop share one transaction, and are answered after it. So
 * sixty-four concurrent adds cost one synced write to the disk instead of sixty-four.
 *
 * A unit that throws is rolled back alone and rejects alone. That is rare, so it is paid for only then: the batch is rolled
 * back and done again with a savepoint around each unit. A unit's work therefore does nothing but SQL. When the transaction
 * itself fails (a full disk, say) every unit of it rejects.
 *
 * Units are either durable (answered after the log is synced) or relaxed: a relaxed unit survives a killed process but perhaps
 * not a power cut, which is right for what can be done again, such as a claim. Any later durable unit makes it durable too,
 * because SQLite's log is one sequence. What a reader will rely on, such as the number of an event, is read by `readSynced`: it waits
 * for a sync when something was written since the last one.
 */
import { GROUP_COMMIT_COUNT_MAX } from '../../kernel/limits.ts'
import { problem } from '../../kernel/problem.ts'
import type { WrittenBatch } from '../storage.ts'
import type { Connection } from './connection.ts'

export type Durability = 'durable' | 'relaxed'

export type GroupCommit = {
  readonly write: <Result>(durability: Durability, work: () => Result) => Promise<Result>
  /** What `read` answers about rows that are all synced. */
  readonly readSynced: <Result>(read: () => Result) => Promise<Result>
  /** Resolves when everything written so far has been answered. */
  readonly settled: () => Promise<void>
}

type Unit = {
  readonly durability: Durability
  readonly work: () => unknown
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

type Settlement = () => void
type Outcome = { readonly settlements: readonly Settlement[]; readonly isFailed: boolean }

export const createGroupCommit = (
  db: Connection,
  written: (batch: WrittenBatch) => void = () => {},
): GroupCommit => {
  let waiting: Unit[] = []
  // A process before this one may have left what is written but not synced.
  let isSynced = false

  const transactAt = <Result>(durability: Durability, work: () => Result): Result => {
    db.setSynchronous(durability === 'durable' ? 'FULL' : 'NORMAL')
    const changesBefore = db.changeCount()
    const result = db.transact(work)
    // A commit that changed no row syncs nothing.
    if (db.changeCount() !== changesBefore) isSynced = durability === 'durable'
    return result
  }

  const flush = () => {
    const batch = waiting.slice(0, GROUP_COMMIT_COUNT_MAX)
    waiting = waiting.slice(GROUP_COMMIT_COUNT_MAX)
    if (waiting.length > 0) setImmediate(flush)
    const startedAt = performance.now()
    const durability = batch.some((unit) => unit.durability === 'durable') ? 'durable' : 'relaxed'
    const transact = <Result>(work: () => Result) => transactAt(durability, work)
    const { settlements, isFailed } = commitTogether(db, transact, batch)
    const seconds = (performance.now() - startedAt) / 1_000
    written({ writes: batch.length, isSynced: durability === 'durable', seconds, isFailed })
    for (const settle of settlements) settle()
  }

  const write = <Result>(durability: Durability, work: () => Result): Promise<Result> =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush)
      // safety: `resolve` receives what `work` of the same unit returned
      waiting.push({ durability, work, resolve: resolve as (result: unknown) => void, reject })
    })

  return {
    write,
    readSynced: async (read) => {
      if (isSynced) return read()
      const result = await write('durable', () => {
        touch(db)
        return read()
      })
      // Nothing can have been written since: the next commit comes in another turn.
      isSynced = true
      return result
    },
    settled: () => write('relaxed', () => undefined),
  }
}

/** Changes nothing, yet is written to the log: an update to the same value is not. */
export const touch = (db: Connection): void => void db.run('PRAGMA user_version = 0')

type Transact = <Result>(work: () => Result) => Result

const commitTogether = (db: Connection, transact: Transact, batch: readonly Unit[]): Outcome => {
  try {
    return { settlements: transact(() => batch.map(runUnit)), isFailed: false }
  } catch {
    // One of them failed and took the others with it: once more, each in a savepoint of its own.
    return commitApart(db, transact, batch)
  }
}

const commitApart = (db: Connection, transact: Transact, batch: readonly Unit[]): Outcome => {
  try {
    const settlements = transact(() => batch.map((unit) => runInSavepoint(db, unit)))
    return { settlements, isFailed: false }
  } catch (error) {
    return { settlements: batch.map((unit) => () => unit.reject(asUnavailable(error))), isFailed: true }
  }
}

/** SQLite's primary codes for a file that cannot be written now: busy, read-only, I/O error, full. */
const unwritableCodes: ReadonlySet<number> = new Set([5, 8, 10, 13])

/** A failure of the disk as what the caller can act on; anything else as it is. */
export const asUnavailable = (error: unknown): unknown => {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error
  if (!unwritableCodes.has(error.errcode & 0xff)) return error
  return problem('unavailable', `The store cannot be written now: ${error.message}.`, { cause: error })
}

const runUnit = (unit: Unit): Settlement => {
  const result = unit.work()
  return () => unit.resolve(result)
}

const runInSavepoint = (db: Connection, unit: Unit): Settlement => {
  db.run('SAVEPOINT unit')
  try {
    const settlement = runUnit(unit)
    db.run('RELEASE unit')
    return settlement
  } catch (error) {
    // Some failures (a full disk) end the whole transaction; then no unit of it has happened.
    if (!db.inTransaction()) throw error
    db.run('ROLLBACK TO unit')
    db.run('RELEASE unit')
    return () => unit.reject(asUnavailable(error))
  }
}
