/** An upgrade from the first version: its keys open what they opened, and those of the server's own making the new routes too. */
import { expect, test } from 'vitest'
import { temporaryConnection } from '../../testing/sqlite-connection.ts'
import { findKey } from './accounts.ts'
import { migrate, shippedMigrations } from './migrate.ts'

test('the keys that the server made become operators, and no others', () => {
  using db = temporaryConnection('empty')
  migrate(db, shippedMigrations().slice(0, 1), {})
  db.exec(`
    INSERT INTO projects VALUES ('p1', 'default', 0), ('p2', 'tenant', 0);
    INSERT INTO api_keys (project_id, key_id, hash, prefix, name, scopes, created_at) VALUES
      ('p1', 'k1', 'first', 'rem_', 'first key', '["read","write","admin"]', 0),
      ('p1', 'k2', 'given', 'rem_', 'REMANENCE_API_KEY', '["read","write","admin"]', 0),
      ('p1', 'k3', 'made', 'rem_', 'dashboard', '["read","write","admin"]', 0),
      ('p1', 'k4', 'lesser', 'rem_', 'first key', '["read"]', 0),
      ('p2', 'k5', 'foreign', 'rem_', 'first key', '["read","write","admin"]', 0);`)
  migrate(db, shippedMigrations(), {})
  const scopesOf = (hash: string) => findKey(db, hash)?.scopes
  const all = ['read', 'write', 'admin', 'operator']
  expect(['first', 'given'].map(scopesOf)).toEqual([all, all])
  expect(['made', 'lesser', 'foreign'].map(scopesOf)).toEqual([
    ['read', 'write', 'admin'],
    ['read'],
    ['read', 'write', 'admin'],
  ])
  expect(findKey(db, 'first')).toMatchObject({ expiresAt: null, replacedBy: null })
})
