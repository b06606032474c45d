/** Reading memories. */
import type { Memory } from '../../memories/memory.ts'
import type { Scope } from '../../projects/scope.ts'
import type { MemoryFilter, Page } from '../storage.ts'
import type { Connection } from './connection.ts'
import { type MemoryRow, selectMemories, toMemory } from './rows.ts'
import { partitionNoOf, scopeNoOf } from './scopes.ts'

export const getMemory = (db: Connection, projectId: string, memoryId: string): Memory | null => {
  const row = db.get<MemoryRow>(
    `${selectMemories} WHERE m.project_id = ? AND m.memory_id = ?`,
    projectId,
    memoryId,
  )
  return row === undefined ? null : toMemory(row)
}

export const getMemories = (db: Connection, projectId: string, memoryIds: readonly string[]): Memory[] =>
  memoryIds.map((memoryId) => getMemory(db, projectId, memoryId)).filter((memory) => memory !== null)

export const findByContentKey = (
  db: Connection,
  projectId: string,
  params: { scope: Scope; contentKey: string },
): Memory | null => {
  const scopeNo = scopeNoOf(db, projectId, params.scope)
  if (scopeNo === null) return null
  const row = db.get<MemoryRow>(
    `${selectMemories} WHERE m.project_id = ? AND m.scope_no = ? AND m.content_key = ?`,
    projectId,
    scopeNo,
    params.contentKey,
  )
  return row === undefined ? null : toMemory(row)
}

/** The oldest memory of the scope; that of a bounded topic is the only one. */
export const findInScope = (db: Connection, projectId: string, scope: Scope): Memory | null => {
  const scopeNo = scopeNoOf(db, projectId, scope)
  if (scopeNo === null) return null
  const row = db.get<MemoryRow>(
    `${selectMemories} WHERE m.project_id = ? AND m.scope_no = ? ORDER BY m.memory_no LIMIT 1`,
    projectId,
    scopeNo,
  )
  return row === undefined ? null : toMemory(row)
}

/** A page ends where the next begins: after this creation time and id, in descending order. */
export type Cursor = readonly [createdAt: number, memoryId: string]

export const listMemories = (
  db: Connection,
  projectId: string,
  params: MemoryFilter & { limit: number; cursor: string | null },
): Page<Memory> => {
  const cursor: Cursor = params.cursor === null ? [Number.MAX_SAFE_INTEGER, ''] : parseCursor(params.cursor)
  const found = params.partitions
    .map((partition) => partitionNoOf(db, projectId, partition))
    .filter((partitionNo) => partitionNo !== null)
    .flatMap((partitionNo) => listPartition(db, { ...params, projectId, partitionNo, cursor }))
    .sort((a, b) => b.created_at - a.created_at || (a.memory_id < b.memory_id ? 1 : -1))
  const items = found.slice(0, params.limit).map(toMemory)
  const last = items.at(-1)
  const hasMore = found.length > params.limit && last !== undefined
  return { items, nextCursor: hasMore ? `${last.createdAt}:${last.memoryId}` : null }
}

const listPartition = (
  db: Connection,
  params: Pick<MemoryFilter, 'topics'> & {
    projectId: string
    partitionNo: number
    cursor: Cursor
    limit: number
  },
): MemoryRow[] =>
  db.all<MemoryRow>(
    `${selectMemories}
     WHERE m.project_id = ?1 AND m.partition_no = ?2 AND (m.created_at, m.memory_id) < (?3, ?4)
       AND ${admittedScope('?5')}
     ORDER BY m.created_at DESC, m.memory_id DESC LIMIT ?6`,
    params.projectId,
    params.partitionNo,
    ...params.cursor,
    JSON.stringify(params.topics),
    params.limit + 1,
  )

/** SQL that admits scope `s` when one of the topic filters (JSON in `parameter`) names its topic and only properties it has. */
export const admittedScope = (parameter: string): string => `EXISTS (
  SELECT 1 FROM json_each(${parameter}) f
  WHERE f.value ->> 'topic' = s.topic AND NOT EXISTS (
    SELECT 1 FROM json_each(f.value, '$.properties') wanted
    WHERE NOT EXISTS (SELECT 1 FROM json_each(s.properties) had WHERE had.key = wanted.key AND had.value = wanted.value)))`

export const parseCursor = (text: string): Cursor => {
  const [createdAt = '', memoryId = ''] = text.split(':')
  return [Number(createdAt), memoryId]
}
