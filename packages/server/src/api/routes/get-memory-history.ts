import { Type } from 'typebox'
import { Cursor, readCursor, writeCursor } from '../../http/cursor.ts'
import { PAGE_COUNT_MAX } from '../../kernel/limits.ts'
import { memoryHistory } from '../../memories/memory-history.ts'
import { MemoryAddressPath, MemoryAddressQuery, readAddress } from '../representations/memory-address.ts'
import { toVersionRepresentation, VersionRepresentation } from '../representations/memory-version.ts'
import { NullableString, problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

const LIMIT_DEFAULT = 20

const Query = Type.Object(
  {
    ...MemoryAddressQuery.properties,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_COUNT_MAX, default: LIMIT_DEFAULT })),
    cursor: Type.Optional(Cursor),
  },
  { additionalProperties: false },
)

export const getMemoryHistory: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/memories/:id/history',
    config: { scope: 'read' },
    schema: {
      tags: ['memories'],
      summary: 'List the versions of a memory, newest first',
      description: 'Each names the run that made it. A deleted memory has a history too.',
      security: [{ key: [] }],
      params: MemoryAddressPath,
      querystring: Query,
      response: {
        200: Type.Object({
          versions: Type.Array(VersionRepresentation),
          next_cursor: NullableString('The cursor of the next page; null on the last.'),
        }),
        ...problems(400, 401, 403, 404, 422),
      },
    },
    handler: async ({ access, params, query }) => {
      const { items, nextCursor } = await memoryHistory(access, readAddress(params, query), {
        limit: query.limit ?? LIMIT_DEFAULT,
        cursor: readCursor(query.cursor, { form: /^\d{1,15}$/, location: 'query.cursor' }),
      })
      return { versions: items.map(toVersionRepresentation), next_cursor: writeCursor(nextCursor) }
    },
  })
}
