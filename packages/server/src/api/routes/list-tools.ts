import { Type } from 'typebox'
import { listTools as list } from '../../agents/manage-tools.ts'
import { Cursor, readCursor, writeCursor } from '../../http/cursor.ts'
import { PAGE_COUNT_MAX } from '../../kernel/limits.ts'
import { NullableString, problems } from '../representations/schema.ts'
import { ToolRepresentation, toToolRepresentation } from '../representations/tool.ts'
import type { Route } from '../route.ts'

const LIMIT_DEFAULT = 20

const Query = Type.Object(
  {
    archived: Type.Optional(Type.Boolean({ description: 'Lists those that are archived, too.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_COUNT_MAX, default: LIMIT_DEFAULT })),
    cursor: Type.Optional(Cursor),
  },
  { additionalProperties: false },
)

export const listTools: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/tools',
    config: { scope: 'read' },
    schema: {
      tags: ['tools'],
      summary: 'List tools, newest first',
      security: [{ key: [] }],
      querystring: Query,
      response: {
        200: Type.Object({
          tools: Type.Array(ToolRepresentation),
          next_cursor: NullableString('The cursor of the next page; null on the last.'),
        }),
        ...problems(401, 403, 422),
      },
    },
    handler: async ({ access, query }) => {
      const { items, nextCursor } = await list(access, {
        withArchived: query.archived ?? false,
        limit: query.limit ?? LIMIT_DEFAULT,
        cursor: readCursor(query.cursor, { form: /^\d{1,16}:[0-9a-f-]{36}$/, location: 'query.cursor' }),
      })
      return { tools: items.map(toToolRepresentation), next_cursor: writeCursor(nextCursor) }
    },
  })
}
