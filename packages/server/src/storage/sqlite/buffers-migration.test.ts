/** An upgrade from the first version: groups keep their topics and get the pipeline that there was, and their runs go on by it. */
import { expect, test } from 'vitest'
import { defaultPipeline } from '../../projects/pipeline.ts'
import { temporaryConnection } from '../../testing/sqlite-connection.ts'
import { claimRuns } from './attempts.ts'
import { examineDatabase } from './doctor/examine.ts'
import { getGroup, listGroups } from './groups.ts'
import { migrate, shippedMigrations } from './migrate.ts'

const counts =
  '{"inputs":1,"failedInputs":0,"candidates":0,"created":0,"updated":0,"deleted":0,"unchanged":0}'

const oldStore = `
  INSERT INTO projects VALUES ('p', 'default', 0);
  INSERT INTO project_queues VALUES ('p', 1, 1);
  INSERT INTO groups VALUES ('p', 'g', 'default', 5), ('p', 'e', 'empty', 6);
  INSERT INTO topics VALUES ('p', 'g', 'summary', 1, 'So far.', 1, 1, '["trip"]'), ('p', 'g', 'facts "quoted"', 0, '', 0, 0, '[]');
  INSERT INTO users VALUES ('p', 'ada', 'Ada', 0, 0);
  INSERT INTO runs (project_id, run_id, group_id, lane_id, user_id, user_key, input_type, state, attempt, failures, counts, created_at, updated_at)
    VALUES ('p', 'r1', 'g', 'g:ada', 'Ada', 'ada', 'string', 'queued', 0, 0, '${counts}', 7, 7);
  INSERT INTO run_payloads VALUES ('r1', 'p', '{"input":{"type":"string","content":["x"]},"properties":{}}');
  INSERT INTO run_events VALUES ('p', 1, 'r1', 1, 'run.accepted', 7, '{}');
  INSERT INTO lanes (project_id, lane_id, state, turn, due_at) VALUES ('p', 'g:ada', 'ready', 1, 0);`

test('groups and runs of the first version are at version 1', () => {
  using db = temporaryConnection('empty')
  const [first, ...later] = shippedMigrations()
  if (first === undefined) throw new Error('there is no migration')
  migrate(db, [first], {})
  db.exec(oldStore)
  migrate(db, [first, ...later], {})
  const group = {
    ...{ groupId: 'g', name: 'default', createdAt: 5, version: 1, pipeline: defaultPipeline },
    topics: [
      {
        ...{ name: 'facts "quoted"', description: '', isBounded: false },
        scoping: { userScoped: false, scopeProperties: [] },
      },
      {
        ...{ name: 'summary', description: 'So far.', isBounded: true },
        scoping: { userScoped: true, scopeProperties: ['trip'] },
      },
    ],
  }
  expect(getGroup(db, 'p', { name: 'default' })).toEqual(group)
  expect(listGroups(db, 'p')[1]).toMatchObject({ name: 'empty', topics: [], version: 1 })
  const [claimed] = claimRuns(db, { limit: 1, leaseMs: 1_000, runTimeoutMs: 1_000, now: 10 })
  expect(claimed?.run).toMatchObject({ runId: 'r1', groupVersion: 1, bufferId: null })
  expect(getGroup(db, 'p', { groupId: 'g', version: 1 })).toEqual(group)
  expect(examineDatabase(db.file).filter(({ wrongCount }) => wrongCount > 0)).toEqual([])
})
