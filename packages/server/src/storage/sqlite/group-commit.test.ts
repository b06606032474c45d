import { statSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { GROUP_COMMIT_COUNT_MAX } from '../../kernel/limits.ts'
import { type TemporaryConnection, temporaryConnection } from '../../testing/sqlite-connection.ts'
import type { WrittenBatch } from '../storage.ts'
import type { Connection } from './connection.ts'
import { createGroupCommit } from './group-commit.ts'

let db: TemporaryConnection
let commits: number
let counting: Connection
beforeEach(() => {
  db = temporaryConnection('empty')
  db.exec('CREATE TABLE numbers (n INTEGER UNIQUE)')
  commits = 0
  counting = {
    ...db,
    transact: (work) => {
      const result = db.transact(work)
      commits++
      return result
    },
  }
})
afterEach(() => db[Symbol.dispose]())

const numbers = () => db.all<{ n: number }>('SELECT n FROM numbers ORDER BY rowid').map(({ n }) => n)
const insert = (n: number) => () => db.run('INSERT INTO numbers (n) VALUES (?)', n)
const range = (count: number) => Array.from({ length: count }, (_, n) => n)

test('writes of one turn share a transaction, in their order', async () => {
  const { write } = createGroupCommit(counting)
  await Promise.all(range(64).map((n) => write('durable', insert(n))))
  expect(commits).toBe(1)
  expect(numbers()).toEqual(range(64))
})

test('a transaction takes a bounded number of writes; none is left behind', async () => {
  const { write } = createGroupCommit(counting)
  const count = 2 * GROUP_COMMIT_COUNT_MAX + 1
  await Promise.all(range(count).map((n) => write('durable', insert(n))))
  expect(commits).toBe(3)
  expect(numbers()).toEqual(range(count))
})

test('nothing is answered before the commit', async () => {
  const { write } = createGroupCommit(counting)
  const committed = await write('durable', insert(1)).then(() => commits)
  expect(committed).toBe(1)
})

test('a write that fails is undone alone, answers alone, and the others happen once', async () => {
  const { write } = createGroupCommit(counting)
  const failing = () => {
    insert(100)()
    insert(100)()
  }
  const results = await Promise.allSettled([
    ...range(5).map((n) => write('durable', insert(n))),
    write('durable', failing),
    write('durable', insert(6)),
  ])
  expect(results.map(({ status }) => status)).toEqual([
    ...range(5).map(() => 'fulfilled'),
    'rejected',
    'fulfilled',
  ])
  expect(results[5]).toMatchObject({ reason: { message: expect.stringContaining('UNIQUE') } })
  expect(numbers()).toEqual([...range(5), 6])
  await write('durable', insert(7))
  expect(numbers()).toContain(7)
})

test('when the commit itself fails every write of it is refused and nothing has happened', async () => {
  db.exec('CREATE TABLE orphans (n INTEGER REFERENCES numbers (n) DEFERRABLE INITIALLY DEFERRED)')
  const { write } = createGroupCommit(counting)
  const orphan = () => db.run('INSERT INTO orphans (n) VALUES (-1)')
  const results = await Promise.allSettled([write('durable', insert(1)), write('durable', orphan)])
  const refused = { status: 'rejected', reason: { message: expect.stringContaining('FOREIGN KEY') } }
  expect(results).toMatchObject([refused, refused])
  expect(numbers()).toEqual([])
  expect(db.inTransaction()).toBe(false)
  await write('durable', insert(9))
  expect(numbers()).toEqual([9])
})

test('a database that cannot be written refuses', async () => {
  const { write } = createGroupCommit(counting)
  db.exec('PRAGMA query_only = ON')
  await expect(write('durable', insert(1))).rejects.toThrow(/readonly/)
  db.exec('PRAGMA query_only = OFF')
  await write('durable', insert(2))
  expect(numbers()).toEqual([2])
})

test('one durable write makes its transaction synced; without one it is not', async () => {
  const { write } = createGroupCommit(counting)
  const mode = () => db.get<{ synchronous: number }>('PRAGMA synchronous')?.synchronous
  const [full, normal] = [2, 1]
  expect(await write('relaxed', mode)).toBe(normal)
  expect(await Promise.all([write('relaxed', mode), write('durable', mode)])).toEqual([full, full])
  expect(await write('relaxed', mode)).toBe(normal)
})

test('settled waits for all that was written before', async () => {
  const { write, settled } = createGroupCommit(counting)
  const writing = range(GROUP_COMMIT_COUNT_MAX + 10).map((n) => write('relaxed', insert(n)))
  await settled()
  expect(numbers()).toHaveLength(GROUP_COMMIT_COUNT_MAX + 10)
  await Promise.all(writing)
})

test('every transaction is told of: its writes, whether it was synced, whether it failed', async () => {
  const batches: WrittenBatch[] = []
  const { write } = createGroupCommit(counting, (batch) => batches.push(batch))
  await Promise.all([write('relaxed', insert(1)), write('durable', insert(2))])
  await write('relaxed', insert(3))
  await expect(write('relaxed', insert(3))).rejects.toThrow(/UNIQUE/)
  db.exec('PRAGMA query_only = ON')
  await expect(write('durable', insert(4))).rejects.toThrow(/readonly/)
  db.exec('PRAGMA query_only = OFF')
  expect(batches.map(({ seconds: _, ...batch }) => batch)).toEqual([
    { writes: 2, isSynced: true, isFailed: false },
    { writes: 1, isSynced: false, isFailed: false },
    { writes: 1, isSynced: false, isFailed: false },
    { writes: 1, isSynced: true, isFailed: true },
  ])
  expect(Math.min(...batches.map(({ seconds }) => seconds))).toBeGreaterThan(0)
})

test('reading what is synced waits for a sync only if something was written since the last one', async () => {
  const { write, readSynced } = createGroupCommit(counting)
  const modes: string[] = []
  const log = () => readSynced(() => db.get<{ synchronous: number }>('PRAGMA synchronous')?.synchronous)
  const size = () => statSync(`${db.file}-wal`).size
  await write('durable', insert(1))
  const before = [commits, size()]
  await log()
  expect([commits, size()]).toEqual(before)
  await write('relaxed', insert(2))
  const written = size()
  modes.push(String(await log()))
  expect(modes).toEqual(['2'])
  expect(size()).toBeGreaterThan(written)
  const synced = commits
  await log()
  expect(commits).toBe(synced)
})

test('a durable write that changes nothing does not pass for a sync', async () => {
  const { write, readSynced } = createGroupCommit(counting)
  await write('relaxed', insert(1))
  await write('durable', () => db.run('DELETE FROM numbers WHERE n = 7'))
  const before = commits
  await readSynced(numbers)
  expect(commits).toBe(before + 1)
})
