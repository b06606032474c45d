/** What conversations come to in fewer words, version by version. */
import type { Compaction, CompactionContent, CompactionStrategy } from '../../conversations/conversation.ts'
import type { Claim } from '../../runs/run.ts'
import type { Guarded } from '../storage.ts'
import { heldRun } from './attempts.ts'
import type { Connection } from './connection.ts'
import { findConversation } from './conversations.ts'
import { fromJson } from './rows.ts'

type CompactionRow = {
  version: number
  compaction_id: string
  strategy: string
  target_tokens: number | null
  through_seq: number
  text: string
  extracted: string
  current_state: string
  original_tokens: number
  compacted_tokens: number
  validation_score: number
  created_at: number
}

type Extracted = Pick<Compaction, 'facts' | 'decisions' | 'preferences'>

const columns = `version, compaction_id, strategy, target_tokens, through_seq, text, extracted, current_state, original_tokens,
  compacted_tokens, validation_score, created_at`

const toCompaction = (row: CompactionRow, conversationId: string): Compaction => ({
  conversationId,
  version: row.version,
  compactionId: row.compaction_id,
  strategy: row.strategy as CompactionStrategy, // safety: written from the same union
  targetTokens: row.target_tokens,
  throughSeq: row.through_seq,
  text: row.text,
  ...fromJson<Extracted>(row.extracted),
  currentState: row.current_state,
  originalTokens: row.original_tokens,
  compactedTokens: row.compacted_tokens,
  validationScore: row.validation_score,
  createdAt: row.created_at,
})

export const getCompaction = (
  db: Connection,
  projectId: string,
  { conversationId, version }: { readonly conversationId: string; readonly version: number | null },
): Compaction | null => {
  const conversation = findConversation(db, projectId, conversationId)
  if (conversation === undefined) return null
  const row = db.get<CompactionRow>(
    `SELECT ${columns} FROM conversation_compactions
     WHERE project_id = ?1 AND conversation_no = ?2 AND (?3 IS NULL OR version = ?3) ORDER BY version DESC LIMIT 1`,
    projectId,
    conversation.conversation_no,
    version,
  )
  return row === undefined ? null : toCompaction(row, conversationId)
}

type PutParams = {
  readonly claim: Claim
  readonly conversationId: string
  readonly compaction: CompactionContent
  readonly now: number
}

export const putCompaction = (
  db: Connection,
  projectId: string,
  { claim, conversationId, compaction, now }: PutParams,
): Guarded => {
  const run = heldRun(db, claim)
  if (run === null) return { kind: 'claim_lost' }
  if (run.cancelRequestedAt !== null) return { kind: 'cancelling' }
  const conversation = findConversation(db, projectId, conversationId)
  // It was removed meanwhile: there is nothing to keep.
  if (conversation === undefined) return { kind: 'done' }
  const { facts, decisions, preferences } = compaction
  db.run(
    `INSERT OR REPLACE INTO conversation_compactions (project_id, conversation_no, ${columns})
     VALUES (?1, ?2, (
       SELECT coalesce(max(version) FILTER (WHERE compaction_id = ?3), max(version) + 1, 1)
       FROM conversation_compactions WHERE project_id = ?1 AND conversation_no = ?2), ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)`,
    projectId,
    conversation.conversation_no,
    claim.runId,
    compaction.strategy,
    compaction.targetTokens,
    compaction.throughSeq,
    compaction.text,
    JSON.stringify({ facts, decisions, preferences } satisfies Extracted),
    compaction.currentState,
    compaction.originalTokens,
    compaction.compactedTokens,
    compaction.validationScore,
    now,
  )
  return { kind: 'done' }
}
