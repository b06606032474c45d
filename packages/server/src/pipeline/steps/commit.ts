/** Commit applies a plan: memories, index entries, events, and the run's end where it is the last, in one transaction behind the claim. */
import type { Scope } from '../../projects/scope.ts'
import type { RunCounts, RunError, StepRecord } from '../../runs/run.ts'
import { contentKey } from '../../search/content-key.ts'
import { indexDocument } from '../../search/index-document.ts'
import type { CommitResult, PlannedOperation } from '../../storage/storage.ts'
import type { Decision } from '../draft.ts'
import { committedFlow, type Flow } from '../flow.ts'
import type { Passed } from '../journal.ts'
import type { Attempt } from '../step.ts'
import { countPlan, outcomeOf } from './counts.ts'

type Committing = {
  readonly name: string
  readonly flow: Flow
  /** Before this commit. */
  readonly counts: RunCounts
  /** What is to be said about inputs that failed for good. */
  readonly error: RunError | null
  readonly isLast: boolean
  readonly now: number
}

type Committed = {
  readonly counts: RunCounts
  readonly passed: Passed | null
  readonly result: CommitResult
}

/**
 * Commits what was decided. `passed` is what goes on from here; when nothing does, or the step is the last one, it is null and the run
 * has ended.
 */
export const commit = async (attempt: Attempt, params: Committing): Promise<Committed> => {
  const { flow, error } = params
  const counts = countPlan(params.counts, flow.plan)
  const candidates = params.isLast ? [] : committedFlow(flow)
  const passed = candidates.length === 0 ? null : { candidates }
  const work = {
    claim: attempt.claim,
    operations: flow.plan.decisions.map((decision) => toOperation(attempt, decision)),
    confirmations: flow.plan.confirmations,
    counts,
    step: stepOf(attempt, params, passed),
    now: params.now,
  }
  if (passed !== null) return { counts, passed, result: await attempt.storage.commitStep(work) }
  const state = error === null ? 'completed' : 'partial'
  const result = await attempt.storage.commitRun({ ...work, state, outcome: outcomeOf(counts), error })
  return { counts, passed, result }
}

const stepOf = ({ claim }: Attempt, { name, now }: Committing, output: Passed | null): StepRecord => ({
  name,
  type: 'commit',
  attempt: claim.attempt,
  status: 'completed',
  startedAt: now,
  completedAt: now,
  output,
  error: null,
})

export const toOperation = ({ run, payload }: Attempt, decision: Decision): PlannedOperation => {
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
