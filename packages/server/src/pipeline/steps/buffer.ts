/** At a buffer a run waits, with what it brings, for others of its scope. */
import type { Candidate } from '../../memories/candidate.ts'
import type { Topic } from '../../projects/group.ts'
import type { BufferStep } from '../../projects/pipeline.ts'
import type { StepRecord } from '../../runs/run.ts'
import type { BufferScope, JoinResult } from '../../storage/buffer-storage.ts'
import { type Company, type Member, shareOut } from '../company.ts'
import type { Passed } from '../journal.ts'
import type { Attempt, PipelineDependencies } from '../step.ts'
import { outcomeOf } from './counts.ts'

type Waiting = {
  readonly step: BufferStep
  readonly company: Company
  readonly candidates: readonly Candidate[]
  /** Those that are decided about behind the buffer. */
  readonly topics: readonly Topic[]
}

/** All that came here together wait, each with its own statements; those without any have done what they could, and end. */
export const wait = (
  { clock, ids }: PipelineDependencies,
  attempt: Attempt,
  { step, company, candidates, topics }: Waiting,
): Promise<JoinResult> => {
  const now = clock.now()
  const shares = shareOut(company, candidates)
  const parts = company.map((member) => {
    const passed = shares.get(member.runId)
    const isEmpty = passed === undefined || passed.candidates.length === 0
    const part = { runId: member.runId, counts: member.counts }
    return { member, isEmpty, part: { ...part, step: record(step, member, { passed: passed ?? null, now }) } }
  })
  return attempt.storage.joinBuffer({
    claim: attempt.claim,
    ...{ step: step.name, trigger: step.trigger, scope: scopeBehind(attempt, topics), now },
    joining: parts.flatMap(({ isEmpty, part }) => (isEmpty ? [] : [{ ...part, bufferId: ids.next() }])),
    ending: parts.flatMap(({ isEmpty, part, member: { error, counts } }) =>
      isEmpty
        ? [{ ...part, state: error === null ? 'completed' : 'partial', outcome: outcomeOf(counts), error }]
        : [],
    ),
  })
}

const record = (
  { name }: BufferStep,
  { attempt }: Member,
  { passed, now }: { readonly passed: Passed | null; readonly now: number },
): StepRecord => ({
  ...{ name, type: 'buffer', attempt, status: 'completed' },
  ...{ startedAt: now, completedAt: now, output: passed, error: null },
})

/** What divides the memories that are made of what waits divides those who wait. */
const scopeBehind = ({ run, payload }: Attempt, topics: readonly Topic[]): BufferScope => {
  const keys = [...new Set(topics.flatMap(({ scoping }) => scoping.scopeProperties))].sort()
  return {
    userKey: topics.some(({ scoping }) => scoping.userScoped) ? run.userKey : null,
    properties: Object.fromEntries(
      keys.flatMap((key) => {
        const value = payload.properties[key]
        return value === undefined ? [] : [[key, value]]
      }),
    ),
  }
}
