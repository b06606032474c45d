/** Depth costs nothing: every statement that runs while work is done finds its rows by an index. */
import { expect, test } from 'vitest'
import { everyRun, type RunFilter } from '../../runs/run-filter.ts'
import { temporaryConnection } from '../../testing/sqlite-connection.ts'
import {
  countedIds,
  documentOf,
  leaseMs,
  runCounts,
  runError,
  runTimeoutMs,
  source,
  startAt,
  stepRecord,
  topics,
} from '../../testing/storage-factories.ts'
import type { NewRun } from '../storage.ts'
import { acceptRun } from './accept-run.ts'
import { findKey, touchKey } from './accounts.ts'
import { cancelAttempt, claimRuns, failRun, recordStep, renewLease, retryRun } from './attempts.ts'
import { commitRun } from './commit.ts'
import type { Connection } from './connection.ts'
import { deleteMemory } from './delete-memory.ts'
import { findDocuments } from './documents.ts'
import { listEvents } from './events.ts'
import { putGroup } from './groups.ts'
import { nextDueAt } from './lanes.ts'
import { listMemories } from './memories.ts'
import { createProject, getProject, pageProjects, projectStatus } from './projects.ts'
import { getQueue, setQueueState } from './queues.ts'
import { listRuns } from './run-list.ts'
import { findRunProject, getRun, listSteps, pruneIdempotencyKeys, queueStatus, readPayload } from './runs.ts'
import { findSimilar } from './similar.ts'
import { cancelRun, dismissRun, requeueRun } from './steering.ts'
import { countUsage, pageUsage, readUsage } from './usage.ts'
import { getUser, pageUsers } from './users.ts'

const projectId = '00000000-0000-7000-8000-00000000000a'
const groupId = '00000000-0000-7000-8000-00000000000b'
const ids = countedIds()

const newRun = (over: Partial<NewRun> = {}): NewRun => ({
  runId: ids.next(),
  groupId,
  laneId: groupId,
  userId: 'Ada',
  userKey: 'ada',
  inputType: 'string',
  payload: { input: { type: 'string', content: ['text'] }, properties: {} },
  inputCount: 1,
  idempotency: null,
  queueDepthMax: 1_000_000_000,
  now: startAt,
  ...over,
})

const prepare = (db: Connection) => {
  createProject(db, { projectId, name: 'project', createdAt: startAt })
  putGroup(db, projectId, { groupId, name: 'default', topics, now: startAt })
}

const claim = (db: Connection, now = startAt) => {
  const [claimed] = claimRuns(db, { limit: 1, leaseMs, runTimeoutMs, now })
  if (claimed === undefined) throw new Error('nothing was claimed')
  return claimed
}

/** Everything that happens to runs and memories, once. */
const exercise = (db: Connection): void => {
  const scope = { groupId, topic: 'facts', userKey: 'ada', properties: {} }
  const filter = { partitions: [scope], topics: [{ topic: 'facts', properties: {} }] }
  for (const key of ['a', 'b', 'b']) acceptRun(db, projectId, newRun({ idempotency: { key, digest: 'd' } }))
  const steered = { priority: 5, delayedUntil: startAt + 1, expiresAt: startAt + 9, tags: ['x'] }
  for (const onConflict of ['reject', 'supersede'] as const) {
    acceptRun(db, projectId, newRun({ laneId: 'steered', onConflict, options: steered }))
    acceptRun(db, projectId, newRun({ laneId: 'steered', onConflict, options: { priority: 5 } }))
  }
  setQueueState(db, projectId, 'paused')
  expect(claimRuns(db, { limit: 1, leaseMs, runTimeoutMs, now: startAt })).toEqual([])
  setQueueState(db, projectId, 'active')
  const urgent = claim(db)
  cancelRun(db, projectId, { runId: urgent.run.runId, reason: null, now: startAt })
  cancelAttempt(db, { claim: urgent.claim, now: startAt })
  requeueRun(db, projectId, { runId: urgent.run.runId, voidSteps: ['x'], queueDepthMax: 9, now: startAt })
  cancelRun(db, projectId, { runId: urgent.run.runId, reason: null, now: startAt })
  const failing = claim(db)
  renewLease(db, { claim: failing.claim, leaseUntil: startAt + leaseMs })
  recordStep(db, { claim: failing.claim, step: stepRecord() })
  const failure = { error: runError, step: null, now: startAt }
  retryRun(db, { claim: failing.claim, ...failure, retryAt: startAt })
  failRun(db, { claim: claim(db).claim, ...failure, counts: runCounts() })
  dismissRun(db, projectId, { runId: failing.run.runId, now: startAt })
  getQueue(db, projectId)
  const { claim: held } = claim(db)
  const memoryIds = [ids.next(), ids.next()]
  const statement = { content: 'bees', sources: [source()], document: documentOf('bees') }
  const result = commitRun(db, {
    claim: held,
    operations: [
      ...memoryIds.map((memoryId) => ({
        kind: 'create' as const,
        memoryId,
        scope,
        userId: 'ada',
        contentKey: memoryId,
        ...statement,
      })),
      { kind: 'update', memoryId: memoryIds[0] ?? '', expectedVersion: 1, contentKey: 'bees', ...statement },
      { kind: 'delete', memoryId: memoryIds[1] ?? '', expectedVersion: 1 },
    ],
    confirmations: [{ memoryId: memoryIds[0] ?? '', source: source() }],
    state: 'completed',
    outcome: 'committed',
    error: null,
    counts: runCounts(),
    step: stepRecord(),
    now: startAt,
  })
  expect(result.kind).toBe('committed')
  nextDueAt(db)
  queueStatus(db)
  findKey(db, 'hash')
  touchKey(db, { projectId, keyId: 'key', now: startAt })
  getProject(db, projectId)
  pageProjects(db, { limit: 10, cursor: `${startAt}:${projectId}` })
  projectStatus(db, projectId, { countMax: 10 })
  getUser(db, projectId, 'ada')
  pageUsers(db, projectId, { prefix: 'a', limit: 10, cursor: 'a' })
  readUsage(db, projectId, { fromDay: 1, toDay: 30_000 })
  pageUsage(db, { fromDay: 1, toDay: 30_000, limit: 10, cursor: `5:${projectId}` })
  countUsage(db, [{ projectId, day: 1, searches: 1 }])
  getRun(db, projectId, held.runId)
  findRunProject(db, held.runId)
  readPayload(db, projectId, held.runId)
  listSteps(db, projectId, held.runId)
  listEvents(db, projectId, { runId: held.runId, after: 0, limit: 10 })
  const page = { limit: 10, cursor: null }
  const filters: readonly Partial<RunFilter>[] = [
    {},
    { userKey: 'ada' },
    { states: ['failed', 'partial'] },
    { groupId },
    { inputType: 'delete' },
    { completedAfter: 1, completedBefore: 2 },
  ]
  for (const filter of filters) listRuns(db, projectId, { ...page, filter: { ...everyRun, ...filter } })
  listMemories(db, projectId, { ...filter, limit: 10, cursor: null })
  findSimilar(db, projectId, { scope, terms: ['bee'], share: 0.5, limit: 8 })
  findDocuments(db, projectId, { ...filter, terms: ['bee'], window: 8 })
  deleteMemory(db, projectId, {
    runId: ids.next(),
    memoryId: memoryIds[0] ?? '',
    laneId: 'lane',
    now: startAt,
  })
  pruneIdempotencyKeys(db, { idempotencyBefore: startAt, limit: 10 })
}

/** What may be read from end to end: lists in the parameters, subqueries with a limit, an index in the order wanted, a row a project. */
const isCheap = (detail: string): boolean =>
  !detail.startsWith('SCAN') ||
  /^SCAN (json_each|f|walked|wanted|had|met|CONSTANT ROW|lanes USING (COVERING )?INDEX lanes_ready)\b/.test(
    detail,
  ) ||
  detail === 'SCAN (subquery-1)' ||
  // Of those that are pending only, and up to a limit.
  detail === 'SCAN webhook_deliveries USING COVERING INDEX webhook_deliveries_in_order' ||
  /^SCAN \d+-ROW VALUES|^SCAN project_queues$/.test(detail)

test('no statement of the work reads a table from end to end, or sorts one', () => {
  using db = temporaryConnection('migrated')
  prepare(db)
  const statements = new Set<string>()
  const recording: Connection = {
    ...db,
    get: (sql, ...values) => db.get(statements.add(sql) && sql, ...values),
    all: (sql, ...values) => db.all(statements.add(sql) && sql, ...values),
    tuples: (sql, ...values) => db.tuples(statements.add(sql) && sql, ...values),
    run: (sql, ...values) => db.run(statements.add(sql) && sql, ...values),
  }
  exercise(recording)
  expect(statements.size).toBeGreaterThan(40)
  for (const sql of statements) {
    const plan = db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).map(({ detail }) => detail)
    expect(
      plan.filter((detail) => !isCheap(detail)),
      sql,
    ).toEqual([])
    const sorts = plan.filter((detail) => /^USE TEMP B-TREE FOR .*ORDER BY$/.test(detail))
    // Of the runs that ended in a range there are few, when they are read like this.
    if (/FROM (lanes|runs)/.test(sql) && !sql.includes('runs_ended')) expect(sorts, sql).toEqual([])
  }
})

test('a claim costs the same with a thousand and with two hundred thousand runs in the lane', () => {
  using db = temporaryConnection('migrated')
  prepare(db)
  const fill = (count: number) =>
    db.run(
      `INSERT INTO runs (project_id, run_id, group_id, lane_id, user_key, input_type, state, attempt, failures, counts, created_at, updated_at)
       WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
       SELECT ?1, lower(hex(randomblob(16))), ?3, ?3, 'ada', 'string', 'queued', 0, 0, '{}', 0, 0 FROM n`,
      projectId,
      count,
      groupId,
    )
  const medianClaimMs = () => {
    const times: number[] = []
    for (let n = 0; n < 99; n++) {
      const before = performance.now()
      const { claim: held } = claim(db)
      times.push(performance.now() - before)
      failRun(db, { claim: held, error: runError, step: null, counts: runCounts(), now: startAt })
    }
    return times.sort((a, b) => a - b)[49] ?? 0
  }
  const ratio = db.transact(() => {
    acceptRun(db, projectId, newRun())
    fill(1_000)
    const few = medianClaimMs()
    fill(200_000)
    return medianClaimMs() / few
  })
  expect(ratio).toBeLessThan(5)
})
