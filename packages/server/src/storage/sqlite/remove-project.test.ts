/** Of a project that was removed no row is left, in whatever table there will be. */
import { expect, test } from 'vitest'
import { temporaryConnection } from '../../testing/sqlite-connection.ts'
import { claim, exercise, groupId, ids, newRun, prepare, projectId } from '../../testing/sqlite-exercise.ts'
import {
  documentOf,
  origin,
  runCounts,
  source,
  startAt,
  stepRecord,
} from '../../testing/storage-factories.ts'
import { acceptRun } from './accept-run.ts'
import { commitRun } from './commit.ts'
import type { Connection } from './connection.ts'
import { createProject } from './projects.ts'
import { closeProject, nextRemoval, removeProject } from './remove-project.ts'

const tablesWith = (db: Connection, column: string): string[] =>
  db
    .all<{ name: string }>(
      `SELECT t.name FROM sqlite_schema t WHERE t.type = 'table'
         AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) c WHERE c.name = ?) ORDER BY t.name`,
      column,
    )
    .map(({ name }) => name)

const rowsOf = (db: Connection) => {
  const count = (sql: string) => db.get<{ n: number }>(sql, projectId)?.n ?? 0
  return Object.fromEntries([
    ...tablesWith(db, 'project_id').map((table) => [
      table,
      count(`SELECT count(*) AS n FROM ${table} WHERE project_id = ?`),
    ]),
    ...['documents', 'postings'].map((table) => [
      table,
      count(
        `SELECT count(*) AS n FROM ${table} WHERE partition_no IN (SELECT partition_no FROM partitions WHERE project_id = ?)`,
      ),
    ]),
  ])
}

/** A run that remembers something, with all that a run has. */
const remember = (db: Connection): void => {
  acceptRun(db, projectId, newRun({ idempotency: { key: 'kept', digest: 'd' }, options: { tags: ['x'] } }))
  const { claim: held } = claim(db)
  const create = {
    kind: 'create' as const,
    memoryId: ids.next(),
    scope: { groupId, topic: 'facts', userKey: 'ada', properties: {} },
    userId: 'ada',
    content: 'Bees.',
    contentKey: 'bees',
    sources: [source()],
    document: documentOf('Bees.'),
    origin,
  }
  const result = commitRun(db, {
    claim: held,
    operations: [create],
    confirmations: [],
    state: 'completed',
    outcome: 'committed',
    error: null,
    counts: runCounts({ created: 1 }),
    step: stepRecord(),
    now: startAt,
  })
  expect(result.kind).toBe('committed')
}

test('rows that name a project are found by it, or hang on a run that is', () => {
  using db = temporaryConnection('migrated')
  const isFound = (table: string) =>
    db.get(
      `SELECT 1 FROM pragma_index_list(?) i, pragma_index_info(i.name) c
       WHERE c.seqno = 0 AND c.name = 'project_id' AND i.partial = 0`,
      table,
    ) !== undefined
  expect(tablesWith(db, 'project_id').filter((table) => !isFound(table))).toEqual([
    'operations',
    'run_payloads',
    'run_steps',
  ])
})

test('a project goes with every row in every table, however few go at a time; others stay', () => {
  using db = temporaryConnection('migrated')
  prepare(db)
  exercise(db)
  remember(db)
  createProject(db, { projectId: 'other', name: 'other', createdAt: startAt })
  const before = rowsOf(db)
  expect(before).toMatchObject({ runs: expect.any(Number), postings: expect.any(Number) })
  for (const table of [
    'runs',
    'memories',
    'documents',
    'postings',
    'operations',
    'run_steps',
    'run_payloads',
  ])
    expect([table, before[table]]).not.toEqual([table, 0])
  expect(nextRemoval(db)).toBeNull()
  expect(closeProject(db, { projectId, now: startAt })).toBe(true)
  expect(nextRemoval(db)).toBe(projectId)
  let rounds = 0
  while (!db.transact(() => removeProject(db, { projectId, limit: 3 }))) rounds++
  expect(rounds).toBeGreaterThan(5)
  expect(Object.entries(rowsOf(db)).filter(([, rows]) => rows !== 0)).toEqual([])
  for (const table of ['documents', 'postings'])
    expect(db.get(`SELECT 1 FROM ${table} LIMIT 1`)).toBeUndefined()
  expect(db.all('SELECT project_id FROM projects')).toMatchObject([{ project_id: 'other' }])
  expect(db.all('PRAGMA foreign_key_check')).toEqual([])
  expect(nextRemoval(db)).toBeNull()
  expect(closeProject(db, { projectId, now: startAt })).toBe(false)
})
