/**
 * The commit: operations, memories with their versions and index entries, the record of the step, events, the run's new state
 * and its lane, in one transaction guarded by the claim. A planned operation names the version it was decided on; if the
 * memory has moved since, or the statement exists by now, nothing at all happens and the transform has to look again.
 */

import { SOURCE_COUNT_MAX } from '../../kernel/limits.ts'
import type { Memory, Source } from '../../memories/memory.ts'
import type { CommitParams, CommitResult, PlannedOperation } from '../storage.ts'
import { heldRun, insertStep } from './attempts.ts'
import type { Connection } from './connection.ts'
import { indexMemory, unindexMemory } from './documents.ts'
import { endRun } from './end-run.ts'
import { appendEvent } from './events.ts'
import { findByContentKey, getMemory } from './memories.ts'
import { ensureScope } from './scopes.ts'

type Context = {
  readonly db: Connection
  readonly projectId: string
  readonly runId: string
  readonly now: number
}

/** Carries a conflict out of the savepoint, so that what was written before it is rolled back. */
export class CommitConflict extends Error {
  override readonly name = 'CommitConflict'
  readonly memoryId: string

  constructor(memoryId: string) {
    super(`memory ${memoryId} has changed since the transform`)
    this.memoryId = memoryId
  }
}

/** Throws CommitConflict. */
export const commitRun = (
  db: Connection,
  params: CommitParams,
): Exclude<CommitResult, { kind: 'conflict' }> => {
  const { claim, now } = params
  const run = heldRun(db, claim)
  if (run === null) return { kind: 'claim_lost' }
  if (run.cancelRequestedAt !== null) return { kind: 'cancelling' }
  const context = { db, projectId: claim.projectId, runId: claim.runId, now }
  const first = nextPosition(context)
  for (const [index, operation] of params.operations.entries())
    applyOperation(context, first + index, operation)
  for (const { memoryId, source } of params.confirmations) confirmMemory(context, memoryId, source)
  insertStep(db, claim, params.step)
  endRun(db, run, { ...params, result: params.result ?? null })
  return { kind: 'committed' }
}

// A run that was tried again goes on counting after what it has committed before.
const nextPosition = ({ db, projectId, runId }: Context): number =>
  db.get<{ next: number }>(
    'SELECT coalesce(max(position), -1) + 1 AS next FROM operations WHERE run_id = ? AND project_id = ?',
    runId,
    projectId,
  )?.next ?? 0

export const applyOperation = (context: Context, position: number, operation: PlannedOperation): void => {
  const { db, projectId, runId, now } = context
  const { before, after, topic } = changeMemory(context, operation)
  db.run(
    `INSERT INTO operations (project_id, run_id, position, kind, memory_id, before_version, after_version, committed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    projectId,
    runId,
    position,
    operation.kind,
    operation.memoryId,
    before,
    after,
    now,
  )
  appendEvent(db, {
    projectId,
    runId,
    type: memoryEvents[operation.kind],
    at: now,
    data: { memory_id: operation.memoryId, version: after ?? before, topic },
  })
}

const memoryEvents = { create: 'memory.created', update: 'memory.updated', delete: 'memory.deleted' } as const

type Change = { readonly before: number | null; readonly after: number | null; readonly topic: string }
const changeMemory = (context: Context, operation: PlannedOperation): Change => {
  switch (operation.kind) {
    case 'create':
      return createMemory(context, operation)
    case 'update':
      return updateMemory(context, operation)
    case 'delete':
      return deleteMemory(context, operation)
  }
}

type Create = Extract<PlannedOperation, { kind: 'create' }>
type Update = Extract<PlannedOperation, { kind: 'update' }>
type Delete = Extract<PlannedOperation, { kind: 'delete' }>

const createMemory = (context: Context, create: Create): Change => {
  const { db, projectId, now } = context
  const twin = findByContentKey(db, projectId, create) ?? getMemory(db, projectId, create.memoryId)
  if (twin !== null) throw new CommitConflict(twin.memoryId)
  const { scopeNo, partitionNo } = ensureScope(db, projectId, create.scope)
  const sources = keptSources(create.sources)
  const version = nextVersion(context, create.memoryId)
  const position = indexMemory(db, {
    partitionNo,
    scopeNo,
    memoryId: create.memoryId,
    document: create.document,
    position: null,
  })
  db.run(
    `INSERT INTO memories (project_id, memory_id, partition_no, scope_no, position, user_id, content, content_key, version, sources, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    projectId,
    create.memoryId,
    partitionNo,
    scopeNo,
    position,
    create.userId,
    create.content,
    create.contentKey,
    version,
    JSON.stringify(sources),
    now,
    now,
  )
  insertVersion(context, { memoryId: create.memoryId, version, content: create.content, sources })
  return { before: null, after: version, topic: create.scope.topic }
}

// The memory of a bounded topic comes back under its id after it was deleted, and goes on counting.
const nextVersion = ({ db, projectId }: Context, memoryId: string): number =>
  1 +
  (db.get<{ version: number | null }>(
    'SELECT max(version) AS version FROM memory_versions WHERE project_id = ? AND memory_id = ?',
    projectId,
    memoryId,
  )?.version ?? 0)

const updateMemory = (context: Context, update: Update): Change => {
  const { db, projectId, now } = context
  const memory = memoryAt(context, update)
  const twin = findByContentKey(db, projectId, { scope: memory.scope, contentKey: update.contentKey })
  if (twin !== null && twin.memoryId !== memory.memoryId) throw new CommitConflict(twin.memoryId)
  const version = memory.version + 1
  const sources = keptSources([...memory.sources, ...update.sources])
  const place = unindexMemory(db, projectId, memory.memoryId)
  indexMemory(db, { ...place, memoryId: memory.memoryId, document: update.document })
  db.run(
    'UPDATE memories SET content = ?, content_key = ?, version = ?, sources = ?, updated_at = ? WHERE project_id = ? AND memory_id = ?',
    update.content,
    update.contentKey,
    version,
    JSON.stringify(sources),
    now,
    projectId,
    memory.memoryId,
  )
  insertVersion(context, { memoryId: memory.memoryId, version, content: update.content, sources })
  return { before: memory.version, after: version, topic: memory.scope.topic }
}

const deleteMemory = (context: Context, operation: Delete): Change => {
  const { db, projectId } = context
  const memory = memoryAt(context, operation)
  unindexMemory(db, projectId, memory.memoryId)
  db.run('DELETE FROM memories WHERE project_id = ? AND memory_id = ?', projectId, memory.memoryId)
  return { before: memory.version, after: null, topic: memory.scope.topic }
}

const memoryAt = ({ db, projectId }: Context, decided: Update | Delete): Memory => {
  const memory = getMemory(db, projectId, decided.memoryId)
  if (memory?.version !== decided.expectedVersion) throw new CommitConflict(decided.memoryId)
  return memory
}

// Said again, a memory gains a source and stays what it is.
const confirmMemory = (context: Context, memoryId: string, source: Source): void => {
  const { db, projectId } = context
  const memory = getMemory(db, projectId, memoryId)
  if (memory === null) throw new CommitConflict(memoryId)
  const sources = JSON.stringify(keptSources([...memory.sources, source]))
  db.run(
    'UPDATE memories SET sources = ? WHERE project_id = ? AND memory_id = ?',
    sources,
    projectId,
    memoryId,
  )
}

const keptSources = (given: readonly Source[]): readonly Source[] => {
  const sources = distinct(given)
  return sources.length <= SOURCE_COUNT_MAX
    ? sources
    : [...sources.slice(0, 1), ...sources.slice(1 - SOURCE_COUNT_MAX)]
}

// A run that is tried again may come by the same passage twice.
const distinct = (sources: readonly Source[]): readonly Source[] =>
  sources.filter(
    ({ runId, input, message }, index) =>
      sources.findIndex((one) => one.runId === runId && one.input === input && one.message === message) ===
      index,
  )

const insertVersion = (
  { db, projectId, runId, now }: Context,
  version: { memoryId: string; version: number; content: string; sources: readonly Source[] },
): void => {
  db.run(
    'INSERT INTO memory_versions (project_id, memory_id, version, run_id, content, sources, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    projectId,
    version.memoryId,
    version.version,
    runId,
    version.content,
    JSON.stringify(version.sources),
    now,
  )
}
