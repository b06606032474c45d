/**
 * The three changes of a memory: its row, its entry in the index and its next version. Each names the version it was decided on, and
 * throws when that is not the last one, or when the statement is there already.
 */
import { canonicalJson } from '../../kernel/json.ts'
import type { Memory } from '../../memories/memory.ts'
import type { PlannedOperation } from '../storage.ts'
import type { Connection } from './connection.ts'
import { indexMemory, unindexMemory } from './documents.ts'
import { findByContentKey, getMemory } from './memories.ts'
import { ensureScope } from './scopes.ts'
import { keptSources } from './sources.ts'
import { findPlace, insertVersion, lastVersion, type Place } from './versions.ts'

export type ChangeContext = {
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

export type Change = { readonly before: number | null; readonly after: number; readonly topic: string }

/** Throws CommitConflict. */
export const changeMemory = (context: ChangeContext, operation: PlannedOperation): Change => {
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

const createMemory = (context: ChangeContext, create: Create): Change => {
  const { db, projectId, now } = context
  const { memoryId, content, origin } = create
  const twin = findByContentKey(db, projectId, create) ?? getMemory(db, projectId, memoryId)
  if (twin !== null) throw new CommitConflict(twin.memoryId)
  const { scopeNo, partitionNo } = ensureScope(db, projectId, create.scope)
  const restored = create.restores === undefined ? null : findPlace(context, memoryId, create.restores)
  const sources = keptSources(create.sources)
  // The memory of a bounded topic comes back under its id after it was deleted, and goes on counting.
  const version = 1 + lastVersion(context, memoryId)
  const position = indexMemory(db, {
    partitionNo,
    scopeNo,
    memoryId,
    document: create.document,
    position: restored?.position ?? null,
  })
  const createdAt = restored?.memoryCreatedAt ?? now
  db.run(
    `INSERT INTO memories (project_id, memory_id, partition_no, scope_no, position, user_id, content, content_key, version, sources, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    projectId,
    memoryId,
    partitionNo,
    scopeNo,
    position,
    create.userId,
    content,
    create.contentKey,
    version,
    JSON.stringify(sources),
    createdAt,
    now,
  )
  const place: Place = { scopeNo, partitionNo, position, userId: create.userId, memoryCreatedAt: createdAt }
  const restores = create.restores ?? null
  insertVersion(context, { memoryId, version, kind: 'create', content, sources, origin, restores, ...place })
  return { before: null, after: version, topic: create.scope.topic }
}

const updateMemory = (context: ChangeContext, update: Update): Change => {
  const { db, projectId, now } = context
  const memory = memoryAt(context, update)
  const { memoryId } = memory
  const { content, origin } = update
  const twin = findByContentKey(db, projectId, { scope: memory.scope, contentKey: update.contentKey })
  if (twin !== null && twin.memoryId !== memoryId) throw new CommitConflict(twin.memoryId)
  const version = memory.version + 1
  const isRestored = update.restores !== undefined
  const sources = keptSources(isRestored ? update.sources : [...memory.sources, ...update.sources])
  const place = unindexMemory(db, projectId, memoryId)
  indexMemory(db, { ...place, memoryId, document: update.document })
  db.run(
    'UPDATE memories SET content = ?, content_key = ?, version = ?, sources = ?, updated_at = ? WHERE project_id = ? AND memory_id = ?',
    content,
    update.contentKey,
    version,
    JSON.stringify(sources),
    now,
    projectId,
    memoryId,
  )
  insertVersion(context, {
    ...{ memoryId, version, kind: 'update', content, sources, origin },
    ...{ ...place, userId: memory.userId, memoryCreatedAt: memory.createdAt },
    restores: update.restores ?? null,
  })
  return { before: memory.version, after: version, topic: memory.scope.topic }
}

const deleteMemory = (context: ChangeContext, operation: Delete): Change => {
  const { db, projectId } = context
  const memory = memoryAt(context, operation)
  const { memoryId } = memory
  const place = unindexMemory(db, projectId, memoryId)
  db.run('DELETE FROM memories WHERE project_id = ? AND memory_id = ?', projectId, memoryId)
  const version = memory.version + 1
  insertVersion(context, {
    ...{ memoryId, version, kind: 'delete', content: '', sources: [], origin: null },
    restores: operation.restores ?? null,
    ...{ ...place, userId: memory.userId, memoryCreatedAt: memory.createdAt },
  })
  return { before: memory.version, after: version, topic: memory.scope.topic }
}

const memoryAt = ({ db, projectId }: ChangeContext, decided: Update | Delete): Memory => {
  const memory = getMemory(db, projectId, decided.memoryId)
  if (memory?.version !== decided.expectedVersion) throw new CommitConflict(decided.memoryId)
  const { expectedSources } = decided
  if (expectedSources !== undefined && canonicalJson(expectedSources) !== canonicalJson(memory.sources))
    throw new CommitConflict(decided.memoryId)
  return memory
}
