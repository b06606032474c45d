/** How rows become domain values: the one place of this engine where snake_case turns into camelCase. */
import type { Memory, Source } from '../../memories/memory.ts'
import type { Trigger } from '../../projects/pipeline.ts'
import type { ApiKey, KeyScope } from '../../projects/project.ts'
import type { Properties } from '../../projects/scope.ts'
import type { BufferView } from '../../runs/buffer-view.ts'
import type {
  InputType,
  Operation,
  Outcome,
  Run,
  RunCounts,
  RunError,
  RunState,
  RunView,
} from '../../runs/run.ts'

/** JSON that this engine wrote itself. */
export const fromJson = <Value>(text: string): Value =>
  // safety: every JSON column is written from a value of the type its reader names
  JSON.parse(text) as Value

export type KeyRow = {
  project_id: string
  key_id: string
  prefix: string
  name: string
  scopes: string
  created_at: number
  expires_at: number | null
  replaced_by: string | null
  last_used_at: number | null
  revoked_at: number | null
}
export const keyColumns =
  'project_id, key_id, prefix, name, scopes, created_at, expires_at, replaced_by, last_used_at, revoked_at'
export const toKey = (row: KeyRow): ApiKey => ({
  keyId: row.key_id,
  projectId: row.project_id,
  name: row.name,
  prefix: row.prefix,
  scopes: fromJson<KeyScope[]>(row.scopes),
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  replacedBy: row.replaced_by,
  lastUsedAt: row.last_used_at,
  revokedAt: row.revoked_at,
})

export type RunRow = {
  seq: number
  project_id: string
  run_id: string
  group_id: string
  group_version: number
  buffer_id: string | null
  lane_id: string
  user_id: string | null
  user_key: string | null
  input_type: string
  state: string
  attempt: number
  failures: number
  retry_at: number | null
  outcome: string | null
  error: string | null
  counts: string
  committed: string | null
  created_at: number
  started_at: number | null
  updated_at: number
  completed_at: number | null
  priority: number
  delayed_until: number | null
  expires_at: number | null
  timeout_ms: number | null
  deadline_at: number | null
  attempt_base: number
  dry_run: number
  tags: string | null
  metadata: string | null
  traceparent: string | null
  wire: string
  replay_of: string | null
  undo_of: string | null
  parent_run_id: string | null
  subject_id: string | null
  conversation_id: string | null
  undone_by: string | null
  cancel_requested_at: number | null
  cancel_reason: string | null
  dismissed_at: number | null
  result: string | null
}
export const toRun = (row: RunRow): Run => ({
  runId: row.run_id,
  projectId: row.project_id,
  groupId: row.group_id,
  groupVersion: row.group_version,
  bufferId: row.buffer_id,
  laneId: row.lane_id,
  seq: row.seq,
  userId: row.user_id,
  userKey: row.user_key,
  // safety: the three words below are written from the same unions
  inputType: row.input_type as InputType,
  state: row.state as RunState,
  outcome: row.outcome as Outcome | null,
  attempt: row.attempt,
  failures: row.failures,
  retryAt: row.retry_at,
  error: row.error === null ? null : fromJson<RunError>(row.error),
  counts: fromJson<RunCounts>(row.counts),
  createdAt: row.created_at,
  startedAt: row.started_at,
  updatedAt: row.updated_at,
  completedAt: row.completed_at,
  priority: row.priority,
  delayedUntil: row.delayed_until,
  expiresAt: row.expires_at,
  timeoutMs: row.timeout_ms,
  deadlineAt: row.deadline_at,
  attemptBase: row.attempt_base,
  dryRun: row.dry_run === 1,
  tags: row.tags === null ? [] : fromJson<string[]>(row.tags),
  metadata: row.metadata === null ? null : fromJson<Record<string, unknown>>(row.metadata),
  traceparent: row.traceparent,
  wire: row.wire,
  replayOf: row.replay_of,
  undoOf: row.undo_of,
  parentRunId: row.parent_run_id,
  subjectId: row.subject_id,
  conversationId: row.conversation_id,
  undoneBy: row.undone_by,
  cancelRequestedAt: row.cancel_requested_at,
  cancelReason: row.cancel_reason,
  dismissedAt: row.dismissed_at,
  result: row.result === null ? null : fromJson<Record<string, unknown>>(row.result),
})

/** How a run's row repeats its operations. */
export const toCommittedColumn = (operations: readonly Operation[]): string =>
  JSON.stringify(operations.map(({ kind, memoryId, committedAt }) => [kind, memoryId, committedAt]))

/** What a run's view tells of its buffer, as one column. */
export const bufferColumn = (runs: string): string =>
  `CASE WHEN ${runs}.buffer_id IS NOT NULL THEN
     (SELECT json_array(b.step, b.count, json(b.trigger_when), b.flush_at) FROM buffers b
      WHERE b.project_id = ${runs}.project_id AND b.buffer_id = ${runs}.buffer_id) END AS buffer`

const toBufferView = (text: string): BufferView => {
  const [step, count, trigger, flushAt] = fromJson<[string, number, Trigger, number | null]>(text)
  return { step, count, trigger, flushAt }
}

/** A run with the number of its last event. */
export type RunViewRow = RunRow & { event_seq: number | null; buffer: string | null }
/** One run: by id, of a project. */
export const selectRunView = `
  SELECT *, (SELECT max(seq) FROM run_events WHERE run_id = ?1 AND project_id = ?2) AS event_seq, ${bufferColumn('runs')}
  FROM runs WHERE run_id = ?1 AND project_id = ?2`
export const toRunView = (row: RunViewRow): RunView => ({
  run: toRun(row),
  eventSeq: row.event_seq ?? 0,
  buffer: row.buffer === null ? null : toBufferView(row.buffer),
  operations:
    row.committed === null
      ? []
      : fromJson<[Operation['kind'], string, number][]>(row.committed).map(
          ([kind, memoryId, committedAt]) => ({
            kind,
            memoryId,
            committedAt,
          }),
        ),
})

export type MemoryRow = {
  memory_id: string
  group_id: string
  group_name: string
  topic: string
  user_key: string
  user_id: string | null
  properties: string
  content: string
  version: number
  sources: string
  created_at: number
  updated_at: number
}
/** Reads memories with their scope and the name of their group; the WHERE clause follows, on `m`, `s` and `g`. */
export const selectMemories = `
  SELECT m.memory_id, s.group_id, g.name AS group_name, s.topic, s.user_key, m.user_id, s.properties,
         m.content, m.version, m.sources, m.created_at, m.updated_at
  FROM memories m
  JOIN scopes s ON s.scope_no = m.scope_no
  JOIN groups g ON g.project_id = s.project_id AND g.group_id = s.group_id`
export const toMemory = (row: MemoryRow): Memory => ({
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
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  sources: fromJson<Source[]>(row.sources),
})

/** Nobody in particular is the empty text in the columns that are part of a unique key, where SQLite's NULLs never equal. */
export const toUserColumn = (userKey: string | null): string => userKey ?? ''
export const fromUserColumn = (text: string): string | null => (text === '' ? null : text)
