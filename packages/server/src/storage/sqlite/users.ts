/** The users that a project has seen. Their runs are counted by triggers (015_usage.sql), their memories by the index. */
import type { User } from '../../projects/user.ts'
import type { Page } from '../storage.ts'
import type { Connection } from './connection.ts'

type UserRow = User & { readonly userKey: string }

const selectUsers = `
  SELECT u.user_key AS userKey, u.user_id AS userId, u.created_at AS createdAt, u.active_at AS activeAt,
         u.run_count AS runCount, u.open_run_count AS openRunCount,
         (SELECT coalesce(sum(p.document_count), 0) FROM groups g
          JOIN partitions p ON p.project_id = g.project_id AND p.group_id = g.group_id AND p.user_key = u.user_key
          WHERE g.project_id = u.project_id) AS memoryCount
  FROM users u`

const toUser = ({ userKey: _, ...user }: UserRow): User => ({ ...user })

export const getUser = (db: Connection, projectId: string, userKey: string): User | null => {
  const row = db.get<UserRow>(`${selectUsers} WHERE u.project_id = ? AND u.user_key = ?`, projectId, userKey)
  return row === undefined ? null : toUser(row)
}

export const registerUser = (
  db: Connection,
  projectId: string,
  { userKey, userId, now }: { userKey: string; userId: string; now: number },
): void => {
  db.run(
    `INSERT INTO users (project_id, user_key, user_id, created_at, active_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (project_id, user_key) DO NOTHING`,
    projectId,
    userKey,
    userId,
    now,
    now,
  )
}

/** Sorts after every key that begins with what stands before it. */
const LAST_CHARACTER = '\u{10ffff}'

/** In order of their keys. The cursor is the key of the last one. */
export const pageUsers = (
  db: Connection,
  projectId: string,
  params: { prefix: string; limit: number; cursor: string | null },
): Page<User> => {
  const rows = db.all<UserRow>(
    `${selectUsers}
     WHERE u.project_id = ? AND u.user_key >= ? AND u.user_key < ? AND u.user_key > ?
     ORDER BY u.user_key LIMIT ?`,
    projectId,
    params.prefix,
    `${params.prefix}${LAST_CHARACTER}`,
    params.cursor ?? '',
    params.limit + 1,
  )
  const page = rows.slice(0, params.limit)
  const nextCursor = rows.length > params.limit ? (page.at(-1)?.userKey ?? null) : null
  return { items: page.map(toUser), nextCursor }
}
