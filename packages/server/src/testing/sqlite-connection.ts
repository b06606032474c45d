import { join } from 'node:path'
import { type Connection, openConnection } from '../storage/sqlite/connection.ts'
import { migrate, shippedMigrations } from '../storage/sqlite/migrate.ts'
import { temporaryFolder } from './temporary-folder.ts'

export type TemporaryConnection = Connection & Disposable & { readonly file: string }

/** A database of its own for a test: empty, or with the tables of the shipped migrations. It goes with the scope that holds it. */
export const temporaryConnection = (state: 'empty' | 'migrated'): TemporaryConnection => {
  const folder = temporaryFolder()
  const file = join(folder.path, 'remanence.db')
  const db = openConnection(file)
  if (state === 'migrated') migrate(db, shippedMigrations(), {})
  const dispose = () => {
    db.close()
    folder[Symbol.dispose]()
  }
  return { ...db, file, [Symbol.dispose]: dispose }
}
