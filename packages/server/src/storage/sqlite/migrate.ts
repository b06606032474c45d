/**
 * Numbered migrations, applied in order, each in one transaction together with the note that it was applied: a process killed
 * in the middle of one leaves the schema as it was before it.
 *
 * The first line of a migration says what an older program can do with a newer schema: `-- compatible` (work on) or
 * `-- breaking: what to do` (refuse). The note keeps that line, so an older program knows without knowing the migration.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Signals } from '../../kernel/signals.ts'
import type { Connection } from './connection.ts'

export type Migration = {
  readonly version: number
  readonly name: string
  readonly sql: string
  readonly breaking: string | null
}

export const shippedMigrations = (): readonly Migration[] => {
  const folder = join(import.meta.dirname, 'migrations')
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => parseMigration(file, readFileSync(join(folder, file), 'utf8')))
}

export const parseMigration = (file: string, sql: string): Migration => {
  const version = Number(/^(\d{3})_[a-z0-9_]+\.sql$/.exec(file)?.[1])
  const head = /^-- (?:compatible|breaking: (?<advice>.+))\n/.exec(sql)
  if (Number.isNaN(version) || head === null) {
    throw new Error(
      `${file}: a migration is named 001_what_it_does.sql and begins with "-- compatible" or "-- breaking: what to do".`,
    )
  }
  return { version, name: file.replace('.sql', ''), sql, breaking: head.groups?.advice ?? null }
}

export type Applied = { version: number; name: string; breaking: string | null }

/** Throws an Error with a sentence for people when the database is too new for this program, or not one of ours. */
export const migrate = (db: Connection, migrations: readonly Migration[], signals: Signals): void => {
  refuseForeign(db)
  db.exec(
    'CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, breaking TEXT, applied_at INTEGER NOT NULL) STRICT',
  )
  const applied = db.all<Applied>('SELECT version, name, breaking FROM migrations ORDER BY version')
  refuseNewer(applied, migrations)
  const done = new Set(applied.map((migration) => migration.version))
  for (const migration of migrations.filter(({ version }) => !done.has(version))) {
    try {
      db.transact(() => applyMigration(db, migration, signals))
    } catch (error) {
      throw new Error(`Migration ${migration.name} failed; the database is as it was before it.`, {
        cause: error,
      })
    }
  }
}

const applyMigration = (
  db: Connection,
  { version, name, sql, breaking }: Migration,
  signals: Signals,
): void => {
  db.exec(sql)
  signals.reached?.('mid_migration')
  db.run(
    'INSERT INTO migrations (version, name, breaking, applied_at) VALUES (?, ?, ?, ?)',
    version,
    name,
    breaking,
    Date.now(),
  )
}

// A database with tables but without our note of migrations is somebody else's, and must stay as it is.
const refuseForeign = (db: Connection): void => {
  const isEmpty = db.get('SELECT 1 FROM sqlite_schema LIMIT 1') === undefined
  const isNoted =
    db.get("SELECT 1 FROM pragma_table_info('migrations') WHERE name = 'breaking'") !== undefined
  if (!isEmpty && !isNoted) {
    throw new Error('The database file is not one of Remanence: choose another data directory.')
  }
}

/** Throws an Error with a sentence for people when a newer program wrote what this one cannot work with. */
export const refuseNewer = (applied: readonly Applied[], known: readonly Migration[]): void => {
  const newest = Math.max(0, ...known.map(({ version }) => version))
  const refusal = applied.find(({ version, breaking }) => version > newest && breaking !== null)
  if (refusal !== undefined) {
    throw new Error(
      `The database was written by a newer Remanence (migration ${refusal.name}), and this one cannot use it: ${refusal.breaking}`,
    )
  }
}
