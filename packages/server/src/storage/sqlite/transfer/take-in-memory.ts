import { canonicalJson } from '../../../kernel/json.ts'
import type { Scope } from '../../../projects/scope.ts'
import type { MemoryArrival, MemoryRecord, VersionRecord } from '../../transfer.ts'
import type { Connection } from '../connection.ts'
import { indexMemory } from '../documents.ts'
import { findByContentKey, findInScope } from '../memories.ts'
import { ensureScope } from '../scopes.ts'
import { memoryRecord } from './read-records.ts'
import type { Taken } from './take-in.ts'

/** A memory comes with its history, and is found from then on. It stands at its place in the index unless somebody stands there. */
export const takeInMemory = (db: Connection, projectId: string, arrival: MemoryArrival): Taken => {
  const { record } = arrival
  const known = memoryRecord(db, projectId, record.memory_id)
  if (known.versions.length > 0)
    return isSame(known, record) ? 'unchanged' : { conflict: 'a memory of this id is there, and is another' }
  const refusal = refusalOf(db, projectId, arrival)
  if (refusal !== null) return { conflict: refusal }
  const places = arrival.scopes.map((scope) => (scope === null ? null : ensureScope(db, projectId, scope)))
  const position = takeInLive(db, projectId, { ...arrival, place: places.at(-1) ?? null })
  for (const [index, version] of record.versions.entries())
    insertVersion(db, projectId, {
      memoryId: record.memory_id,
      version,
      place: places[index] ?? null,
      position: position ?? version.position,
    })
  return 'created'
}

// Where it stands is this store's own affair.
const isSame = (one: MemoryRecord, other: MemoryRecord): boolean => {
  const placeless = (record: MemoryRecord) => ({
    ...record,
    versions: record.versions.map((version) => ({ ...version, position: null })),
  })
  return canonicalJson(placeless(one)) === canonicalJson(placeless(other))
}

const refusalOf = (
  db: Connection,
  projectId: string,
  { record, scopes, found }: MemoryArrival,
): string | null => {
  const scope = scopes.at(-1) ?? null
  if (found === null) return null
  if (record.sources === null || scope === null) return 'nobody knows whose it is'
  const twin = findByContentKey(db, projectId, { scope, contentKey: found.contentKey })
  if (twin !== null) return `memory ${twin.memoryId} says the same`
  const other = isBounded(db, projectId, scope) ? findInScope(db, projectId, scope) : null
  return other === null ? null : `memory ${other.memoryId} is the one of its topic`
}

const isBounded = (db: Connection, projectId: string, { groupId, topic }: Scope): boolean =>
  db.get(
    'SELECT 1 FROM topics WHERE project_id = ? AND group_id = ? AND name = ? AND is_bounded = 1',
    projectId,
    groupId,
    topic,
  ) !== undefined

type Place = { readonly scopeNo: number; readonly partitionNo: number }

/** Answers the position; null for a memory that is deleted. */
const takeInLive = (
  db: Connection,
  projectId: string,
  { record, found, place }: MemoryArrival & { readonly place: Place | null },
): number | null => {
  const last = record.versions.at(-1)
  if (found === null || place === null || last === undefined) return null
  const position = indexMemory(db, {
    ...place,
    memoryId: record.memory_id,
    document: found.document,
    position: freePosition(db, place.partitionNo, last.position),
  })
  db.run(
    'UPDATE partitions SET next_position = max(next_position, ?) WHERE partition_no = ?',
    position + 1,
    place.partitionNo,
  )
  db.run(
    `INSERT INTO memories (project_id, memory_id, partition_no, scope_no, position, user_id, content, content_key, version, sources, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    projectId,
    record.memory_id,
    place.partitionNo,
    place.scopeNo,
    position,
    last.user_id,
    last.content,
    found.contentKey,
    last.version,
    JSON.stringify(record.sources),
    last.memory_created_at ?? last.created_at,
    last.created_at,
  )
  return position
}

/** The position if nobody stands there; null for the next one. */
const freePosition = (db: Connection, partitionNo: number, position: number | null): number | null =>
  position === null ||
  db.get('SELECT 1 FROM documents WHERE partition_no = ? AND position = ?', partitionNo, position) !==
    undefined
    ? null
    : position

const insertVersion = (
  db: Connection,
  projectId: string,
  params: {
    readonly memoryId: string
    readonly version: VersionRecord
    readonly place: Place | null
    readonly position: number | null
  },
): void => {
  const { memoryId, version, place, position } = params
  db.run(
    `INSERT INTO memory_versions (project_id, memory_id, version, run_id, content, sources, created_at,
                                  kind, scope_no, partition_no, position, user_id, memory_created_at, origin, restores)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    projectId,
    memoryId,
    version.version,
    version.run_id,
    version.content,
    JSON.stringify(version.sources),
    version.created_at,
    version.kind,
    place?.scopeNo ?? null,
    place?.partitionNo ?? null,
    position,
    version.user_id,
    version.memory_created_at,
    version.origin === null ? null : JSON.stringify(version.origin),
    version.restores,
  )
}
