/** Groups with their topics, and the users a project has seen. */
import type { Group, Topic } from '../../projects/group.ts'
import type { PutGroupResult } from '../storage.ts'
import type { Connection } from './connection.ts'
import { type TopicRow, toTopic } from './rows.ts'

type GroupRow = { group_id: string; name: string; created_at: number }

const toGroup = (db: Connection, projectId: string, row: GroupRow): Group => ({
  groupId: row.group_id,
  name: row.name,
  createdAt: row.created_at,
  topics: db
    .all<TopicRow>(
      'SELECT name, description, is_bounded, user_scoped, scope_properties FROM topics WHERE project_id = ? AND group_id = ? ORDER BY position',
      projectId,
      row.group_id,
    )
    .map(toTopic),
})

export const listGroups = (db: Connection, projectId: string): Group[] =>
  db
    .all<GroupRow>(
      'SELECT group_id, name, created_at FROM groups WHERE project_id = ? ORDER BY created_at, name',
      projectId,
    )
    .map((row) => toGroup(db, projectId, row))

export const getGroup = (
  db: Connection,
  projectId: string,
  by: { name: string } | { groupId: string },
): Group | null => {
  const [column, value] = 'name' in by ? ['name', by.name] : ['group_id', by.groupId]
  const row = db.get<GroupRow>(
    `SELECT group_id, name, created_at FROM groups WHERE project_id = ? AND ${column} = ?`,
    projectId,
    value,
  )
  return row === undefined ? null : toGroup(db, projectId, row)
}

export const putGroup = (
  db: Connection,
  projectId: string,
  params: { groupId: string; name: string; topics: readonly Topic[]; now: number },
): PutGroupResult => {
  const before = getGroup(db, projectId, params)
  const topic = before?.topics.find(
    (old) => isLost(old, params.topics) && hasMemories(db, projectId, [before.groupId, old.name]),
  )
  if (topic !== undefined) return { kind: 'topic_in_use', topic: topic.name }
  db.run(
    'INSERT INTO groups (project_id, group_id, name, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (project_id, name) DO NOTHING',
    projectId,
    params.groupId,
    params.name,
    params.now,
  )
  const group = getGroup(db, projectId, { name: params.name })
  if (group === null) throw new Error(`group ${params.name} vanished inside its own transaction`)
  db.run('DELETE FROM topics WHERE project_id = ? AND group_id = ?', projectId, group.groupId)
  for (const [position, topic] of params.topics.entries())
    insertTopic(db, { projectId, groupId: group.groupId, position, topic })
  return { kind: 'put', group: { ...group, topics: params.topics } }
}

const isLost = (old: Topic, topics: readonly Topic[]): boolean =>
  !topics.some(
    (topic) =>
      topic.name === old.name &&
      topic.isBounded === old.isBounded &&
      topic.scoping.userScoped === old.scoping.userScoped &&
      new Set(topic.scoping.scopeProperties).symmetricDifference(new Set(old.scoping.scopeProperties))
        .size === 0,
  )

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

const insertTopic = (
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
