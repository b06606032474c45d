/** However many runs wait in buffers: every statement about them finds its rows by an index, in their order. */
import { expect, test } from 'vitest'
import type { Trigger } from '../../projects/pipeline.ts'
import { recordedPlans } from '../../testing/recorded-plans.ts'
import { temporaryConnection } from '../../testing/sqlite-connection.ts'
import { claim, groupId, ids, newRun, prepare, projectId } from '../../testing/sqlite-exercise.ts'
import { runCounts, runError, startAt, stepRecord, topics } from '../../testing/storage-factories.ts'
import { acceptRun } from './accept-run.ts'
import { claimRuns, failRun } from './attempts.ts'
import { commitRun } from './commit.ts'
import type { Connection } from './connection.ts'
import { putGroup } from './groups.ts'
import { flushBuffers, flushRun, joinBuffer, listCompany } from './join-buffer.ts'
import { nextDueAt } from './lanes.ts'
import { setQueueState } from './queues.ts'
import { getRun } from './runs.ts'
import { cancelRun } from './steering.ts'

const now = startAt
const counts = runCounts({ candidates: 1 })

const wait = (db: Connection, trigger: Partial<Trigger>): string => {
  acceptRun(db, projectId, newRun())
  const { claim: held } = claim(db)
  const { runId } = held
  const result = joinBuffer(db, {
    ...{ claim: held, step: 'gather', now, ending: [], scope: { userKey: 'ada', properties: {} } },
    trigger: { count: null, ageMs: null, idleMs: null, ...trigger },
    joining: [{ runId, bufferId: ids.next(), counts, step: stepRecord({ name: 'gather', type: 'buffer' }) }],
  })
  expect(result.kind).toBe('done')
  return runId
}

const exercise = (db: Connection): void => {
  const lone = wait(db, { ageMs: 1_000 })
  getRun(db, projectId, lone)
  nextDueAt(db)
  flushBuffers(db, projectId, { groupId, userKey: 'ada', properties: { a: 'b' }, limit: 10, now })
  flushRun(db, projectId, { runId: lone, now })
  const first = claim(db)
  listCompany(db, projectId, { bufferId: first.run.bufferId ?? '', step: 'gather' })
  failRun(db, { claim: first.claim, error: runError, step: null, now })
  const [, second] = [wait(db, { count: 2 }), wait(db, { count: 2 })]
  const ending = {
    state: 'completed',
    outcome: 'unchanged',
    error: null,
    counts,
    step: stepRecord(),
  } as const
  const held = claim(db)
  const companions = [{ runId: second, ...ending }]
  const work = { claim: held.claim, operations: [], confirmations: [], now }
  expect(commitRun(db, { ...work, ...ending, companions })).toEqual({ kind: 'committed' })
  const [leading] = [wait(db, { count: 2 }), wait(db, { count: 2 })]
  cancelRun(db, projectId, { runId: leading, reason: null, now })
  failRun(db, { claim: claim(db).claim, error: runError, step: null, now })
  wait(db, { count: 9 })
  putGroup(db, projectId, { groupId, name: 'default', topics: topics.slice(1), now })
  setQueueState(db, projectId, 'draining')
  claimRuns(db, { limit: 1, leaseMs: 1, runTimeoutMs: 1, now: now + 1 })
}

test('no statement about buffers reads a table from end to end, or sorts one', () => {
  using db = temporaryConnection('migrated')
  prepare(db)
  const plans = recordedPlans(db, exercise)
  const about = plans.filter(([sql]) => /buffer/.test(sql))
  expect(about.length).toBeGreaterThan(15)
  for (const [sql, plan] of about) {
    const isCheap = (detail: string) => /^SCAN (wanted|had|\d+-ROW|CONSTANT ROW|\(subquery)/.test(detail)
    expect(
      plan.filter((detail) => detail.startsWith('SCAN') && !isCheap(detail)),
      sql,
    ).toEqual([])
    expect(
      plan.filter((detail) => /^USE TEMP B-TREE FOR .*ORDER BY$/.test(detail)),
      sql,
    ).toEqual([])
  }
})
