/** A compaction, as clients are told of it. */
import type { Compaction } from '../../conversations/conversation.ts'
import { toIso } from '../../kernel/clock.ts'
import {
  type CompactedFormat,
  compactedText,
  currentStateOf,
  extractionsOf,
  ratioOf,
  VALIDATION_SCORE_MIN,
} from './compaction-texts.ts'

/** Seconds for which clients may keep it: a newer version may come at any time. */
const TTL_SECONDS = 300

export const toCompactedBody = (compaction: Compaction, format: CompactedFormat) => {
  const isPassed = compaction.validationScore >= VALIDATION_SCORE_MIN
  return {
    conversation_id: compaction.conversationId,
    compaction_id: compaction.compactionId,
    version: compaction.version,
    formatted_context: compactedText(compaction, format),
    original_token_count: compaction.originalTokens,
    compacted_token_count: compaction.compactedTokens,
    compression_ratio: ratioOf(compaction),
    strategy_used: compaction.strategy,
    validation_score: compaction.validationScore,
    validation_passed: isPassed,
    ...extractionsOf(compaction),
    current_state: currentStateOf(compaction),
    quality_warning: !isPassed,
    warnings: [],
    created_at: toIso(compaction.createdAt),
    ttl_seconds: TTL_SECONDS,
  }
}
