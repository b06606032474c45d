/**
 * The end of conversations. First they are hidden, in one transaction: under another name nothing finds them, and what is said under
 * the old one begins anew. Then their rows go, a bounded number at a time, a conversation's own row last.
 */
import type { Pruned, PruneParams } from '../administration.ts'
import type { Connection } from './connection.ts'
import { findConversation } from './conversations.ts'

/** Hides what `where` admits; parameters ?1 (project) and ?2 (now) are taken, `value` is ?3. Answers how many. */
const hide = (
  db: Connection,
  projectId: string,
  { where, value, userKey, now }: { where: string; value: string | number; userKey: string; now: number },
): number =>
  db.run(
    `UPDATE conversations SET conversation_id = char(1) || conversation_no, user_key = ?4, removed_at = ?2
     WHERE project_id = ?1 AND ${where}`,
    projectId,
    now,
    value,
    userKey,
  )

/** Under the alias they are found by the erasure, which looks after their rows itself. */
export const hideConversationsOfUser = (
  db: Connection,
  projectId: string,
  { userKey, alias, now }: { readonly userKey: string; readonly alias: string; readonly now: number },
): void => {
  hide(db, projectId, { where: 'user_key = ?3', value: userKey, userKey: alias, now })
}

export const removeConversation = (
  db: Connection,
  projectId: string,
  { conversationId, keys, now }: { conversationId: string; keys: readonly string[]; now: number },
): boolean => {
  const row = findConversation(db, projectId, conversationId)
  if (row === undefined) return false
  for (const key of keys)
    db.run('DELETE FROM idempotency_keys WHERE project_id = ? AND key = ?', projectId, key)
  hide(db, projectId, { where: 'conversation_no = ?3', value: row.conversation_no, userKey: '', now })
  return true
}

/** Those that nothing was recorded into since. Each of them counts for one, its rows go by `clearConversations`. */
export const pruneConversations = (
  db: Connection,
  projectId: string,
  { before, limit }: PruneParams,
): Pruned => {
  const rows = db.all<{ conversation_no: number }>(
    `SELECT conversation_no FROM conversations WHERE project_id = ? AND removed_at IS NULL AND active_at < ?
     ORDER BY active_at LIMIT ?`,
    projectId,
    before,
    limit,
  )
  for (const { conversation_no: value } of rows)
    hide(db, projectId, { where: 'conversation_no = ?3', value, userKey: '', now: before })
  return { removed: rows.length, next: rows.length === limit ? '' : null }
}

/** Whether anything of theirs may be left, an erasure's own apart. */
export const hasRemoved = (db: Connection, projectId: string): boolean =>
  db.get(
    "SELECT 1 FROM conversations WHERE project_id = ? AND removed_at IS NOT NULL AND user_key = '' LIMIT 1",
    projectId,
  ) !== undefined

type Cleared = { readonly conversations: number; readonly messages: number; readonly isDone: boolean }

/** Removes rows of hidden conversations, those of an erasure's alias or (`userKey` '') of none. */
export const clearConversations = (
  db: Connection,
  projectId: string,
  { userKey, limit }: { readonly userKey: string; readonly limit: number },
): Cleared => {
  const hidden = db.all<{ conversation_no: number }>(
    `SELECT conversation_no FROM conversations INDEXED BY conversations_removed
     WHERE project_id = ? AND removed_at IS NOT NULL AND user_key = ? LIMIT ?`,
    projectId,
    userKey,
    limit,
  )
  let left = limit
  let [conversations, messages] = [0, 0]
  for (const { conversation_no: number } of hidden) {
    const removed = removeRows(db, projectId, { table: 'conversation_messages', column: 'seq', number, left })
    messages += removed
    left -= removed
    if (left > 0)
      left -= removeRows(db, projectId, {
        ...{ table: 'conversation_compactions', column: 'version', number, left },
      })
    if (left <= 0) return { conversations, messages, isDone: false }
    db.run('DELETE FROM conversations WHERE project_id = ? AND conversation_no = ?', projectId, number)
    conversations += 1
    left -= 1
  }
  return { conversations, messages, isDone: hidden.length < limit }
}

const removeRows = (
  db: Connection,
  projectId: string,
  { table, column, number, left }: { table: string; column: string; number: number; left: number },
): number =>
  db.run(
    `DELETE FROM ${table} WHERE project_id = ?1 AND conversation_no = ?2 AND ${column} IN (
       SELECT ${column} FROM ${table} WHERE project_id = ?1 AND conversation_no = ?2 LIMIT ?3)`,
    projectId,
    number,
    left,
  )
