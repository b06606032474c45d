/** A page of an export costs the same however much there is before and behind it. */
import { expect, test } from 'vitest'
import { recordedPlans } from '../../../testing/recorded-plans.ts'
import { temporaryConnection } from '../../../testing/sqlite-connection.ts'
import { countedIds, startAt } from '../../../testing/storage-factories.ts'
import { acceptRun } from '../accept-run.ts'
import { putGroup } from '../groups.ts'
import { createProject } from '../projects.ts'
import { readRecords } from './read-records.ts'

test('every page finds its records by an index, in their order', () => {
  using db = temporaryConnection('migrated')
  const ids = countedIds()
  const [projectId, groupId, runId] = [ids.next(), ids.next(), ids.next()]
  createProject(db, { projectId, name: 'project', createdAt: startAt })
  putGroup(db, projectId, { groupId, name: 'default', topics: [], now: startAt })
  acceptRun(db, projectId, {
    ...{ runId, groupId, laneId: groupId, userId: null, userKey: null, inputType: 'string', inputCount: 1 },
    payload: { input: { type: 'string', content: ['text'] }, properties: {} },
    ...{ idempotency: null, queueDepthMax: 10, now: startAt },
  })
  const plans = recordedPlans(db, (recording) => {
    for (const after of [null, `run:${runId}`]) readRecords(recording, projectId, { after, limit: 10 })
  })
  expect(plans.length).toBeGreaterThan(15)
  for (const [sql, plan] of plans)
    expect(
      plan.filter((detail) => /^SCAN|^USE TEMP B-TREE FOR ORDER BY$/.test(detail)),
      sql,
    ).toEqual([])
})
