/** Everything that happens to runs and memories on the embedded engine, once: what a test of its statements looks at. */
import { expect } from 'vitest'
import { everyRun, type RunFilter } from '../runs/run-filter.ts'
import { acceptRun } from '../storage/sqlite/accept-run.ts'
import { findKey, touchKey } from '../storage/sqlite/accounts.ts'
import { findVersionsAt, getMemoryAt, listMemoriesAt } from '../storage/sqlite/as-of.ts'
import {
  cancelAttempt,
  claimRuns,
  failRun,
  recordStep,
  renewLease,
  retryRun,
} from '../storage/sqlite/attempts.ts'
import { census } from '../storage/sqlite/census.ts'
import { commitRun } from '../storage/sqlite/commit.ts'
import { commitPlanned } from '../storage/sqlite/commit-planned.ts'
import type { Connection } from '../storage/sqlite/connection.ts'
import { deleteGroup } from '../storage/sqlite/delete-group.ts'
import { deleteMemory } from '../storage/sqlite/delete-memory.ts'
import { findDocuments } from '../storage/sqlite/documents.ts'
import { editMemory } from '../storage/sqlite/edit-memory.ts'
import { lastProjectSeq, listEvents, listProjectEvents } from '../storage/sqlite/events.ts'
import { putGroup } from '../storage/sqlite/groups.ts'
import { nextDueAt } from '../storage/sqlite/lanes.ts'
import { listMemories } from '../storage/sqlite/memories.ts'
import {
  createProject,
  getLimits,
  getProject,
  pageProjects,
  projectStatus,
} from '../storage/sqlite/projects.ts'
import { prune } from '../storage/sqlite/prune.ts'
import { getQueue, setQueueState } from '../storage/sqlite/queues.ts'
import { readCommitted } from '../storage/sqlite/read-committed.ts'
import { findRunByKey, pruneKeys } from '../storage/sqlite/run-keys.ts'
import { listRuns } from '../storage/sqlite/run-list.ts'
import { countRuns, oldestWaitingAt, sampleEnded } from '../storage/sqlite/run-statistics.ts'
import { findRunProject, getRun, listSteps, queueStatus, readPayload } from '../storage/sqlite/runs.ts'
import { findSimilar } from '../storage/sqlite/similar.ts'
import { cancelRun, dismissRun, requeueRun } from '../storage/sqlite/steering.ts'
import { countUsage, pageUsage, readUsage } from '../storage/sqlite/usage.ts'
import { getUser, pageUsers } from '../storage/sqlite/users.ts'
import { getVersion, listVersions } from '../storage/sqlite/versions.ts'
import type { NewRun } from '../storage/storage.ts'
import { makeCharge } from './agent-factories.ts'
import { exerciseAgents } from './sqlite-agents-exercise.ts'
import {
  countedIds,
  documentOf,
  leaseMs,
  origin,
  runCounts,
  runError,
  runTimeoutMs,
  source,
  startAt,
  stepRecord,
  topics,
} from './storage-factories.ts'

export const projectId = '00000000-0000-7000-8000-00000000000a'
export const groupId = '00000000-0000-7000-8000-00000000000b'
export const ids = countedIds()

export const newRun = (over: Partial<NewRun> = {}): NewRun => ({
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

export const prepare = (db: Connection) => {
  createProject(db, { projectId, name: 'project', createdAt: startAt })
  putGroup(db, projectId, { groupId, name: 'default', topics, now: startAt })
}

export const claim = (db: Connection, now = startAt) => {
  const [claimed] = claimRuns(db, { limit: 1, leaseMs, runTimeoutMs, now })
  if (claimed === undefined) throw new Error('nothing was claimed')
  return claimed
}

/** Everything that happens to runs and memories, once. */
export const exercise = (db: Connection): void => {
  const scope = { groupId, topic: 'facts', userKey: 'ada', properties: {} }
  const filter = { partitions: [scope], topics: [{ topic: 'facts', properties: {} }] }
  for (const key of ['a', 'b', 'b']) acceptRun(db, projectId, newRun({ idempotency: { key, digest: 'd' } }))
  const steered = { priority: 5, delayedUntil: startAt + 1, expiresAt: startAt + 9, tags: ['x'] }
  for (const onConflict of ['reject', 'supersede'] as const) {
    acceptRun(db, projectId, newRun({ laneId: 'steered', onConflict, options: steered }))
    acceptRun(db, projectId, newRun({ laneId: 'steered', onConflict, options: { priority: 5 } }))
  }
  exerciseAgents(db)
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
  recordStep(db, { claim: failing.claim, step: stepRecord({ charge: makeCharge() }) })
  const failure = { error: runError, step: null, now: startAt }
  retryRun(db, { claim: failing.claim, ...failure, retryAt: startAt })
  failRun(db, { claim: claim(db).claim, ...failure, counts: runCounts() })
  dismissRun(db, projectId, { runId: failing.run.runId, now: startAt })
  getQueue(db, projectId)
  const { claim: held } = claim(db)
  const memoryIds = [ids.next(), ids.next()]
  const statement = { content: 'bees', sources: [source()], document: documentOf('bees'), origin }
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
    confirmations: [{ memoryId: memoryIds[0] ?? '', source: source({ input: 9 }) }],
    retractions: [{ memoryId: memoryIds[0] ?? '', source: source({ input: 9 }), dropped: null }],
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
  census(db, { countMax: 10 })
  findKey(db, 'hash')
  touchKey(db, { projectId, keyId: 'key', now: startAt })
  getProject(db, projectId)
  pageProjects(db, { limit: 10, cursor: `${startAt}:${projectId}` })
  projectStatus(db, projectId, { countMax: 10 })
  getUser(db, projectId, 'ada')
  pageUsers(db, projectId, { prefix: 'a', limit: 10, cursor: 'a' })
  readUsage(db, projectId, { fromDay: 1, toDay: 30_000 })
  pageUsage(db, { fromDay: 1, toDay: 30_000, limit: 10, cursor: `5:${projectId}` })
  getLimits(db, projectId)
  for (const kind of ['runs', 'events', 'versions', 'deliveries'] as const)
    prune(db, projectId, { kind, before: startAt + 1, limit: 10, cursor: null })
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
    { tag: 'red' },
    { parentRunId: 'a' },
    { subjectId: 'a' },
    { conversationId: 'a' },
  ]
  for (const filter of filters) listRuns(db, projectId, { ...page, filter: { ...everyRun, ...filter } })
  countRuns(db, projectId)
  oldestWaitingAt(db, projectId)
  sampleEnded(db, projectId, { after: 0 })
  listProjectEvents(db, projectId, { after: 0, limit: 10 })
  lastProjectSeq(db, projectId)
  listMemories(db, projectId, { ...filter, limit: 10, cursor: null })
  readCommitted(db, projectId, held.runId)
  getMemoryAt(db, projectId, { memoryId: memoryIds[0] ?? '', at: startAt })
  listMemoriesAt(db, projectId, { ...filter, at: startAt, limit: 10, cursor: null })
  findVersionsAt(db, projectId, { ...filter, at: startAt, limit: 10 })
  commitPlanned(db, projectId, {
    ...{ runId: held.runId, operations: [], confirmations: [], outcome: 'committed' },
    ...{ counts: runCounts(), now: startAt },
  })
  getVersion(db, projectId, { memoryId: memoryIds[0] ?? '', version: null })
  listVersions(db, projectId, { memoryId: memoryIds[0] ?? '', limit: 10, cursor: null })
  findSimilar(db, projectId, { scope, terms: ['bee'], share: 0.5, limit: 8 })
  findDocuments(db, projectId, { ...filter, terms: ['bee'], window: 8 })
  editMemory(db, projectId, {
    ...{
      runId: ids.next(),
      memoryId: memoryIds[0] ?? '',
      laneId: 'lane',
      operation: null,
      traceparent: null,
      wire: 'native',
    },
    ...{ idempotency: { key: 'edit', digest: 'd' }, now: startAt },
  })
  deleteGroup(db, projectId, 'default')
  deleteMemory(db, projectId, {
    runId: ids.next(),
    memoryId: memoryIds[0] ?? '',
    laneId: 'lane',
    now: startAt,
  })
  findRunByKey(db, projectId, 'edit')
  pruneKeys(db, { idempotencyBefore: startAt, limit: 10 })
}
