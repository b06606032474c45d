/**
 * The records of a project, in a stable order: groups by name, users by key, agents and tools by id, runs by the instant of acceptance, memories by id,
 * conversations and what is in them in the order in which they began. A place is the cursor of a record, which is made of its identity, so it means the same in every store.
 */
import type { MemoryRecord, RunRecord, TransferRecord, VersionRecord } from '../../transfer.ts'
import { fromJson } from '../rows.ts'
import {
  confirmationColumns,
  eventColumns,
  operationColumns,
  runColumns,
  stepColumns,
  toRecord,
} from './columns.ts'
import {
  readCompactions,
  readConversationKeys,
  readConversations,
  readMessages,
} from './read-conversations.ts'
import { readDefinitions } from './read-definitions.ts'

/** As much of a connection as reading needs. */
export type Reader = {
  readonly all: <Row>(sql: string, ...values: (string | number | null)[]) => Row[]
}

type Kind = TransferRecord['type']
const kinds: readonly Kind[] = [
  ...(['group', 'user', 'agent', 'tool', 'run', 'memory'] as const),
  // A compaction covers messages, and a key leads to a run: both come after them.
  ...(['conversation', 'message', 'compaction', 'conversation_key'] as const),
]

export type Read = (
  db: Reader,
  projectId: string,
  params: { after: string | null; limit: number },
) => readonly TransferRecord[] | null

/** Null when the place is none, or none any more. */
export const readRecords: Read = (db, projectId, { after, limit }) => {
  const [kind = 'group', id = null] = after === null ? [] : splitCursor(after)
  const first = kinds.indexOf(kind as Kind)
  if (first === -1) return null
  const records: TransferRecord[] = []
  for (const [index, one] of kinds.slice(first).entries()) {
    if (records.length === limit) break
    const found = readers[one](db, projectId, {
      after: index === 0 ? id : null,
      limit: limit - records.length,
    })
    if (found === null) return null
    records.push(...found)
  }
  return records
}

const splitCursor = (cursor: string): readonly [string, string] => {
  const colon = cursor.indexOf(':')
  return [cursor.slice(0, colon), cursor.slice(colon + 1)]
}

type GroupRow = { group_id: string; name: string; created_at: number }
type GroupVersionRow = { version: number; topics: string; pipeline: string; created_at: number }

const readGroups: Read = (db, projectId, { after, limit }) =>
  db
    .all<GroupRow>(
      'SELECT group_id, name, created_at FROM groups WHERE project_id = ? AND name > ? ORDER BY name LIMIT ?',
      projectId,
      after ?? '',
      limit,
    )
    .map((row) => ({
      type: 'group',
      cursor: `group:${row.name}`,
      name: row.name,
      created_at: row.created_at,
      versions: db
        .all<GroupVersionRow>(
          'SELECT version, topics, pipeline, created_at FROM group_versions WHERE project_id = ? AND group_id = ? ORDER BY version',
          projectId,
          row.group_id,
        )
        .map(({ topics, pipeline, ...version }) => ({
          ...version,
          topics: fromJson(topics),
          pipeline: fromJson(pipeline),
        })),
    }))

type UserRow = { user_key: string; user_id: string; created_at: number; active_at: number }

const readUsers: Read = (db, projectId, { after, limit }) =>
  db
    .all<UserRow>(
      'SELECT user_key, user_id, created_at, active_at FROM users WHERE project_id = ? AND user_key > ? ORDER BY user_key LIMIT ?',
      projectId,
      after ?? '',
      limit,
    )
    .map(({ user_key, ...user }) => ({ type: 'user', cursor: `user:${user_key}`, ...user }))

type RunRow = { run_id: string; group_name: string; user_id: string | null } & Record<string, unknown>

/**
 * Transfers tell of the store, and erasures of what must not be told: neither travels. Nor does upkeep that has not ended, or what an
 * erasure in work is about to remove.
 */
export const travels = `r.input_type NOT IN ('import', 'erase')
  AND (r.completed_at IS NOT NULL OR r.input_type IN ('conversation', 'string', 'pre_extracted', 'document'))
  AND NOT EXISTS (SELECT 1 FROM erasures e WHERE e.project_id = r.project_id AND e.user_key = r.user_key AND e.seq > r.seq)`

const readRuns: Read = (db, projectId, { after, limit }) => {
  const place = after === null ? { created_at: -1, seq: 0 } : placeOf(db, projectId, after)
  if (place === null) return null
  const rows = db.all<RunRow>(
    `SELECT r.*, g.name AS group_name FROM runs r JOIN groups g ON g.project_id = r.project_id AND g.group_id = r.group_id
     WHERE r.project_id = ? AND (r.created_at, r.seq) > (?, ?) AND ${travels} ORDER BY r.created_at, r.seq LIMIT ?`,
    projectId,
    place.created_at,
    place.seq,
    limit,
  )
  return rows.map((row) => runRecord(db, projectId, row))
}

type Place = { readonly created_at: number; readonly seq: number }

const placeOf = (db: Reader, projectId: string, runId: string): Place | null =>
  db.all<Place>(
    'SELECT created_at, seq FROM runs WHERE run_id = ? AND project_id = ?',
    runId,
    projectId,
  )[0] ?? null

/** The run as it travels; null when there is none. */
export const readRun = (db: Reader, projectId: string, runId: string): RunRecord | null => {
  const [row] = db.all<RunRow>(
    `SELECT r.*, g.name AS group_name FROM runs r JOIN groups g ON g.project_id = r.project_id AND g.group_id = r.group_id
     WHERE r.run_id = ? AND r.project_id = ?`,
    runId,
    projectId,
  )
  return row === undefined ? null : runRecord(db, projectId, row)
}

const runRecord = (db: Reader, projectId: string, row: RunRow): RunRecord => {
  const of = (columns: readonly string[], table: string, order: string) =>
    db
      .all<Record<string, unknown>>(
        `SELECT ${columns.join(', ')} FROM ${table} WHERE run_id = ? AND project_id = ? ORDER BY ${order}`,
        row.run_id,
        projectId,
      )
      .map((one) => toRecord(one, columns))
  const [payload] = db.all<{ payload: string }>(
    'SELECT payload FROM run_payloads WHERE run_id = ? AND project_id = ?',
    row.run_id,
    projectId,
  )
  return {
    type: 'run',
    cursor: `run:${row.run_id}`,
    run_id: row.run_id,
    group: row.group_name,
    user_id: row.user_id,
    run: toRecord(row, runColumns),
    payload: payload === undefined ? null : fromJson(payload.payload),
    steps: of(stepColumns, 'run_steps', 'attempt, started_at, rowid'),
    operations: of(operationColumns, 'operations', 'position'),
    events: of(eventColumns, 'run_events', 'seq'),
    confirmations: of(confirmationColumns, 'run_confirmations', 'confirmation_no'),
  }
}

const readMemories: Read = (db, projectId, { after, limit }) =>
  db
    .all<{ memory_id: string }>(
      // Scopes of a user who is being erased have a name that no user's has.
      `SELECT DISTINCT memory_id FROM memory_versions v WHERE project_id = ? AND memory_id > ?
         AND NOT EXISTS (SELECT 1 FROM scopes s WHERE s.scope_no = v.scope_no AND s.user_key >= char(1) AND s.user_key < char(2))
       ORDER BY memory_id LIMIT ?`,
      projectId,
      after ?? '',
      limit,
    )
    .map(({ memory_id }) => memoryRecord(db, projectId, memory_id))

type VersionRow = Omit<VersionRecord, 'sources' | 'origin' | 'properties'> & {
  readonly sources: string
  readonly origin: string | null
  readonly properties: string | null
}

/** The memory as it travels, with its history. */
export const memoryRecord = (db: Reader, projectId: string, memoryId: string): MemoryRecord => {
  const [live] = db.all<{ sources: string }>(
    'SELECT sources FROM memories WHERE project_id = ? AND memory_id = ?',
    projectId,
    memoryId,
  )
  const versions = db.all<VersionRow>(
    `SELECT v.version, v.kind, v.run_id, g.name AS "group", s.topic, s.properties, v.user_id, v.content, v.sources, v.origin, v.position,
            v.created_at, v.memory_created_at, v.restores
     FROM memory_versions v LEFT JOIN scopes s ON s.scope_no = v.scope_no
     LEFT JOIN groups g ON g.project_id = s.project_id AND g.group_id = s.group_id
     WHERE v.project_id = ? AND v.memory_id = ? ORDER BY v.version`,
    projectId,
    memoryId,
  )
  return {
    type: 'memory',
    cursor: `memory:${memoryId}`,
    memory_id: memoryId,
    sources: live === undefined ? null : fromJson(live.sources),
    versions: versions.map((row) => ({
      ...row,
      properties: row.properties === null ? null : fromJson(row.properties),
      sources: fromJson(row.sources),
      origin: row.origin === null ? null : fromJson(row.origin),
    })),
  }
}

const readers: Readonly<Record<Kind, Read>> = {
  group: readGroups,
  user: readUsers,
  agent: (db, projectId, params) => readDefinitions(db, projectId, { type: 'agent', ...params }),
  tool: (db, projectId, params) => readDefinitions(db, projectId, { type: 'tool', ...params }),
  run: readRuns,
  memory: readMemories,
  conversation: readConversations,
  message: readMessages,
  compaction: readCompactions,
  conversation_key: readConversationKeys,
}
