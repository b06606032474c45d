import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryConnection } from '../../testing/sqlite-connection.ts'
import type { Connection } from './connection.ts'
import { migrate, parseMigration, shippedMigrations } from './migrate.ts'

const schemaOf = (db: Connection): string[] =>
  db
    .all<{ sql: string }>(
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name <> 'migrations' ORDER BY name",
    )
    .map(({ sql }) => sql)

const first = parseMigration('001_first.sql', '-- compatible\nCREATE TABLE one (a INTEGER);')
const second = parseMigration('002_second.sql', '-- compatible\nCREATE TABLE two (a INTEGER);')
const breaking = parseMigration('003_third.sql', '-- breaking: export, then import\nDROP TABLE one;')

test.each([
  ['no number', 'initial.sql', '-- compatible\n'],
  ['a short number', '1_initial.sql', '-- compatible\n'],
  ['capitals', '001_Initial.sql', '-- compatible\n'],
  ['no head', '001_initial.sql', 'CREATE TABLE one (a INTEGER);'],
  ['a head further down', '001_initial.sql', '\n-- compatible\n'],
  ['breaking without advice', '001_initial.sql', '-- breaking: \n'],
])('a migration with %s is refused by name', (_what, file, sql) => {
  expect(() => parseMigration(file, sql)).toThrow(`${file}: a migration is named`)
})

test('what breaks older programs says what to do', () => {
  expect(breaking).toMatchObject({ version: 3, name: '003_third', breaking: 'export, then import' })
  expect(first.breaking).toBeNull()
})

test('the shipped migrations are numbered from 1, each number once', () => {
  const versions = shippedMigrations().map(({ version }) => version)
  expect(versions[0]).toBe(1)
  expect(new Set(versions).size).toBe(versions.length)
})

test('each migration is applied once, in order', () => {
  using db = temporaryConnection('empty')
  migrate(db, [first], {})
  migrate(db, [first, second], {})
  migrate(db, [first, second], {})
  expect(schemaOf(db)).toEqual(['CREATE TABLE one (a INTEGER)', 'CREATE TABLE two (a INTEGER)'])
  expect(db.all('SELECT version, name FROM migrations')).toMatchObject([
    { version: 1, name: '001_first' },
    { version: 2, name: '002_second' },
  ])
})

test('an older program works with a newer compatible schema and refuses a breaking one, with the advice', () => {
  using db = temporaryConnection('empty')
  migrate(db, [first, second], {})
  migrate(db, [first], {})
  migrate(db, [first, second, breaking], {})
  expect(() => migrate(db, [first, second], {})).toThrow(/003_third.*export, then import/)
  migrate(db, [first, second, breaking], {})
})

test('a migration that fails leaves the database as before, and the next one is not tried', () => {
  using db = temporaryConnection('empty')
  migrate(db, [first], {})
  const before = schemaOf(db)
  const broken = parseMigration(
    '002_broken.sql',
    '-- compatible\nCREATE TABLE two (a INTEGER); CREATE TABLE one (a INTEGER);',
  )
  expect(() => migrate(db, [first, broken, { ...second, version: 3 }], {})).toThrow(/002_broken failed/)
  expect(schemaOf(db)).toEqual(before)
  expect(db.all('SELECT version FROM migrations')).toMatchObject([{ version: 1 }])
  migrate(db, [first, second], {})
})

test('the database of another program is refused and left alone', () => {
  using db = temporaryConnection('empty')
  db.exec('CREATE TABLE migrations (id TEXT)')
  expect(() => migrate(db, [first], {})).toThrow(/not one of Remanence/)
  expect(db.all('SELECT name FROM sqlite_schema')).toEqual([{ name: 'migrations' }])
})

// The schema as all migrations together make it: a change of it shows in review. `UPDATE_SCHEMA=1 npx vitest run …` writes it anew.
test('schema.sql is the schema', () => {
  using db = temporaryConnection('migrated')
  const file = join(import.meta.dirname, 'schema.sql')
  const schema = `-- Written by migrate.test.ts from the migrations; not applied by anything.\n\n${schemaOf(db).join(';\n\n')};\n`
  if (process.env.UPDATE_SCHEMA === '1') writeFileSync(file, schema)
  expect(schema).toBe(readFileSync(file, 'utf8'))
})
