/** Credits, for clients that ask: nothing is charged here. The ledger tells what was done, day by day, for nothing. */
import { Type } from 'typebox'
import type { Route } from '../../../api/route.ts'
import { dayMs, dayOf, toIso } from '../../../kernel/clock.ts'
import { deterministicId } from '../../../kernel/ids.ts'
import { NAME_LENGTH_MAX, PAGE_COUNT_MAX, USAGE_DAY_COUNT_MAX } from '../../../kernel/limits.ts'
import { problem } from '../../../kernel/problem.ts'
import { readUsage } from '../../../projects/read-usage.ts'
import type { UsageDay } from '../../../projects/usage.ts'
import { readInstant } from '../schema.ts'
import { clientIdOf } from './who-am-i.ts'

export const getBalance: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/credits/balance',
    config: { scope: 'read' },
    handler: async ({ access }) => ({
      client_id: clientIdOf(access.storage.projectId),
      ...{ balance_credits: 0, warning_low: false, unlimited: true, buckets: [] },
    }),
  })
}

/** A day, or an instant of it. */
const Instant = Type.String({ maxLength: NAME_LENGTH_MAX })
/** Days that the ledger goes back when nobody says. */
const LEDGER_DAY_COUNT = 30

export const getLedger: Route = (app, { usageMeter, clock }) => {
  app.route({
    method: 'GET',
    url: '/v1/credits/ledger',
    config: { scope: 'read' },
    schema: {
      querystring: Type.Object({
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_COUNT_MAX })),
        offset: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
        entry_type: Type.Optional(Type.String({ maxLength: NAME_LENGTH_MAX })),
        from: Type.Optional(Instant),
        to: Type.Optional(Instant),
      }),
    },
    handler: async ({ access, query }) => {
      const { limit = PAGE_COUNT_MAX, offset = 0, entry_type: type } = query
      const toDay = query.to === undefined ? dayOf(clock.now()) : readDay(query.to, 'query.to')
      const fromDay =
        query.from === undefined
          ? Math.max(0, toDay - LEDGER_DAY_COUNT + 1)
          : readDay(query.from, 'query.from')
      refusePeriod(fromDay, toDay)
      const days = await readUsage(access, usageMeter, { fromDay, toDay })
      const entries = type === undefined || type === 'usage' ? days.toReversed().flatMap(entriesOf) : []
      return { entries: entries.slice(offset, offset + limit), total: entries.length, limit, offset }
    },
  })
}

const readDay = (text: string, location: string): number => {
  const day = dayOf(readInstant(text, location))
  if (day >= 0) return day
  throw problem('invalid_body', `${location} is no day since 1970.`, {
    errors: [{ message: 'is no day since 1970', location }],
  })
}

const refusePeriod = (fromDay: number, toDay: number): void => {
  if (fromDay <= toDay && toDay - fromDay < USAGE_DAY_COUNT_MAX) return
  throw problem('invalid_body', `from and to name at most ${USAGE_DAY_COUNT_MAX} days, from before to.`, {
    errors: [{ message: 'is no period', location: 'query.from' }],
  })
}

const entriesOf = ({ projectId, day, runs, searches }: UsageDay) =>
  [['ingestion', runs.accepted] as const, ['retrieval', searches] as const].flatMap(([metric, units]) =>
    units === 0
      ? []
      : [
          {
            ledger_id: deterministicId(['ledger', projectId, String(day), metric]),
            ...{ entry_type: 'usage', delta: 0, metric_type: metric, category: metric, units },
            created_at: toIso(day * dayMs),
          },
        ],
  )

export const estimateCredits: Route = (app) => {
  app.route({
    method: 'POST',
    url: '/v1/credits/estimate',
    config: { scope: 'read' },
    schema: {
      body: Type.Object({
        metric_type: Type.Optional(Type.String({ maxLength: NAME_LENGTH_MAX })),
        units: Type.Optional(Type.Number({ minimum: 0 })),
        item_count: Type.Optional(Type.Integer({ minimum: 0 })),
        endpoint: Type.Optional(Type.String({ maxLength: NAME_LENGTH_MAX })),
        mode: Type.Optional(Type.String({ maxLength: NAME_LENGTH_MAX })),
      }),
    },
    handler: async () => ({ credits_estimate: 0 }),
  })
}

export const redeemCode: Route = (app) => {
  app.route({
    method: 'POST',
    url: '/v1/credits/redeem',
    config: { scope: 'write' },
    schema: { body: Type.Object({ code: Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX }) }) },
    handler: async () => {
      throw problem('invalid_request', 'Nothing is charged here, so there are no credits to redeem.')
    },
  })
}
