/** An upgrade from the first version: its keys open what they opened, and those of the server's own making the new routes too. */
import { expect, test } from 'vitest'
import { dayMs } from '../../kernel/clock.ts'
import { temporaryConnection } from '../../testing/sqlite-connection.ts'
import { findKey } from './accounts.ts'
import { migrate, shippedMigrations } from './migrate.ts'
import { readUsage } from './usage.ts'
import { getUser } from './users.ts'

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

test('usage and the runs of users are counted from what there was', () => {
  using db = temporaryConnection('empty')
  migrate(db, shippedMigrations().slice(0, 1), {})
  db.exec(`
    INSERT INTO projects VALUES ('p', 'default', 0);
    INSERT INTO users (project_id, user_key, user_id, created_at, active_at) VALUES ('p', 'ada', 'Ada', 0, 0), ('p', 'ben', 'ben', 0, 0);
    INSERT INTO runs (project_id, run_id, group_id, lane_id, user_key, input_type, state, attempt, failures, counts, created_at, updated_at, completed_at)
    VALUES ('p', 'r1', 'g', 'l', 'ada', 'string', 'completed', 1, 0, '{}', ${dayMs - 1}, 0, ${dayMs}),
           ('p', 'r2', 'g', 'l', 'ada', 'string', 'queued', 0, 0, '{}', ${dayMs}, 0, NULL),
           ('p', 'r3', 'g', 'l', NULL, 'string', 'failed', 1, 5, '{}', ${dayMs}, 0, ${dayMs});
    INSERT INTO operations VALUES ('p', 'r1', 0, 'create', 'm', NULL, 1, ${dayMs}), ('p', 'r1', 1, 'update', 'm', 1, 2, ${dayMs});`)
  migrate(db, shippedMigrations(), {})
  expect(readUsage(db, 'p', { fromDay: 0, toDay: 9 })).toMatchObject([
    { day: 0, runs: { accepted: 1, completed: 0 }, operations: { created: 0 } },
    {
      day: 1,
      runs: { accepted: 2, completed: 1, failed: 1 },
      operations: { created: 1, updated: 1, deleted: 0 },
    },
  ])
  expect(getUser(db, 'p', 'ada')).toMatchObject({ runCount: 2, openRunCount: 1 })
  expect(getUser(db, 'p', 'ben')).toMatchObject({ runCount: 0, openRunCount: 0 })
})
