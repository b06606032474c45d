import { Type } from 'typebox'
import { Cursor, readCursor, writeCursor } from '../../http/cursor.ts'
import { PAGE_COUNT_MAX } from '../../kernel/limits.ts'
import { listRuns as list } from '../../runs/read-runs.ts'
import { RunRepresentation, toRunRepresentation } from '../representations/run.ts'
import { readRunFilterMembers, runFilterMembers } from '../representations/run-filter.ts'
import { NullableString, problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

const LIMIT_DEFAULT = 20

const Query = Type.Object(
  {
    ...runFilterMembers,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_COUNT_MAX, default: LIMIT_DEFAULT })),
    cursor: Type.Optional(Cursor),
  },
  { additionalProperties: false },
)

export const listRuns: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/runs',
    config: { scope: 'read' },
    schema: {
      tags: ['runs'],
      summary: 'List runs, newest first',
      description:
        'A page may hold fewer runs than `limit`, even none, and yet have a `next_cursor`: looking for rare runs among many takes several requests.',
      security: [{ key: [] }],
      querystring: Query,
      response: {
        200: Type.Object({
          runs: Type.Array(RunRepresentation),
          next_cursor: NullableString('The cursor of the next page; null on the last.'),
        }),
        ...problems(401, 403, 422),
      },
    },
    handler: async ({ access, query }) => {
      const { items, nextCursor } = await list(access, {
        filter: readRunFilterMembers(query),
        limit: query.limit ?? LIMIT_DEFAULT,
        cursor: readCursor(query.cursor, { form: /^\d{1,16}\.\d{1,16}$/, location: 'query.cursor' }),
      })
      return { runs: items.map(toRunRepresentation), next_cursor: writeCursor(nextCursor) }
    },
  })
}
