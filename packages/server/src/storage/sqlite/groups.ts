/** Groups with their topics and pipelines, version by version, and the users a project has seen. */
import type { Group, Topic } from '../../projects/group.ts'
import { defaultPipeline, type Pipeline } from '../../projects/pipeline.ts'
import type { Scope } from '../../projects/scope.ts'
import type { NewGroup, PutGroupResult } from '../storage.ts'
import type { Connection } from './connection.ts'
import { hurryOutdatedBuffers } from './flush-buffer.ts'
import { fromJson } from './rows.ts'

type GroupRow = {
  group_id: string
  name: string
  created_at: number
  version: number
  topics: string
  pipeline: string
}

const toGroup = (row: GroupRow): Group => ({
  groupId: row.group_id,
  name: row.name,
  createdAt: row.created_at,
  version: row.version,
  topics: fromJson<Topic[]>(row.topics),
  pipeline: fromJson<Pipeline>(row.pipeline),
})

const selectGroups = `
  SELECT g.group_id, g.name, g.created_at, v.version, v.topics, v.pipeline FROM groups g
  JOIN group_versions v ON v.project_id = g.project_id AND v.group_id = g.group_id`

export const listGroups = (db: Connection, projectId: string): Group[] =>
  db
    .all<GroupRow>(
      `${selectGroups} AND v.version = g.version WHERE g.project_id = ? ORDER BY g.created_at, g.name`,
      projectId,
    )
    .map(toGroup)

/** The group as it is now, or as it was at that version. */
export const getGroup = (
  db: Connection,
  projectId: string,
  by: { name: string } | { groupId: string; version?: number | undefined },
): Group | null => {
  const [column, value] = 'name' in by ? ['name', by.name] : ['group_id', by.groupId]
  const row = db.get<GroupRow>(
    `${selectGroups} AND v.version = coalesce(?, g.version) WHERE g.project_id = ? AND g.${column} = ?`,
    ('version' in by ? by.version : null) ?? null,
    projectId,
    value,
  )
  return row === undefined ? null : toGroup(row)
}

export const putGroup = (
  db: Connection,
  projectId: string,
  params: NewGroup & { readonly now: number },
): PutGroupResult => {
  const { name, topics, pipeline = defaultPipeline, now } = params
  const before = getGroup(db, projectId, { name })
  if (params.expectedVersion !== undefined && (before?.version ?? 0) !== params.expectedVersion)
    return { kind: 'moved' }
  const topic = before?.topics.find(
    (old) => isLost(old, topics) && hasMemories(db, projectId, [before.groupId, old.name]),
  )
  if (topic !== undefined) return { kind: 'topic_in_use', topic: topic.name }
  if (before !== null && isSame(before, { topics, pipeline })) return { kind: 'put', group: before }
  const groupId = before?.groupId ?? params.groupId
  const version = (before?.version ?? 0) + 1
  db.run(
    `INSERT INTO groups (project_id, group_id, name, created_at, version) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (project_id, name) DO UPDATE SET version = excluded.version`,
    projectId,
    groupId,
    name,
    now,
    version,
  )
  db.run(
    'INSERT INTO group_versions (project_id, group_id, version, topics, pipeline, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    projectId,
    groupId,
    version,
    JSON.stringify(topics),
    JSON.stringify(pipeline),
    now,
  )
  hurryOutdatedBuffers(db, projectId, { groupId, now })
  db.run('DELETE FROM topics WHERE project_id = ? AND group_id = ?', projectId, groupId)
  for (const [position, topic] of topics.entries()) insertTopic(db, { projectId, groupId, position, topic })
  return {
    kind: 'put',
    group: { groupId, name, topics, pipeline, version, createdAt: before?.createdAt ?? now },
  }
}

type Content = Pick<Group, 'topics' | 'pipeline'>

const isSame = (one: Content, other: Content): boolean =>
  JSON.stringify([one.topics, one.pipeline]) === JSON.stringify([other.topics, other.pipeline])

/** Whether memories of the topic would not be found, or not as they are, by the others. */
const isLost = (old: Topic, topics: readonly Topic[]): boolean =>
  !topics.some(
    (topic) =>
      topic.name === old.name &&
      topic.isBounded === old.isBounded &&
      topic.scoping.userScoped === old.scoping.userScoped &&
      new Set(topic.scoping.scopeProperties).symmetricDifference(new Set(old.scoping.scopeProperties))
        .size === 0,
  )

/** The first of the scopes whose topic is not in the group any more as it was in that version; null when all are, as in the current one. */
export const lostScope = (
  db: Connection,
  projectId: string,
  params: { readonly groupId: string; readonly version: number; readonly scopes: readonly Scope[] },
): Scope | null => {
  const current = db.get<{ version: number }>(
    'SELECT version FROM groups WHERE project_id = ? AND group_id = ?',
    projectId,
    params.groupId,
  )
  if (current?.version === params.version || params.scopes.length === 0) return null
  const topics = getGroup(db, projectId, { groupId: params.groupId })?.topics ?? []
  const before = getGroup(db, projectId, params)?.topics ?? []
  return (
    params.scopes.find((scope) => {
      const old = before.find(({ name }) => name === scope.topic)
      return old === undefined || isLost(old, topics)
    }) ?? null
  )
}

const hasMemories = (
  db: Connection,
  projectId: string,
  [groupId, topic]: readonly [string, string],
): boolean =>
  db.get(
    `SELECT 1 FROM scopes s JOIN memories m ON m.scope_no = s.scope_no
     WHERE s.project_id = ? AND s.group_id = ? AND s.topic = ? LIMIT 1`,
    projectId,
    groupId,
    topic,
  ) !== undefined

export const insertTopic = (
  db: Connection,
  {
    projectId,
    groupId,
    position,
    topic,
  }: { projectId: string; groupId: string; position: number; topic: Topic },
): void => {
  db.run(
    'INSERT INTO topics (project_id, group_id, name, position, description, is_bounded, user_scoped, scope_properties) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    projectId,
    groupId,
    topic.name,
    position,
    topic.description,
    Number(topic.isBounded),
    Number(topic.scoping.userScoped),
    JSON.stringify(topic.scoping.scopeProperties),
  )
}
/** Answers the user's id as it was first written. */
export const seeUser = (
  db: Connection,
  projectId: string,
  user: { userKey: string; userId: string; now: number },
): string =>
  db.get<{ user_id: string }>(
    `INSERT INTO users (project_id, user_key, user_id, created_at, active_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (project_id, user_key) DO UPDATE SET active_at = max(active_at, excluded.active_at) RETURNING user_id`,
    projectId,
    user.userKey,
    user.userId,
    user.now,
    user.now,
  )?.user_id ?? user.userId

export const hasUser = (db: Connection, projectId: string, userKey: string): boolean =>
  db.get('SELECT 1 FROM users WHERE project_id = ? AND user_key = ?', projectId, userKey) !== undefined
