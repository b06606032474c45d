/** An upgrade from the first version: what it knew of versions and deletions is there, and the store is whole. */
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { temporaryFolder } from '../../testing/temporary-folder.ts'
import { getMemoryAt } from './as-of.ts'
import { openConnection } from './connection.ts'
import { examineDatabase } from './doctor/examine.ts'
import { getMemory } from './memories.ts'
import { migrate, shippedMigrations } from './migrate.ts'
import { readCommitted } from './read-committed.ts'
import { getVersion, listVersions } from './versions.ts'

const folder = temporaryFolder()
afterAll(() => folder[Symbol.dispose]())

const counts =
  '{"inputs":1,"failedInputs":0,"candidates":1,"created":1,"updated":0,"deleted":0,"unchanged":0}'
const sourceOf = (runId: string, name: string | null) =>
  JSON.stringify([
    { runId, input: 0, message: 3, messageId: null, role: 'user', name, saidAt: 50 },
  ]).replaceAll("'", "''")

const saidAgain = JSON.stringify([...JSON.parse(sourceOf('r2', 'Ada')), ...JSON.parse(sourceOf('r4', null))])

/**
 * Written by the first version: `kept` has two versions, `gone` was deleted, `again` is of a bounded topic, deleted and made anew, and
 * `lost` was deleted in a partition with two scopes.
 */
const oldStore = `
  INSERT INTO projects VALUES ('p', 'default', 0);
  INSERT INTO project_queues VALUES ('p', 0, 0);
  INSERT INTO groups VALUES ('p', 'g', 'default', 0);
  INSERT INTO topics VALUES ('p', 'g', 'facts', 0, '', 0, 1, '[]'), ('p', 'g', 'summary', 1, '', 1, 1, '[]');
  INSERT INTO users VALUES ('p', 'ada', 'Ada', 0, 0), ('p', 'bo', 'Bo', 0, 0);
  INSERT INTO partitions VALUES (1, 'p', 'g', 'ada', 1, 2, 2), (2, 'p', 'g', 'bo', 1, 2, 3);
  INSERT INTO scopes VALUES (1, 'p', 'g', 'facts', 'ada', '{}', 1), (2, 'p', 'g', 'facts', 'bo', '{}', 2), (3, 'p', 'g', 'summary', 'bo', '{}', 2);
  ${[
    ['r1', 'string', 'ada', 100, '[["create","kept",100],["create","gone",100]]'],
    ['r2', 'string', 'ada', 200, '[["update","kept",200]]'],
    ['r3', 'delete', 'ada', 300, '[["delete","gone",300]]'],
    ['r4', 'string', 'bo', 400, '[["create","again",400],["create","lost",400]]'],
    ['r5', 'delete', 'bo', 500, '[["delete","again",500]]'],
    ['r6', 'string', 'bo', 600, '[["create","again",600]]'],
    ['r7', 'delete', 'bo', 700, '[["delete","lost",700]]'],
  ]
    .map(
      ([run, type, user, at, committed]) => `
  INSERT INTO runs (project_id, run_id, group_id, lane_id, user_id, user_key, input_type, state, attempt, failures, outcome, counts, committed, created_at, started_at, updated_at, completed_at)
    VALUES ('p', '${run}', 'g', 'g:${user}', '${user === 'ada' ? 'Ada' : 'Bo'}', '${user}', '${type}', 'completed', 1, 0, 'committed', '${counts}', '${committed}', ${at}, ${at}, ${at}, ${at});
  INSERT INTO run_payloads VALUES ('${run}', 'p', '{"input":{},"properties":{"conversation_id":"c-1"}}');`,
    )
    .join('')}
  INSERT INTO operations VALUES
    ('p', 'r1', 0, 'create', 'kept', NULL, 1, 100), ('p', 'r1', 1, 'create', 'gone', NULL, 1, 100),
    ('p', 'r2', 0, 'update', 'kept', 1, 2, 200), ('p', 'r3', 0, 'delete', 'gone', 1, NULL, 300),
    ('p', 'r4', 0, 'create', 'again', NULL, 1, 400), ('p', 'r4', 1, 'create', 'lost', NULL, 1, 400),
    ('p', 'r5', 0, 'delete', 'again', 1, NULL, 500), ('p', 'r6', 0, 'create', 'again', NULL, 2, 600), ('p', 'r7', 0, 'delete', 'lost', 1, NULL, 700);
  INSERT INTO memory_versions VALUES
    ('p', 'kept', 1, 'r1', 'Ada keeps bees.', '${sourceOf('r1', 'Ada')}', 100), ('p', 'gone', 1, 'r1', 'Ada sails.', '${sourceOf('r1', null)}', 100),
    ('p', 'kept', 2, 'r2', 'Ada keeps many bees.', '${sourceOf('r2', 'Ada')}', 200), ('p', 'again', 1, 'r4', 'So far: boats.', '[]', 400),
    ('p', 'lost', 1, 'r4', 'Bo sails.', '[]', 400), ('p', 'again', 2, 'r6', 'So far: bees.', '[]', 600);
  INSERT INTO memories VALUES
    (1, 'p', 'kept', 1, 1, 0, 'Ada', 'Ada keeps many bees.', 'ada keeps many bees', 2, '${saidAgain}', 100, 200),
    (2, 'p', 'again', 2, 3, 2, 'Bo', 'So far: bees.', 'so far: bees', 2, '[]', 600, 600);
  INSERT INTO documents VALUES (1, 0, 'kept', 1, 'c-9', 3, 'ada', 2, 50, '["bee"]'), (2, 2, 'again', 3, 'c-1', 0, '', 2, 600, '["bee"]');
  INSERT INTO postings VALUES (1, 'bee', 0, 1, 1), (2, 'bee', 2, 1, 1);`

test('versions of the first version are known with their scope and origin, and deletions are versions', () => {
  const file = join(folder.path, 'remanence.db')
  const db = openConnection(file)
  migrate(db, shippedMigrations().slice(0, 1), {})
  db.exec(oldStore)
  migrate(db, shippedMigrations(), {})
  const versionsOf = (memoryId: string) =>
    listVersions(db, 'p', { memoryId, limit: 10, cursor: null }).items.map(({ version }) => version)

  const scope = { groupId: 'g', topic: 'facts', userKey: 'ada', properties: {} }
  expect(versionsOf('kept')).toMatchObject([
    {
      ...{
        version: 2,
        kind: 'update',
        runId: 'r2',
        scope,
        userId: 'Ada',
        memoryCreatedAt: 100,
        restores: null,
      },
      origin: { speaker: 'ada', session: 'c-9', turn: 3, saidAt: 50 },
    },
    {
      ...{ version: 1, kind: 'create', runId: 'r1', scope, userId: 'Ada', memoryCreatedAt: 100 },
      origin: { speaker: 'Ada', session: 'c-1', turn: 3, saidAt: 50 },
    },
  ])
  expect(versionsOf('gone')).toMatchObject([
    { version: 2, kind: 'delete', runId: 'r3', content: '', scope, createdAt: 300, memoryCreatedAt: 100 },
    { version: 1, kind: 'create', content: 'Ada sails.', scope, userId: 'Ada' },
  ])
  expect(versionsOf('again')).toMatchObject([
    { version: 2, kind: 'create', runId: 'r6', memoryCreatedAt: 600 },
    { version: 1, kind: 'create', runId: 'r4', memoryCreatedAt: 400, origin: { session: 'r4', saidAt: 400 } },
  ])
  expect(getVersion(db, 'p', { memoryId: 'lost', version: null }), 'whose it was is not known').toBeNull()
  expect(getMemory(db, 'p', 'gone')).toBeNull()
  const said = (at: number) =>
    getMemoryAt(db, 'p', { memoryId: 'kept', at })?.sources.map(({ runId }) => runId)
  expect([said(199), said(399), said(400)], 'said again by a run that ended at 400').toEqual([
    ['r1'],
    ['r2'],
    ['r2', 'r4'],
  ])
  expect(getMemoryAt(db, 'p', { memoryId: 'kept', at: 999 })).toEqual(getMemory(db, 'p', 'kept'))
  expect(readCommitted(db, 'p', 'r4').sources).toMatchObject([{ kind: 'add', memoryId: 'kept' }])
  db.close()
  expect(examineDatabase(file).filter(({ wrongCount }) => wrongCount > 0)).toEqual([])
})
