/**
 * Group commit: all writes that wait in one turn of the event loop share one transaction, each in a savepoint of its own, and
 * are answered after it. So sixty-four concurrent adds cost one synced write to the disk instead of sixty-four.
 *
 * A unit that throws is rolled back alone and rejects alone; when the transaction itself fails (a full disk, say) every unit of
 * it rejects. Units are either durable (answered after the log is synced) or relaxed: a relaxed unit survives a killed
 * process but perhaps not a power cut, which is right for what can be done again, such as a claim. Any later durable unit makes it
 * durable too, because SQLite's log is one sequence.
 */
import { GROUP_COMMIT_COUNT_MAX } from '../../kernel/limits.ts'
import type { Connection } from './connection.ts'

export type Durability = 'durable' | 'relaxed'

export type GroupCommit = {
  readonly write: <Result>(durability: Durability, work: () => Result) => Promise<Result>
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

export const createGroupCommit = (db: Connection): GroupCommit => {
  let waiting: Unit[] = []

  const flush = () => {
    const batch = waiting.slice(0, GROUP_COMMIT_COUNT_MAX)
    waiting = waiting.slice(GROUP_COMMIT_COUNT_MAX)
    if (waiting.length > 0) setImmediate(flush)
    for (const settle of commitTogether(db, batch)) settle()
  }

  const write = <Result>(durability: Durability, work: () => Result): Promise<Result> =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush)
      // safety: `resolve` receives what `work` of the same unit returned
      waiting.push({ durability, work, resolve: resolve as (result: unknown) => void, reject })
    })

  return { write, settled: () => write('relaxed', () => undefined) }
}

const commitTogether = (db: Connection, batch: readonly Unit[]): Settlement[] => {
  try {
    const isDurable = batch.some((unit) => unit.durability === 'durable')
    db.exec(isDurable ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = NORMAL')
    db.exec('BEGIN IMMEDIATE')
    const settlements = batch.map((unit) => runInSavepoint(db, unit))
    db.exec('COMMIT')
    return settlements
  } catch (error) {
    if (db.inTransaction()) db.exec('ROLLBACK')
    return batch.map((unit) => () => unit.reject(error))
  }
}

const runInSavepoint = (db: Connection, unit: Unit): Settlement => {
  db.run('SAVEPOINT unit')
  try {
    const result = unit.work()
    db.run('RELEASE unit')
    return () => unit.resolve(result)
  } catch (error) {
    // Some failures (a full disk) end the whole transaction; then no unit of it has happened.
    if (!db.inTransaction()) throw error
    db.run('ROLLBACK TO unit')
    db.run('RELEASE unit')
    return () => unit.reject(error)
  }
}
