import { Type } from 'typebox'
import { Cursor, readCursor, writeCursor } from '../../http/cursor.ts'
import { PAGE_COUNT_MAX } from '../../kernel/limits.ts'
import { pageUsage } from '../../projects/read-usage.ts'
import { NullableString, problems, Uuid } from '../representations/schema.ts'
import { periodMembers, readPeriod, toUsageCounts, usageMembers, writeDay } from '../representations/usage.ts'
import type { Route } from '../route.ts'

const Query = Type.Object(
  {
    ...periodMembers,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_COUNT_MAX, default: PAGE_COUNT_MAX })),
    cursor: Type.Optional(Cursor),
  },
  { additionalProperties: false },
)

export const listUsage: Route = (app, dependencies) => {
  app.route({
    method: 'GET',
    url: '/v1/projects/usage',
    config: { scope: 'operator' },
    schema: {
      tags: ['projects'],
      summary: 'What was done on each day in each project of the server',
      description: 'By day and project, oldest first; only days on which something was done.',
      security: [{ key: [] }],
      querystring: Query,
      response: {
        200: Type.Object({
          days: Type.Array(Type.Object({ day: Type.String(), project_id: Uuid, ...usageMembers })),
          next_cursor: NullableString('The cursor of the next page; null on the last.'),
        }),
        ...problems(400, 401, 403, 422),
      },
    },
    handler: async ({ query }) => {
      const { items, nextCursor } = await pageUsage(dependencies, dependencies.usageMeter, {
        ...readPeriod(query, dependencies.clock.now()),
        limit: query.limit ?? PAGE_COUNT_MAX,
        cursor: readCursor(query.cursor, { form: /^\d{1,7}:[0-9a-f-]{36}$/, location: 'query.cursor' }),
      })
      return {
        days: items.map((day) => ({
          day: writeDay(day.day),
          project_id: day.projectId,
          ...toUsageCounts(day),
        })),
        next_cursor: writeCursor(nextCursor),
      }
    },
  })
}
