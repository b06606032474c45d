/** Commit applies a plan: memories, index entries, the run's end and its events, in one transaction behind the claim. */
import type { Scope } from '../../projects/scope.ts'
import { inputCount } from '../../runs/input.ts'
import type { Outcome, RunCounts, RunError, StepRecord } from '../../runs/run.ts'
import { contentKey } from '../../search/content-key.ts'
import { indexDocument } from '../../search/index-document.ts'
import type { CommitResult, PlannedOperation } from '../../storage/storage.ts'
import type { Decision, Plan } from '../draft.ts'
import type { Attempt } from '../step.ts'
import type { Extraction } from './extract.ts'

export const commit = (
  attempt: Attempt,
  {
    extraction,
    plan,
    startedAt,
    now,
  }: { extraction: Extraction; plan: Plan; startedAt: number; now: number },
): Promise<CommitResult> => {
  const error = partialError(extraction)
  const counts = countRun(attempt, extraction, plan)
  const step: StepRecord = {
    name: 'commit',
    type: 'commit',
    attempt: attempt.claim.attempt,
    status: 'completed',
    startedAt,
    completedAt: now,
    output: null,
    error: null,
  }
  return attempt.storage.commitRun({
    claim: attempt.claim,
    operations: plan.decisions.map((decision) => toOperation(attempt, decision)),
    confirmations: plan.confirmations,
    state: error === null ? 'completed' : 'partial',
    outcome: outcomeOf(counts),
    error,
    counts,
    step,
    now,
  })
}

const toOperation = ({ run, payload }: Attempt, decision: Decision): PlannedOperation => {
  const { memoryId, content, scope, sources } = decision
  const source = sources[0]
  const origin = {
    ...(decision.context !== undefined && { context: decision.context }),
    speaker: source?.name ?? null,
    session: payload.properties.conversation_id ?? run.runId,
    turn: source?.message ?? source?.input ?? 0,
    saidAt: source?.saidAt ?? run.createdAt,
  }
  const change = {
    memoryId,
    content,
    // A bounded memory is alone in its scope, whatever it says.
    contentKey: contentKey(content),
    sources,
    origin,
    document: indexDocument({ content, ...origin }),
  }
  return decision.version === null
    ? { kind: 'create', ...change, scope, userId: userOf(run.userId, scope) }
    : { kind: 'update', ...change, expectedVersion: decision.version }
}

const userOf = (userId: string | null, scope: Scope): string | null =>
  scope.userKey === null ? null : userId

/** What the run came to in all: when it was tried again, what it committed before counts as well. */
export const countRun = ({ run, payload }: Attempt, extraction: Extraction, plan: Plan | null): RunCounts => {
  const { results } = extraction
  const isContinued = results.some((result) => 'isSettled' in result)
  const before = isContinued
    ? run.counts
    : { candidates: 0, created: 0, updated: 0, deleted: 0, unchanged: 0 }
  const decisions = plan?.decisions ?? []
  const created = decisions.filter(({ version }) => version === null).length
  const candidates = results.map((result) => ('failure' in result ? 0 : result.candidates.length))
  return {
    inputs: inputCount(payload.input),
    failedInputs: results.filter((result) => 'failure' in result).length,
    candidates: before.candidates + candidates.reduce((sum, count) => sum + count, 0),
    created: before.created + created,
    updated: before.updated + decisions.length - created,
    deleted: before.deleted,
    unchanged: before.unchanged + (plan?.unchangedCount ?? 0),
  }
}

const outcomeOf = (counts: RunCounts): Outcome => {
  if (counts.candidates === 0) return 'no_facts'
  return counts.created + counts.updated === 0 ? 'unchanged' : 'committed'
}

/** What is to be said about the inputs that failed for good; null when none did. */
export const partialError = (extraction: Extraction): RunError | null => {
  const failures = extraction.results.filter((result) => 'failure' in result)
  const first = failures[0]
  if (first === undefined) return null
  const isAlone = extraction.results.length === 1
  const named = failures
    .map(({ input, failure }) => (isAlone ? failure.detail : `input ${input}: ${failure.detail}`))
    .join('; ')
  return { stage: 'extraction', code: first.failure.code, detail: named.slice(0, ERROR_LENGTH_MAX) }
}

const ERROR_LENGTH_MAX = 2_000
