/** THE list of routes about conversations, context and what clients report. */
import type { Route } from '../../api/route.ts'
import { compact } from './routes/compact.ts'
import { estimateCredits, getBalance, getLedger, redeemCode } from './routes/credits.ts'
import { fetchContext } from './routes/fetch-context.ts'
import { getCompacted } from './routes/get-compacted.ts'
import { getCompactionStatus } from './routes/get-compaction-status.ts'
import { getContextForPrompt } from './routes/get-context-for-prompt.ts'
import { getProfile } from './routes/get-profile.ts'
import { ingestMessages } from './routes/ingest-messages.ts'
import { ingestTranscript } from './routes/ingest-transcript.ts'
import { recordMessage } from './routes/record-message.ts'
import { recordMessages } from './routes/record-messages.ts'
import { sendTelemetry } from './routes/send-telemetry.ts'

export const conversationRoutes: readonly Route[] = [
  recordMessage,
  recordMessages,
  ingestTranscript,
  compact,
  getCompacted,
  getCompactionStatus,
  getContextForPrompt,
  fetchContext,
  getProfile,
  sendTelemetry,
  getBalance,
  getLedger,
  estimateCredits,
  redeemCode,
  ingestMessages,
]
