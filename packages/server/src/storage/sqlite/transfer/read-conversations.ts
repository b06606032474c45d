/**
 * Conversations as they travel, without those that were removed: first each as such, then all messages, all compactions, and the keys of the
 * runs behind them. They come in the order in which the conversations began here, so they can be told in that order again.
 */
import type {
  CompactionRecord,
  ConversationKeyRecord,
  ConversationRecord,
  MessageRecord,
} from '../../transfer.ts'
import { fromJson } from '../rows.ts'
import { type Read, type Reader, travels } from './read-records.ts'

const numberOf = (db: Reader, projectId: string, conversationId: string): number | null =>
  db.all<{ conversation_no: number }>(
    'SELECT conversation_no FROM conversations WHERE project_id = ? AND conversation_id = ? AND removed_at IS NULL',
    projectId,
    conversationId,
  )[0]?.conversation_no ?? null

type ConversationRow = Omit<ConversationRecord, 'type' | 'cursor' | 'metadata' | 'analysis'> & {
  readonly metadata: string | null
  readonly analysis: string | null
}

const conversationColumns = `conversation_id, external_id, user_id, customer, type AS kind, started_at, ended_at, metadata, analysis,
  created_at, active_at`

const objectOf = (json: string | null): Readonly<Record<string, unknown>> | null =>
  json === null ? null : fromJson(json)

const toConversation = (row: ConversationRow): ConversationRecord => ({
  ...{ type: 'conversation', cursor: `conversation:${row.conversation_id}`, ...row },
  ...{ metadata: objectOf(row.metadata), analysis: objectOf(row.analysis) },
})

export const readConversations: Read = (db, projectId, { after, limit }) => {
  const number = after === null ? 0 : numberOf(db, projectId, after)
  if (number === null) return null
  return db
    .all<ConversationRow>(
      `SELECT ${conversationColumns} FROM conversations
       WHERE conversation_no > ?2 AND +project_id = ?1 AND removed_at IS NULL ORDER BY conversation_no LIMIT ?3`,
      projectId,
      number,
      limit,
    )
    .map(toConversation)
}

export const findConversationRecord = (
  db: Reader,
  projectId: string,
  conversationId: string,
): ConversationRecord | null => {
  const [row] = db.all<ConversationRow>(
    `SELECT ${conversationColumns} FROM conversations WHERE project_id = ? AND conversation_id = ?`,
    projectId,
    conversationId,
  )
  return row === undefined ? null : toConversation(row)
}

/** Whose place it is after: a conversation, and a number in it. Null when the conversation is none, or none any more. */
const placeOf = (
  db: Reader,
  projectId: string,
  after: string | null,
): readonly [number: number, within: number] | null => {
  if (after === null) return [0, 0]
  const colon = after.lastIndexOf(':')
  const within = after.slice(colon + 1)
  const number = numberOf(db, projectId, after.slice(0, colon))
  return number === null || !/^\d{1,15}$/.test(within) ? null : [number, Number(within)]
}

type MessageRow = Omit<MessageRecord, 'type' | 'cursor' | 'metadata'> & { readonly metadata: string | null }

const messageColumns = `c.conversation_id, c.user_id, c.customer, m.seq,
  (SELECT e.message_id FROM conversation_messages e
   WHERE e.project_id = m.project_id AND e.conversation_no = m.conversation_no AND e.seq = m.seq - 1) AS after,
  m.message_id, m.role, m.content, m.said_at, m.speaker, m.session_id, m.metadata, m.recorded_at`

const messagesOf = `conversation_messages m JOIN conversations c ON c.conversation_no = m.conversation_no AND c.removed_at IS NULL`

const toMessage = (row: MessageRow): MessageRecord => ({
  ...{ type: 'message', cursor: `message:${row.conversation_id}:${row.seq}`, ...row },
  metadata: objectOf(row.metadata),
})

export const readMessages: Read = (db, projectId, { after, limit }) => {
  const place = placeOf(db, projectId, after)
  if (place === null) return null
  return db
    .all<MessageRow>(
      `SELECT ${messageColumns} FROM ${messagesOf}
       WHERE m.project_id = ? AND (m.conversation_no, m.seq) > (?, ?) ORDER BY m.conversation_no, m.seq LIMIT ?`,
      projectId,
      ...place,
      limit,
    )
    .map(toMessage)
}

export const findMessageRecord = (
  db: Reader,
  projectId: string,
  { number, seq }: { readonly number: number; readonly seq: number },
): MessageRecord | null => {
  const [row] = db.all<MessageRow>(
    `SELECT ${messageColumns} FROM ${messagesOf} WHERE m.project_id = ? AND m.conversation_no = ? AND m.seq = ?`,
    projectId,
    number,
    seq,
  )
  return row === undefined ? null : toMessage(row)
}

type CompactionRow = Omit<CompactionRecord, 'type' | 'cursor' | 'extracted'> & { readonly extracted: string }

const compactionColumns = `c.conversation_id, c.user_id, c.customer, p.version, p.compaction_id, p.strategy, p.target_tokens, p.through_seq,
  (SELECT m.message_id FROM conversation_messages m
   WHERE m.project_id = p.project_id AND m.conversation_no = p.conversation_no AND m.seq = p.through_seq) AS through,
  p.text, p.extracted, p.current_state, p.original_tokens, p.compacted_tokens, p.validation_score, p.created_at`

const compactionsOf = `conversation_compactions p JOIN conversations c ON c.conversation_no = p.conversation_no AND c.removed_at IS NULL`

const toCompaction = (row: CompactionRow): CompactionRecord => ({
  ...{ type: 'compaction', cursor: `compaction:${row.conversation_id}:${row.version}`, ...row },
  extracted: fromJson(row.extracted),
})

export const readCompactions: Read = (db, projectId, { after, limit }) => {
  const place = placeOf(db, projectId, after)
  if (place === null) return null
  return db
    .all<CompactionRow>(
      `SELECT ${compactionColumns} FROM ${compactionsOf}
       WHERE p.project_id = ? AND (p.conversation_no, p.version) > (?, ?) ORDER BY p.conversation_no, p.version LIMIT ?`,
      projectId,
      ...place,
      limit,
    )
    .map(toCompaction)
}

export const findCompactionRecord = (
  db: Reader,
  projectId: string,
  { number, version }: { readonly number: number; readonly version: number },
): CompactionRecord | null => {
  const [row] = db.all<CompactionRow>(
    `SELECT ${compactionColumns} FROM ${compactionsOf} WHERE p.project_id = ? AND p.conversation_no = ? AND p.version = ?`,
    projectId,
    number,
    version,
  )
  return row === undefined ? null : toCompaction(row)
}

/** Keys of the server's own making begin with a blank and what they are about; these two say nothing that is of one store only. */
const isOfConversation = `((k.key >= ' compaction ' AND k.key < ' compaction!') OR (k.key >= ' transcript ' AND k.key < ' transcript!'))`

export const readConversationKeys: Read = (db, projectId, { after, limit }) =>
  db
    .all<Omit<ConversationKeyRecord, 'type' | 'cursor'>>(
      `SELECT k.key, k.digest, k.run_id, k.created_at AS accepted_at
       FROM idempotency_keys k JOIN runs r ON r.run_id = k.run_id AND r.project_id = k.project_id
       WHERE k.project_id = ? AND k.key > ? AND ${isOfConversation} AND ${travels} ORDER BY k.key LIMIT ?`,
      projectId,
      after ?? ' ',
      limit,
    )
    .map((row) => ({ type: 'conversation_key', cursor: `conversation_key:${row.key}`, ...row }))
