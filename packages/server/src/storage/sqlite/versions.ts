/** The versions of memories: each change of one writes its next, and a deletion one without a text. */
import type { MemoryVersion, VersionView } from '../../memories/memory-version.ts'
import type { Properties } from '../../projects/scope.ts'
import type { InputType } from '../../runs/run.ts'
import type { Origin } from '../../search/document.ts'
import type { Page } from '../storage.ts'
import type { ChangeContext } from './change-memory.ts'
import type { Connection } from './connection.ts'
import { fromJson, fromUserColumn } from './rows.ts'
import { sourcesAt } from './sources.ts'

type Reading = { readonly db: Connection; readonly projectId: string }

/** Where a version stands in the index, and whose it is. */
export type Place = {
  readonly scopeNo: number
  readonly partitionNo: number
  readonly position: number
  readonly userId: string | null
  readonly memoryCreatedAt: number
}

type NewVersion = Place &
  Pick<MemoryVersion, 'memoryId' | 'version' | 'kind' | 'content' | 'sources' | 'restores'> & {
    /** Null for a deletion. */
    readonly origin: Origin | null
  }

export const insertVersion = ({ db, projectId, runId, now }: ChangeContext, version: NewVersion): void => {
  db.run(
    `INSERT INTO memory_versions (project_id, memory_id, version, run_id, content, sources, created_at,
                                  kind, scope_no, partition_no, position, user_id, memory_created_at, origin, restores)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    projectId,
    version.memoryId,
    version.version,
    runId,
    version.content,
    JSON.stringify(version.sources),
    now,
    version.kind,
    version.scopeNo,
    version.partitionNo,
    version.position,
    version.userId,
    version.memoryCreatedAt,
    version.origin === null ? null : JSON.stringify(version.origin),
    version.restores,
  )
}

/** The number of the last version; 0 when there is none. */
export const lastVersion = ({ db, projectId }: Reading, memoryId: string): number =>
  db.get<{ version: number | null }>(
    'SELECT max(version) AS version FROM memory_versions WHERE project_id = ? AND memory_id = ?',
    projectId,
    memoryId,
  )?.version ?? 0

/** Where a version stood, and since when its memory was there; null when the version is not kept. Of old ones the place is not known. */
export const findPlace = (
  { db, projectId }: Reading,
  memoryId: string,
  version: number,
): { readonly position: number | null; readonly memoryCreatedAt: number } | null =>
  db.get(
    `SELECT position, memory_created_at AS memoryCreatedAt FROM memory_versions
     WHERE project_id = ? AND memory_id = ? AND version = ?`,
    projectId,
    memoryId,
    version,
  ) ?? null

export type VersionRow = {
  memory_id: string
  version: number
  kind: string
  run_id: string
  group_id: string
  group_name: string
  topic: string
  user_key: string
  user_id: string | null
  properties: string
  content: string
  sources: string
  origin: string | null
  created_at: number
  memory_created_at: number
  restores: number | null
}
/** Reads versions with their scope and the name of their group; the WHERE clause follows, on `v`, `s` and `g`. */
export const versionColumns = `v.memory_id, v.version, v.kind, v.run_id, s.group_id, g.name AS group_name, s.topic, s.user_key, v.user_id,
  s.properties, v.content, v.sources, v.origin, v.created_at, v.memory_created_at, v.restores`
export const versionTables = `memory_versions v
  JOIN scopes s ON s.scope_no = v.scope_no
  JOIN groups g ON g.project_id = s.project_id AND g.group_id = s.group_id`

const toVersion = (reading: Reading, row: VersionRow): MemoryVersion => {
  const made = { memoryId: row.memory_id, version: row.version, sources: fromJson<[]>(row.sources) }
  return {
    ...made,
    // safety: written from the same union
    kind: row.kind as MemoryVersion['kind'],
    runId: row.run_id,
    scope: {
      groupId: row.group_id,
      topic: row.topic,
      userKey: fromUserColumn(row.user_key),
      properties: fromJson<Properties>(row.properties),
    },
    groupName: row.group_name,
    userId: row.user_id,
    content: row.content,
    origin: row.origin === null ? { ...noOrigin, session: row.run_id } : fromJson<Origin>(row.origin),
    lastSources: sourcesAt(reading, made),
    createdAt: row.created_at,
    memoryCreatedAt: row.memory_created_at,
    restores: row.restores,
  }
}

const noOrigin = { speaker: null, turn: 0, saidAt: 0 }

/** One version, or the last one. */
export const getVersion = (
  db: Connection,
  projectId: string,
  { memoryId, version }: { memoryId: string; version: number | null },
): MemoryVersion | null => {
  const row = db.get<VersionRow>(
    `SELECT ${versionColumns} FROM ${versionTables}
     WHERE v.project_id = ?1 AND v.memory_id = ?2 AND v.version <= coalesce(?3, v.version) ORDER BY v.version DESC LIMIT 1`,
    projectId,
    memoryId,
    version,
  )
  if (row === undefined || (version !== null && row.version !== version)) return null
  return toVersion({ db, projectId }, row)
}

/** Newest first; a page ends where the next begins, before this version. */
export const listVersions = (
  db: Connection,
  projectId: string,
  params: { memoryId: string; limit: number; cursor: string | null },
): Page<VersionView> => {
  const rows = db.all<VersionRow & { input_type: string | null; undone_by: string | null }>(
    `SELECT ${versionColumns}, r.input_type,
       (SELECT w.run_id FROM memory_versions w JOIN runs u ON u.run_id = w.run_id AND u.project_id = w.project_id
        WHERE w.project_id = v.project_id AND w.memory_id = v.memory_id AND w.version > v.version AND u.undo_of = v.run_id
        ORDER BY w.version DESC LIMIT 1) AS undone_by
     FROM ${versionTables} LEFT JOIN runs r ON r.run_id = v.run_id AND r.project_id = v.project_id
     WHERE v.project_id = ? AND v.memory_id = ? AND v.version < ? ORDER BY v.version DESC LIMIT ?`,
    projectId,
    params.memoryId,
    params.cursor === null ? Number.MAX_SAFE_INTEGER : Number(params.cursor),
    params.limit + 1,
  )
  const items = rows.slice(0, params.limit).map((row) => ({
    version: toVersion({ db, projectId }, row),
    // safety: written from the same union
    inputType: row.input_type as InputType | null,
    undoneBy: row.undone_by,
  }))
  const last = items.at(-1)
  const hasMore = rows.length > params.limit && last !== undefined
  return { items, nextCursor: hasMore ? String(last.version.version) : null }
}
