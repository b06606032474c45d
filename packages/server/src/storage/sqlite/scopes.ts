/** Scopes and partitions: the short numbers behind whose memory it is and which index serves it. */
import { canonicalJson } from '../../kernel/json.ts'
import type { Properties, Scope } from '../../projects/scope.ts'
import type { Partition, TopicFilter } from '../storage.ts'
import type { Connection } from './connection.ts'
import { fromJson, toUserColumn } from './rows.ts'

export const partitionNoOf = (db: Connection, projectId: string, partition: Partition): number | null =>
  db.get<{ partition_no: number }>(
    'SELECT partition_no FROM partitions WHERE project_id = ? AND group_id = ? AND user_key = ?',
    projectId,
    partition.groupId,
    toUserColumn(partition.userKey),
  )?.partition_no ?? null

type ScopeRow = { scope_no: number; partition_no: number }

const findScope = (db: Connection, projectId: string, scope: Scope): ScopeRow | undefined =>
  db.get<ScopeRow>(
    'SELECT scope_no, partition_no FROM scopes WHERE project_id = ? AND group_id = ? AND topic = ? AND user_key = ? AND properties = ?',
    projectId,
    scope.groupId,
    scope.topic,
    toUserColumn(scope.userKey),
    canonicalJson(scope.properties),
  )

export const scopeNoOf = (db: Connection, projectId: string, scope: Scope): number | null =>
  findScope(db, projectId, scope)?.scope_no ?? null

export const ensureScope = (
  db: Connection,
  projectId: string,
  scope: Scope,
): { scopeNo: number; partitionNo: number } => {
  const known = findScope(db, projectId, scope)
  if (known !== undefined) return { scopeNo: known.scope_no, partitionNo: known.partition_no }
  const partitionNo = ensurePartition(db, projectId, scope)
  db.run(
    'INSERT INTO scopes (project_id, group_id, topic, user_key, properties, partition_no) VALUES (?, ?, ?, ?, ?, ?)',
    projectId,
    scope.groupId,
    scope.topic,
    toUserColumn(scope.userKey),
    canonicalJson(scope.properties),
    partitionNo,
  )
  return ensureScope(db, projectId, scope)
}

const ensurePartition = (db: Connection, projectId: string, partition: Partition): number => {
  const known = partitionNoOf(db, projectId, partition)
  if (known !== null) return known
  db.run(
    'INSERT INTO partitions (project_id, group_id, user_key, document_count, total_length, next_position) VALUES (?, ?, ?, 0, 0, 0)',
    projectId,
    partition.groupId,
    toUserColumn(partition.userKey),
  )
  return ensurePartition(db, projectId, partition)
}

/** Tells whether a scope is of one of the topics and has the property values that go with it; each scope is read once. */
export const createScopeFilter = (
  db: Connection,
  topics: readonly TopicFilter[],
): ((scopeNo: number) => boolean) => {
  const verdicts = new Map<number, boolean>()
  return (scopeNo) => {
    const known = verdicts.get(scopeNo)
    if (known !== undefined) return known
    const scope = db.get<{ topic: string; properties: string }>(
      'SELECT topic, properties FROM scopes WHERE scope_no = ?',
      scopeNo,
    )
    const verdict =
      scope !== undefined && isAdmitted(scope.topic, fromJson<Properties>(scope.properties), topics)
    verdicts.set(scopeNo, verdict)
    return verdict
  }
}

const isAdmitted = (topic: string, properties: Properties, filters: readonly TopicFilter[]): boolean =>
  filters.some(
    (filter) =>
      filter.topic === topic &&
      Object.entries(filter.properties).every(([key, value]) => properties[key] === value),
  )
