/** Conversations: their rows, and what is recorded into them. */
import type { Conversation, RecordedMessage } from '../../conversations/conversation.ts'
import type { NewMessage, Recording, RecordResult } from '../conversation-storage.ts'
import type { Page } from '../storage.ts'
import type { Connection } from './connection.ts'
import { findMessage, insertMessages, lastSession } from './conversation-messages.ts'
import { seeUser } from './groups.ts'
import { fromJson, toUserColumn } from './rows.ts'

export type ConversationRow = {
  conversation_no: number
  conversation_id: string
  external_id: string | null
  user_id: string | null
  user_key: string
  customer: string | null
  type: string | null
  started_at: number | null
  ended_at: number | null
  last_message_at: number | null
  message_count: number
  length: number
  metadata: string | null
  analysis: string | null
  created_at: number
  active_at: number
}

const columns = `conversation_no, conversation_id, external_id, user_id, user_key, customer, type, started_at, ended_at, last_message_at,
  message_count, length, metadata, analysis, created_at, active_at`

const toConversation = (row: ConversationRow): Conversation => ({
  conversationId: row.conversation_id,
  externalId: row.external_id,
  userId: row.user_id,
  userKey: row.user_key === '' ? null : row.user_key,
  customer: row.customer,
  type: row.type,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  lastMessageAt: row.last_message_at,
  messageCount: row.message_count,
  length: row.length,
  metadata: row.metadata === null ? null : fromJson(row.metadata),
  analysis: row.analysis === null ? null : fromJson(row.analysis),
  createdAt: row.created_at,
  activeAt: row.active_at,
})

export const findConversation = (
  db: Connection,
  projectId: string,
  conversationId: string,
): ConversationRow | undefined =>
  db.get<ConversationRow>(
    `SELECT ${columns} FROM conversations WHERE project_id = ? AND conversation_id = ?`,
    projectId,
    conversationId,
  )

export const getConversation = (
  db: Connection,
  projectId: string,
  conversationId: string,
): Conversation | null => {
  const row = findConversation(db, projectId, conversationId)
  return row === undefined ? null : toConversation(row)
}

/** The cursor is the activity and the number of the last one. */
export const listConversations = (
  db: Connection,
  projectId: string,
  params: { userKey: string | null; customer: string | null; limit: number; cursor: string | null },
): Page<Conversation> => {
  const [activeAt, number] = (params.cursor ?? '').split(':')
  const place = [Number(activeAt || Number.MAX_SAFE_INTEGER), Number(number ?? Number.MAX_SAFE_INTEGER)]
  const rows = db.all<ConversationRow>(
    `SELECT ${columns} FROM conversations
     WHERE project_id = ?1 ${params.userKey === null ? '' : 'AND user_key = ?2'} AND removed_at IS NULL
       AND (?3 IS NULL OR customer = ?3) AND (active_at, conversation_no) < (?4, ?5)
     ORDER BY active_at DESC, conversation_no DESC LIMIT ?6`,
    projectId,
    params.userKey,
    params.customer,
    place[0] ?? 0,
    place[1] ?? 0,
    params.limit + 1,
  )
  const page = rows.slice(0, params.limit)
  const last = page.at(-1)
  const hasMore = rows.length > params.limit && last !== undefined
  return {
    items: page.map(toConversation),
    nextCursor: hasMore ? `${last.active_at}:${last.conversation_no}` : null,
  }
}

/** Why nothing can be recorded, if so. */
export const refusedRecording = (
  db: Connection,
  projectId: string,
  recording: Recording,
): Exclude<RecordResult, { kind: 'recorded' }> | null => {
  const row = findConversation(db, projectId, recording.conversationId)
  if (row !== undefined && isForeign(row, recording)) return { kind: 'foreign' }
  const known = knownMessages(db, projectId, { row, messages: recording.messages })
  const count = (row?.message_count ?? 0) + recording.messages.length - known.size
  return count > recording.messageCountMax ? { kind: 'full' } : null
}

/** Records into one conversation, whoever's transaction it is in. */
export const recordConversation = (
  db: Connection,
  projectId: string,
  { now, ...recording }: Recording & { readonly now: number },
): RecordResult => {
  const refused = refusedRecording(db, projectId, recording)
  if (refused !== null) return refused
  const userId =
    recording.userKey === null || recording.userId === null
      ? null
      : seeUser(db, projectId, { userKey: recording.userKey, userId: recording.userId, now })
  const { messages } = recording
  const row = putConversation(db, projectId, { ...recording, userId, now })
  const context = { projectId, conversationNo: row.conversation_no, now }
  const sessionId = (recording.newSession && sessionFor(db, context, recording.newSession)) ?? null
  const known = knownMessages(db, projectId, { row, messages })
  const fresh = messages
    .filter(({ messageId }) => !known.has(messageId))
    .map((message, index) => ({
      ...{ ...message, sessionId: message.sessionId ?? sessionId },
      ...{ seq: row.message_count + index + 1, recordedAt: now },
    }))
  insertMessages(db, context, fresh)
  for (const message of fresh) known.set(message.messageId, message)
  return { kind: 'recorded', messages: messages.flatMap(({ messageId }) => known.get(messageId) ?? []) }
}

const knownMessages = (
  db: Connection,
  projectId: string,
  { row, messages }: { row: ConversationRow | undefined; messages: readonly NewMessage[] },
): Map<string, RecordedMessage> => {
  if (row === undefined || row.message_count === 0) return new Map()
  const conversationNo = row.conversation_no
  const found = messages.map(({ messageId }) => findMessage(db, projectId, { conversationNo, messageId }))
  return new Map(found.flatMap((message) => (message === null ? [] : [[message.messageId, message]])))
}

// What a user says in a conversation of nobody would not go with the user.
const isForeign = (row: ConversationRow, { userKey, customer }: Recording): boolean =>
  (userKey !== null && row.user_key !== userKey) ||
  (customer !== null && row.customer !== null && row.customer !== customer)

const sessionFor = (
  db: Connection,
  context: { readonly projectId: string; readonly conversationNo: number; readonly now: number },
  { sessionId, idleMs }: { readonly sessionId: string; readonly idleMs: number },
): string => {
  const last = lastSession(db, context)
  return last !== null && context.now - last.recordedAt <= idleMs ? last.sessionId : sessionId
}

const putConversation = (
  db: Connection,
  projectId: string,
  { now, about = {}, ...recording }: Recording & { readonly now: number },
): ConversationRow => {
  const row = db.get<ConversationRow>(
    `INSERT INTO conversations (project_id, conversation_id, external_id, user_id, user_key, customer, type, started_at, ended_at, metadata, analysis,
                                created_at, active_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)
     ON CONFLICT (project_id, conversation_id) DO UPDATE SET
       external_id = coalesce(external_id, excluded.external_id), customer = coalesce(customer, excluded.customer),
       type = coalesce(excluded.type, type), started_at = coalesce(excluded.started_at, started_at),
       ended_at = coalesce(excluded.ended_at, ended_at), metadata = coalesce(excluded.metadata, metadata),
       analysis = coalesce(excluded.analysis, analysis), active_at = max(active_at, excluded.active_at)
     RETURNING ${columns}`,
    projectId,
    recording.conversationId,
    recording.externalId,
    recording.userId,
    toUserColumn(recording.userKey),
    recording.customer,
    about.type ?? null,
    about.startedAt ?? null,
    about.endedAt ?? null,
    toJson(about.metadata),
    toJson(about.analysis),
    now,
  )
  if (row === undefined) throw new Error(`conversation ${recording.conversationId} was not written`)
  return row
}

export const toJson = (value: Readonly<Record<string, unknown>> | null | undefined): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value)
