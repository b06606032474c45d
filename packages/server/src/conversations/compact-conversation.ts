import { Problem, problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { findGroup } from '../projects/find-group.ts'
import { acceptRun } from '../runs/accept-run.ts'
import { isTerminal, type Run } from '../runs/run.ts'
import { ownKey } from '../runs/run-key.ts'
import type { Compaction, CompactionStrategy } from './conversation.ts'
import { findConversation } from './read-conversations.ts'

export type CompactionWish = {
  readonly conversationId: string
  readonly strategy: CompactionStrategy
  /** Instead of the share of the strategy. */
  readonly targetTokens: number | null
  /** Read the whole conversation anew; else on from the last version, if that was made by the same strategy. */
  readonly isForced: boolean
}

const keyOf = (conversationId: string): string => ownKey('compaction', [conversationId])

/**
 * Accepts the compaction of a conversation as a run, durably. One conversation has one at a time. Throws Problem `not_found`, `scope_busy`,
 * and what acceptRun throws.
 */
export const compactConversation = async (access: Access, wish: CompactionWish): Promise<Run> => {
  const { storage, ids } = access
  const { conversationId } = wish
  const { userId, userKey } = await findConversation(access, conversationId)
  const { groupId } = await findGroup(storage, undefined)
  const { runId } = await acceptRun(access, {
    runId: ids.next(),
    groupId,
    laneId: `conversation:${conversationId}`,
    ...{ userId, userKey, inputType: 'compact', inputCount: 1, onConflict: 'reject' },
    payload: { input: { type: 'compact', ...wish }, properties: {} },
    // The key leads to the last of them, so each takes it over.
    idempotency: {
      ...{ key: keyOf(conversationId), digest: '', isKept: true },
      renew: { acceptedBefore: Number.MAX_SAFE_INTEGER },
    },
  })
  const accepted = await storage.getRun(runId)
  if (accepted === null) throw problem('not_found', `conversation ${conversationId} not found`)
  return accepted.run
}

/** The last run that was to compact the conversation, while it is kept, and the last compaction there is. */
export type CompactionStatus = { readonly run: Run | null; readonly compaction: Compaction | null }

/** Throws Problem `not_found`. */
export const readCompactionStatus = async (
  access: Access,
  conversationId: string,
): Promise<CompactionStatus> => {
  await findConversation(access, conversationId)
  const { storage } = access
  const [found, compaction] = await Promise.all([
    storage.findRunByKey(keyOf(conversationId)),
    storage.conversations.getCompaction({ conversationId, version: null }),
  ])
  const view = found === null ? null : await storage.getRun(found.runId)
  return { run: view?.run ?? null, compaction }
}

/** Starts the compaction unless one is under way, or covers everything already. Answers what is the case. */
export const ensureCompaction = async (
  access: Access,
  wish: CompactionWish,
): Promise<'in_progress' | 'already_compacted' | 'skipped'> => {
  const { messageCount } = await findConversation(access, wish.conversationId)
  if (messageCount === 0) return 'skipped'
  const { run, compaction } = await readCompactionStatus(access, wish.conversationId)
  if (run !== null && !isTerminal(run.state)) return 'in_progress'
  if (compaction !== null && compaction.throughSeq >= messageCount) return 'already_compacted'
  try {
    await compactConversation(access, wish)
    return 'in_progress'
  } catch (error) {
    // Somebody was faster, or there is no room for it now: it can be asked for at any time.
    if (!(error instanceof Problem)) throw error
    if (error.code === 'scope_busy') return 'in_progress'
    if (error.code === 'queue_full' || error.code === 'draining') return 'skipped'
    throw error
  }
}
