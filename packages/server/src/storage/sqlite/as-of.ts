/** What was: of every memory the last version made by then, unless that is a deletion. */
import type { Memory } from '../../memories/memory.ts'
import type { Properties } from '../../projects/scope.ts'
import type { Origin } from '../../search/document.ts'
import type { MemoryFilter, Page, Partition } from '../storage.ts'
import type { VersionAt } from '../taking-back.ts'
import type { Connection } from './connection.ts'
import { admittedScope, type Cursor, parseCursor } from './memories.ts'
import { fromJson, fromUserColumn } from './rows.ts'
import { partitionNoOf } from './scopes.ts'
import { sourcesAt } from './sources.ts'
import { type VersionRow, versionColumns, versionTables } from './versions.ts'

// Times of versions are the clock's, which may have been set back; their numbers are not, so the last one is told by its number.
const wasLast = (at: string): string => `v.created_at <= ${at} AND v.kind <> 'delete' AND NOT EXISTS (
  SELECT 1 FROM memory_versions later
  WHERE later.project_id = v.project_id AND later.memory_id = v.memory_id AND later.version > v.version AND later.created_at <= ${at})`

const toMemoryAt = (
  db: Connection,
  projectId: string,
  { row, at }: { row: VersionRow; at: number },
): Memory => ({
  memoryId: row.memory_id,
  scope: {
    groupId: row.group_id,
    topic: row.topic,
    userKey: fromUserColumn(row.user_key),
    properties: fromJson<Properties>(row.properties),
  },
  userId: row.user_id,
  groupName: row.group_name,
  content: row.content,
  version: row.version,
  createdAt: row.memory_created_at,
  updatedAt: row.created_at,
  sources: sourcesAt(
    { db, projectId },
    { memoryId: row.memory_id, version: row.version, sources: fromJson<[]>(row.sources) },
    at,
  ),
})

export const getMemoryAt = (
  db: Connection,
  projectId: string,
  { memoryId, at }: { memoryId: string; at: number },
): Memory | null => {
  const row = db.get<VersionRow>(
    `SELECT ${versionColumns} FROM ${versionTables} WHERE v.project_id = ?1 AND v.memory_id = ?2 AND ${wasLast('?3')}`,
    projectId,
    memoryId,
    at,
  )
  return row === undefined ? null : toMemoryAt(db, projectId, { row, at })
}

export const listMemoriesAt = (
  db: Connection,
  projectId: string,
  params: MemoryFilter & { at: number; limit: number; cursor: string | null },
): Page<Memory> => {
  const { at, limit } = params
  const cursor: Cursor = params.cursor === null ? [Number.MAX_SAFE_INTEGER, ''] : parseCursor(params.cursor)
  const found = params.partitions
    .map((partition) => partitionNoOf(db, projectId, partition))
    .filter((partitionNo) => partitionNo !== null)
    .flatMap((partitionNo) =>
      db.all<VersionRow>(
        `SELECT ${versionColumns} FROM ${versionTables}
         WHERE v.project_id = ?1 AND v.partition_no = ?2 AND (v.memory_created_at, v.memory_id) < (?3, ?4)
           AND ${wasLast('?5')} AND ${admittedScope('?6')}
         ORDER BY v.memory_created_at DESC, v.memory_id DESC LIMIT ?7`,
        projectId,
        partitionNo,
        ...cursor,
        at,
        JSON.stringify(params.topics),
        limit + 1,
      ),
    )
    .sort((a, b) => b.memory_created_at - a.memory_created_at || (a.memory_id < b.memory_id ? 1 : -1))
  const items = found.slice(0, limit).map((row) => toMemoryAt(db, projectId, { row, at }))
  const last = items.at(-1)
  const hasMore = found.length > limit && last !== undefined
  return { items, nextCursor: hasMore ? `${last.createdAt}:${last.memoryId}` : null }
}

type FoundRow = Pick<
  VersionRow,
  'memory_id' | 'version' | 'topic' | 'user_key' | 'properties' | 'content'
> & {
  position: number | null
  group_id: string
  run_id: string
  origin: string | null
}

export const findVersionsAt = (
  db: Connection,
  projectId: string,
  params: { partitions: readonly Partition[]; at: number; limit: number },
): readonly VersionAt[] | null => {
  const found: VersionAt[] = []
  for (const [partition, wanted] of params.partitions.entries()) {
    const partitionNo = partitionNoOf(db, projectId, wanted)
    if (partitionNo === null) continue
    const rows = db.all<FoundRow>(
      `SELECT v.memory_id, v.version, v.position, v.run_id, v.content, v.origin, s.group_id, s.topic, s.user_key, s.properties
       FROM memory_versions v JOIN scopes s ON s.scope_no = v.scope_no
       WHERE v.project_id = ?1 AND v.partition_no = ?2 AND v.memory_created_at <= ?3 AND ${wasLast('?3')} LIMIT ?4`,
      projectId,
      partitionNo,
      params.at,
      params.limit - found.length + 1,
    )
    for (const row of rows) found.push(toVersionAt(row, partition))
    if (found.length > params.limit) return null
  }
  return found
}

const toVersionAt = (row: FoundRow, partition: number): VersionAt => ({
  memoryId: row.memory_id,
  version: row.version,
  scope: {
    groupId: row.group_id,
    topic: row.topic,
    userKey: fromUserColumn(row.user_key),
    properties: fromJson<Properties>(row.properties),
  },
  content: row.content,
  origin:
    row.origin === null
      ? { speaker: null, session: row.run_id, turn: 0, saidAt: 0 }
      : fromJson<Origin>(row.origin),
  partition,
  // Of what was deleted before places were kept, nobody knows it.
  position: row.position ?? -1,
})
