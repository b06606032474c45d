import { Type } from 'typebox'
import { readUsage } from '../../projects/read-usage.ts'
import { problems } from '../representations/schema.ts'
import {
  periodMembers,
  readPeriod,
  toUsageCounts,
  UsageDayRepresentation,
  writeDay,
} from '../representations/usage.ts'
import type { Route } from '../route.ts'

export const getUsage: Route = (app, { clock, usageMeter }) => {
  app.route({
    method: 'GET',
    url: '/v1/usage',
    config: { scope: 'read' },
    schema: {
      tags: ['projects'],
      summary: 'What was done on each day (UTC)',
      security: [{ key: [] }],
      querystring: Type.Object(periodMembers, { additionalProperties: false }),
      response: {
        200: Type.Object({ days: Type.Array(UsageDayRepresentation) }),
        ...problems(400, 401, 403, 422),
      },
    },
    handler: async ({ access, query }) => {
      const days = await readUsage(access, usageMeter, readPeriod(query, clock.now()))
      return { days: days.map((day) => ({ day: writeDay(day.day), ...toUsageCounts(day) })) }
    },
  })
}
