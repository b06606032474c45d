/** Commit applies a plan: memories, index entries, events, and the run's end where it is the last, in one transaction behind the claim. */
import type { Candidate } from '../../memories/candidate.ts'
import type { Scope } from '../../projects/scope.ts'
import type { StepRecord } from '../../runs/run.ts'
import { contentKey } from '../../search/content-key.ts'
import { indexDocument } from '../../search/index-document.ts'
import type { CommitResult, PlannedOperation } from '../../storage/storage.ts'
import { type Company, countCompany, type Member, type Owners, ownersIn, shareOut } from '../company.ts'
import type { Decision, Plan } from '../draft.ts'
import { committedFlow, type Flow } from '../flow.ts'
import type { Passed } from '../journal.ts'
import type { Attempt } from '../step.ts'
import { outcomeOf } from './counts.ts'

type Committing = {
  readonly name: string
  readonly company: Company
  readonly flow: Flow
  readonly isLast: boolean
  /** The run has more to do behind the last step. */
  readonly isPortion: boolean
  readonly now: number
}

type Committed = {
  /** The same as before, with what they have done by now. */
  readonly company: Company
  /** What goes on from here; null when nothing does, or the step is the last one: the runs have ended, unless they have more to do. */
  readonly candidates: readonly Candidate[] | null
  readonly result: CommitResult
}

/** Commits what was decided, for all that go on together. */
export const commit = async (attempt: Attempt, params: Committing): Promise<Committed> => {
  const { flow, isLast, isPortion } = params
  const company = countCompany(params.company, flow.plan)
  const goesOn = isLast ? [] : committedFlow(flow)
  const candidates = goesOn.length === 0 ? null : goesOn
  const isEnd = candidates === null && !isPortion
  const shares = shareOut(company, goesOn)
  const owners = ownersIn(company)
  const parts = company.map((member) => ({
    runId: member.runId,
    counts: member.counts,
    step: stepOf(member, params, isEnd ? null : (shares.get(member.runId) ?? null)),
    ...endOf(member),
  }))
  const own = parts.find(({ runId }) => runId === attempt.run.runId)
  if (own === undefined) throw new Error(`run ${attempt.run.runId} is not in its own company`)
  const companions = parts.filter((part) => part !== own)
  const work = {
    ...{ ...own, claim: attempt.claim, confirmations: flow.plan.confirmations, now: params.now },
    operations: flow.plan.decisions.map((decision) => toOperation(attempt, owners, decision)),
    ...(companions.length > 0 && { companions, owners: ownerIdsOf(owners, flow.plan) }),
  }
  const { storage } = attempt
  const result = await (isEnd ? storage.commitRun(work) : storage.commitStep(work))
  return { company, candidates, result }
}

const endOf = ({ error, counts }: Member) => ({
  state: error === null ? ('completed' as const) : ('partial' as const),
  outcome: outcomeOf(counts),
  error,
})

const ownerIdsOf = (owners: Owners, { decisions }: Plan): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    decisions.map(({ memoryId, sources }) => [memoryId, owners(sources).map(({ runId }) => runId)]),
  )

const stepOf = ({ attempt }: Member, { name, now }: Committing, output: Passed | null): StepRecord => ({
  ...{ name, type: 'commit', attempt, status: 'completed' },
  ...{ startedAt: now, completedAt: now, output, error: null },
})

export const toOperation = ({ run }: Attempt, owners: Owners, decision: Decision): PlannedOperation => {
  const { memoryId, content, scope, sources } = decision
  const source = sources[0]
  const origin = {
    ...(decision.context !== undefined && { context: decision.context }),
    speaker: source?.name ?? null,
    session: owners(sources)[0]?.session ?? run.runId,
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
