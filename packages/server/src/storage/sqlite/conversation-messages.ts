/** The messages of a conversation, numbered in the order in which they were recorded. */
import type { MessageRole, RecordedMessage } from '../../conversations/conversation.ts'
import type { Connection } from './connection.ts'
import { findConversation, toJson } from './conversations.ts'
import { fromJson } from './rows.ts'

type MessageRow = {
  seq: number
  message_id: string
  role: string
  content: string
  said_at: number
  speaker: string | null
  session_id: string | null
  metadata: string | null
  recorded_at: number
}

const columns = 'seq, message_id, role, content, said_at, speaker, session_id, metadata, recorded_at'

const toMessage = (row: MessageRow): RecordedMessage => ({
  seq: row.seq,
  messageId: row.message_id,
  role: row.role as MessageRole, // safety: written from the same union
  content: row.content,
  saidAt: row.said_at,
  speaker: row.speaker,
  sessionId: row.session_id,
  metadata: row.metadata === null ? null : fromJson(row.metadata),
  recordedAt: row.recorded_at,
})

export const findMessage = (
  db: Connection,
  projectId: string,
  { conversationNo, messageId }: { readonly conversationNo: number; readonly messageId: string },
): RecordedMessage | null => {
  const row = db.get<MessageRow>(
    `SELECT ${columns} FROM conversation_messages WHERE project_id = ? AND conversation_no = ? AND message_id = ?`,
    projectId,
    conversationNo,
    messageId,
  )
  return row === undefined ? null : toMessage(row)
}

type Place = { readonly projectId: string; readonly conversationNo: number }

/** The session of the last message that has one. */
export const lastSession = (
  db: Connection,
  { projectId, conversationNo }: Place,
): { readonly sessionId: string; readonly recordedAt: number } | null => {
  const row = db.get<{ session_id: string | null; recorded_at: number }>(
    `SELECT session_id, recorded_at FROM conversation_messages
     WHERE project_id = ? AND conversation_no = ? ORDER BY seq DESC LIMIT 1`,
    projectId,
    conversationNo,
  )
  return row === undefined || row.session_id === null
    ? null
    : { sessionId: row.session_id, recordedAt: row.recorded_at }
}

/** Adds messages behind those that are there, numbered on from them. */
export const insertMessages = (
  db: Connection,
  { projectId, conversationNo }: Place,
  messages: readonly RecordedMessage[],
): void => {
  const [first] = messages
  if (first === undefined) return
  for (const message of messages)
    db.run(
      `INSERT INTO conversation_messages (project_id, conversation_no, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      projectId,
      conversationNo,
      message.seq,
      message.messageId,
      message.role,
      message.content,
      message.saidAt,
      message.speaker,
      message.sessionId,
      toJson(message.metadata),
      message.recordedAt,
    )
  db.run(
    `UPDATE conversations SET (message_count, length, last_message_at) = (
       SELECT message_count + count(*), length + sum(length(m.content)), max(coalesce(last_message_at, 0), max(m.said_at))
       FROM conversation_messages m WHERE m.project_id = ?1 AND m.conversation_no = ?2 AND m.seq >= ?3)
     WHERE project_id = ?1 AND conversation_no = ?2`,
    projectId,
    conversationNo,
    first.seq,
  )
}

export const listMessages = (
  db: Connection,
  projectId: string,
  params: { conversationId: string; after: number; limit: number },
): readonly RecordedMessage[] => {
  const conversation = findConversation(db, projectId, params.conversationId)
  if (conversation === undefined) return []
  return db
    .all<MessageRow>(
      `SELECT ${columns} FROM conversation_messages
       WHERE project_id = ? AND conversation_no = ? AND seq > ? ORDER BY seq LIMIT ?`,
      projectId,
      conversation.conversation_no,
      params.after,
      params.limit,
    )
    .map(toMessage)
}
