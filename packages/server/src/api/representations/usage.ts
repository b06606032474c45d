import { type Static, Type } from 'typebox'
import { dayMs, dayOf, toIso } from '../../kernel/clock.ts'
import { USAGE_DAY_COUNT_MAX } from '../../kernel/limits.ts'
import { problem } from '../../kernel/problem.ts'
import type { UsageDay } from '../../projects/usage.ts'

const Day = (description: string) =>
  Type.Optional(Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', description }))

/** The days that a request asks about, both included. */
export const periodMembers = {
  from: Day('The first day (UTC), as `2026-11-01`. Thirty days, when absent.'),
  to: Day('The last day (UTC). Today, when absent.'),
}

const DAY_COUNT_DEFAULT = 30

/** Throws Problem `invalid_body` for what is no day, `invalid_request` for a period that ends before it begins or is too long. */
export const readPeriod = (
  query: { readonly from?: string; readonly to?: string },
  now: number,
): { readonly fromDay: number; readonly toDay: number } => {
  const toDay = readDay(query.to, 'query.to') ?? dayOf(now)
  const fromDay = readDay(query.from, 'query.from') ?? Math.max(0, toDay - DAY_COUNT_DEFAULT + 1)
  if (fromDay > toDay) throw problem('invalid_request', 'The period ends before it begins.')
  if (toDay - fromDay >= USAGE_DAY_COUNT_MAX)
    throw problem('invalid_request', `The period is longer than ${USAGE_DAY_COUNT_MAX} days.`)
  return { fromDay, toDay }
}

const readDay = (text: string | undefined, location: string): number | null => {
  if (text === undefined) return null
  const at = Date.parse(`${text}T00:00:00Z`)
  if (!Number.isNaN(at) && at >= 0 && toIso(at).startsWith(text)) return dayOf(at)
  throw problem('invalid_body', `${location} is no day since 1970.`, {
    errors: [{ message: 'is no day since 1970', location }],
  })
}

export const writeDay = (day: number): string => toIso(day * dayMs).slice(0, 10)

export const usageMembers = {
  runs: Type.Object({
    accepted: Type.Integer(),
    completed: Type.Integer(),
    partial: Type.Integer(),
    failed: Type.Integer(),
    cancelled: Type.Integer(),
  }),
  operations: Type.Object({ created: Type.Integer(), updated: Type.Integer(), deleted: Type.Integer() }),
  searches: Type.Integer(),
  tokens: Type.Object({ input: Type.Integer(), output: Type.Integer() }),
  cost: Type.Number(),
}

export const UsageDayRepresentation = Type.Object({ day: Type.String(), ...usageMembers })

const Members = Type.Object(usageMembers)
type Counts = Static<typeof Members>

export const toUsageCounts = ({ runs, operations, searches, tokens, cost }: UsageDay): Counts => ({
  runs,
  operations,
  searches,
  tokens,
  cost,
})
