import type { Check } from './check.ts'

/** Conversations that were not removed; of those that were, rows go little by little. */
export const conversationChecks: readonly Check[] = [
  {
    name: 'conversation_counts_its_messages',
    sentence:
      'The messages of a conversation are numbered without a gap, and it counts them and their characters.',
    sql: `SELECT c.conversation_id, c.message_count, c.length, coalesce(m.n, 0) AS n, coalesce(m.last, 0) AS last, coalesce(m.length, 0) AS characters
          FROM conversations c LEFT JOIN (
            SELECT project_id, conversation_no, count(*) AS n, max(seq) AS last, sum(length(content)) AS length
            FROM conversation_messages GROUP BY 1, 2) m ON m.project_id = c.project_id AND m.conversation_no = c.conversation_no
          WHERE c.removed_at IS NULL AND (
            c.message_count <> coalesce(m.n, 0) OR c.message_count <> coalesce(m.last, 0) OR c.length <> coalesce(m.length, 0))`,
  },
  {
    name: 'message_has_its_conversation',
    sentence: 'Messages and compactions belong to a conversation that is there.',
    sql: ['conversation_messages', 'conversation_compactions']
      .map(
        (table) => `SELECT '${table}' AS "in", t.conversation_no FROM ${table} t
          LEFT JOIN conversations c ON c.project_id = t.project_id AND c.conversation_no = t.conversation_no WHERE c.conversation_no IS NULL`,
      )
      .join(' UNION '),
  },
  {
    name: 'conversation_has_its_user',
    sentence: 'The user of a conversation is a user of the project.',
    sql: `SELECT c.conversation_id FROM conversations c LEFT JOIN users u ON u.project_id = c.project_id AND u.user_key = c.user_key
          WHERE c.removed_at IS NULL AND c.user_key <> '' AND u.user_key IS NULL`,
  },
  {
    name: 'compaction_covers_what_is_there',
    sentence: 'A compaction covers messages that its conversation has.',
    sql: `SELECT c.conversation_id, p.version, p.through_seq FROM conversation_compactions p
          JOIN conversations c ON c.project_id = p.project_id AND c.conversation_no = p.conversation_no
          WHERE c.removed_at IS NULL AND (p.through_seq > c.message_count OR p.version < 1)`,
  },
]
