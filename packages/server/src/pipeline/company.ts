/**
 * The runs that go on together: one alone, or those that waited in a buffer, of which the first holds the claim and works for all. What
 * comes to a step is what all of them bring, in the order they were accepted; each owns what was made of its statements.
 */
import { type Candidate, sourcesOf } from '../memories/candidate.ts'
import type { Source } from '../memories/memory.ts'
import type { Run, RunCounts, RunError } from '../runs/run.ts'
import type { Plan } from './draft.ts'
import type { Passed } from './journal.ts'
import type { Attempt } from './step.ts'

export type Member = {
  readonly runId: string
  readonly attempt: number
  readonly counts: RunCounts
  readonly session: string
  readonly error: RunError | null
}

export type Company = readonly Member[]

export const memberOf = (
  { run, payload }: Attempt,
  { counts, error }: { readonly counts: RunCounts; readonly error: RunError | null },
): Member => ({
  ...{ runId: run.runId, attempt: run.attempt, counts, error },
  session: payload.properties.conversation_id ?? run.runId,
})

/** All that are together with the run at a stage they have passed, and what they brought there. */
export const readCompany = async (
  { storage }: Attempt,
  { bufferId, stage }: { readonly bufferId: string; readonly stage: string },
): Promise<{ readonly company: Company; readonly candidates: readonly Candidate[] }> => {
  const members = (await storage.listCompany({ bufferId, step: stage })).map(({ run, output }) => ({
    run,
    // safety: the output of a stage is written by it only
    passed: output as Passed,
  }))
  return {
    company: members.map(({ run, passed }) => toMember(run, passed)),
    candidates: members.flatMap(({ passed }) => passed.candidates),
  }
}

const toMember = ({ runId, attempt, counts }: Run, { session, error }: Passed): Member => ({
  ...{ runId, attempt, counts, session, error },
})

export const isFor = (company: Company, runIds: readonly string[]): boolean =>
  company.length === runIds.length && company.every(({ runId }) => runIds.includes(runId))

export type Owners = (sources: readonly Source[]) => Company

/** Whose statements these are: in the order of the company; the first one's when they are nobody's any more. */
export const ownersIn = (company: Company): Owners => {
  const places = new Map(company.map(({ runId }, place) => [runId, place]))
  return (sources) => {
    const found = new Set(sources.flatMap(({ runId }) => places.get(runId) ?? []))
    const owners = [...found].sort((a, b) => a - b)
    return (owners.length > 0 ? owners : [0]).flatMap((place) => company[place] ?? [])
  }
}

/** What each of them hands on: a statement of several goes on as the first one's. */
export const shareOut = (company: Company, candidates: readonly Candidate[]): ReadonlyMap<string, Passed> => {
  const owners = ownersIn(company)
  const shares = Map.groupBy(candidates, (candidate) => owners(sourcesOf(candidate))[0]?.runId)
  return new Map(
    company.map(({ runId, session, error }) => [
      runId,
      { candidates: shares.get(runId) ?? [], session, error },
    ]),
  )
}

/** The members after a commit of the plan. */
export const countCompany = (company: Company, plan: Plan): Company => {
  const owners = ownersIn(company)
  const done = new Map(company.map(({ runId }) => [runId, { created: 0, updated: 0 }]))
  for (const { sources, version } of plan.decisions)
    for (const { runId } of owners(sources)) {
      const own = done.get(runId)
      if (own !== undefined) own[version === null ? 'created' : 'updated']++
    }
  return company.map((member) => {
    const { runId, counts } = member
    const { created = 0, updated = 0 } = done.get(runId) ?? {}
    const unchanged = company.length === 1 ? plan.unchangedCount : (plan.unchangedBy[runId] ?? 0)
    return {
      ...member,
      counts: {
        ...counts,
        created: counts.created + created,
        updated: counts.updated + updated,
        unchanged: counts.unchanged + unchanged,
      },
    }
  })
}
