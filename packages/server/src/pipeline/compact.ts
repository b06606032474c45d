/** The work of a compaction: the messages page by page, noting how far it is, then what they come to as the next version. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  beginCompaction,
  type CompactionState,
  finishCompaction,
  foldMessages,
} from '../conversations/compact-messages.ts'
import { COMPACTION_PAGE_COUNT, COMPACTION_RECORDED_PAGE_COUNT } from '../kernel/limits.ts'
import { StepError } from '../kernel/step-error.ts'
import type { CompactInput } from '../runs/input.ts'
import { RunCancelled } from '../runs/run-cancelled.ts'
import type { Executor } from './executors.ts'
import { finishMaintenance } from './finish-maintenance.ts'
import { recordedOutput, runStep } from './run-step.ts'
import type { Attempt } from './step.ts'

type Progress = { readonly state: CompactionState; readonly untilSeq: number }

export const compact: Executor = async (dependencies, attempt) => {
  const { clock } = dependencies
  const { claim, run, storage, payload } = attempt
  const { input } = payload
  if (input.type !== 'compact') throw new Error(`run ${run.runId} has nothing to compact`)
  const startedAt = clock.now()
  const step = (work: () => Promise<Progress>) =>
    runStep(dependencies, attempt, { name: 'read', type: 'apply', work })
  let progress =
    recordedOutput<Progress>(await storage.listSteps(run.runId), 'read') ??
    (await step(() => begin(attempt, input)))
  while (progress.state.throughSeq < progress.untilSeq) {
    const known = progress
    progress = await step(() => readOn(attempt, input, known))
  }
  const compaction = finishCompaction(progress.state, input)
  const { conversationId } = input
  const now = clock.now()
  const stored = await storage.conversations.putCompaction({ claim, conversationId, compaction, now })
  if (stored.kind === 'cancelling') throw new RunCancelled()
  if (stored.kind === 'claim_lost') return
  dependencies.signals.reached?.('mid_compact')
  await finishMaintenance(dependencies, attempt, {
    ...{ name: 'compact', startedAt, counts: run.counts, outcome: 'done' },
    result: {
      conversation_id: conversationId,
      messages: compaction.throughSeq,
      original_tokens: compaction.originalTokens,
      compacted_tokens: compaction.compactedTokens,
    },
  })
}

/** On from the last version where that was made in the same way; what comes after the last message of now is for the next. */
const begin = async (
  { claim, storage }: Attempt,
  { conversationId, strategy, targetTokens, isForced }: CompactInput,
): Promise<Progress> => {
  const conversation = await storage.conversations.get(conversationId)
  if (conversation === null) throw gone(conversationId)
  const last = await storage.conversations.getCompaction({ conversationId, version: null })
  const isSame = last?.strategy === strategy && last.targetTokens === targetTokens
  const isOwn = last?.compactionId === claim.runId
  const state = beginCompaction(isForced || !isSame || isOwn ? null : last)
  return { state, untilSeq: conversation.messageCount }
}

const readOn = async (
  { storage, signal }: Attempt,
  { conversationId }: CompactInput,
  { state: before, untilSeq }: Progress,
): Promise<Progress> => {
  let state = before
  for (let pages = 0; pages < COMPACTION_RECORDED_PAGE_COUNT && state.throughSeq < untilSeq; pages++) {
    signal.throwIfAborted()
    // Rules keep the process busy: others get their turn between two pages.
    await nextTurn()
    const limit = Math.min(COMPACTION_PAGE_COUNT, untilSeq - state.throughSeq)
    const page = { conversationId, after: state.throughSeq, limit }
    const messages = await storage.conversations.listMessages(page)
    if (messages.length === 0) throw gone(conversationId)
    state = await foldMessages(state, messages, signal)
  }
  return { state, untilSeq }
}

const gone = (conversationId: string): StepError =>
  new StepError('not_found', `conversation ${conversationId} was removed`)
