/**
 * Taking in conversations. One that is there keeps its owner and what is said of it; messages are added behind those that are there, each
 * only behind the one that it followed, so two conversations that began alike never become one.
 */
import type { MessageRole } from '../../../conversations/conversation.ts'
import { canonicalJson } from '../../../kernel/json.ts'
import type {
  CompactionRecord,
  ConversationArrival,
  ConversationKeyRecord,
  ConversationRecord,
  MessageRecord,
} from '../../transfer.ts'
import type { Connection } from '../connection.ts'
import { findMessage, insertMessages } from '../conversation-messages.ts'
import { type ConversationRow, findConversation, toJson } from '../conversations.ts'
import { toUserColumn } from '../rows.ts'
import { findRunByKey, rememberKey } from '../run-keys.ts'
import { findCompactionRecord, findConversationRecord, findMessageRecord } from './read-conversations.ts'
import type { Taken } from './take-in.ts'
import { takeInUser } from './take-in-user.ts'

export const takeInConversationPart = (
  db: Connection,
  projectId: string,
  { record, userKey }: ConversationArrival,
): Taken => {
  const row = findConversation(db, projectId, record.conversation_id)
  const isForeign =
    row !== undefined && (row.user_key !== toUserColumn(userKey) || row.customer !== record.customer)
  if (isForeign) return { conflict: 'the conversation of this id is another’s' }
  if (record.type === 'conversation') return takeInConversation(db, projectId, { record, userKey })
  if (row === undefined) return { conflict: 'its conversation is not there' }
  return record.type === 'message'
    ? takeInMessage(db, projectId, { record, row })
    : takeInCompaction(db, projectId, { record, row })
}

/** Ids of users that differ in case are the same user; and when something was last recorded is each store's own affair. */
const isSame = <Kept extends { readonly user_id: string | null }>(one: Kept, other: Kept): boolean => {
  const bare = (record: Kept) => canonicalJson({ ...record, user_id: null, active_at: null })
  return bare(one) === bare(other)
}

const takeInConversation = (
  db: Connection,
  projectId: string,
  { record, userKey }: { readonly record: ConversationRecord; readonly userKey: string | null },
): Taken => {
  const known = findConversationRecord(db, projectId, record.conversation_id)
  if (known !== null)
    return isSame(known, record) ? 'unchanged' : { conflict: 'the conversation is there, and is another' }
  if (userKey !== null) takeInUser(db, projectId, { record, userKey })
  db.run(
    `INSERT INTO conversations (project_id, conversation_id, external_id, user_id, user_key, customer, type, started_at, ended_at, metadata, analysis,
                                created_at, active_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    projectId,
    record.conversation_id,
    record.external_id,
    record.user_id,
    toUserColumn(userKey),
    record.customer,
    record.kind,
    record.started_at,
    record.ended_at,
    toJson(record.metadata),
    toJson(record.analysis),
    record.created_at,
    record.active_at,
  )
  return 'created'
}

type Within<Kept> = { readonly record: Kept; readonly row: ConversationRow }

const takeInMessage = (db: Connection, projectId: string, { record, row }: Within<MessageRecord>): Taken => {
  const { seq, message_id: messageId } = record
  const conversationNo = row.conversation_no
  const known = findMessageRecord(db, projectId, { number: conversationNo, seq })
  if (known !== null)
    return isSame(known, record) ? 'unchanged' : { conflict: 'the conversation has another message there' }
  const last = findMessageRecord(db, projectId, { number: conversationNo, seq: seq - 1 })
  if ((last?.message_id ?? null) !== record.after || seq !== row.message_count + 1)
    return { conflict: 'the message that it followed is not the last one there' }
  if (findMessage(db, projectId, { conversationNo, messageId }) !== null)
    return { conflict: 'a message of this id is in the conversation, and is another' }
  const message = {
    ...{ seq, messageId, content: record.content, saidAt: record.said_at, speaker: record.speaker },
    role: record.role as MessageRole, // safety: checked before it was handed in
    ...{ sessionId: record.session_id, metadata: record.metadata, recordedAt: record.recorded_at },
  }
  insertMessages(db, { projectId, conversationNo }, [message])
  db.run(
    'UPDATE conversations SET active_at = max(active_at, ?) WHERE project_id = ? AND conversation_no = ?',
    record.recorded_at,
    projectId,
    conversationNo,
  )
  return 'created'
}

const takeInCompaction = (
  db: Connection,
  projectId: string,
  { record, row }: Within<CompactionRecord>,
): Taken => {
  const number = row.conversation_no
  const known = findCompactionRecord(db, projectId, { number, version: record.version })
  if (known !== null)
    return isSame(known, record)
      ? 'unchanged'
      : { conflict: 'the conversation has another one of this version' }
  const last = findMessageRecord(db, projectId, { number, seq: record.through_seq })
  if ((last?.message_id ?? null) !== record.through)
    return { conflict: 'the last message that it covers is not there' }
  db.run(
    `INSERT INTO conversation_compactions (project_id, conversation_no, version, compaction_id, strategy, target_tokens, through_seq, text, extracted,
                                           current_state, original_tokens, compacted_tokens, validation_score, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    projectId,
    number,
    record.version,
    record.compaction_id,
    record.strategy,
    record.target_tokens,
    record.through_seq,
    record.text,
    JSON.stringify(record.extracted),
    record.current_state,
    record.original_tokens,
    record.compacted_tokens,
    record.validation_score,
    record.created_at,
  )
  return 'created'
}

/** The run that is known by a key here goes on being so, when it was about the same. */
export const takeInConversationKey = (
  db: Connection,
  projectId: string,
  { key, digest, run_id: runId, accepted_at: now }: ConversationKeyRecord,
): Taken => {
  const known = findRunByKey(db, projectId, key)
  if (known !== null)
    return known.digest === digest
      ? 'unchanged'
      : { conflict: 'another transcript was taken in for the conversation' }
  if (db.get('SELECT 1 FROM runs WHERE run_id = ? AND project_id = ?', runId, projectId) === undefined)
    return { conflict: 'the run that it leads to is not there' }
  rememberKey(db, projectId, { key, digest, isKept: true, runId, now })
  return 'created'
}
