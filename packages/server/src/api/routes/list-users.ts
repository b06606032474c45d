import { Type } from 'typebox'
import { Cursor, readCursor, writeCursor } from '../../http/cursor.ts'
import { NAME_LENGTH_MAX, PAGE_COUNT_MAX } from '../../kernel/limits.ts'
import { listUsers as list } from '../../projects/users.ts'
import { Name, NullableString, problems } from '../representations/schema.ts'
import { toUserRepresentation, UserRepresentation } from '../representations/user.ts'
import type { Route } from '../route.ts'

const Query = Type.Object(
  {
    prefix: Type.Optional(Name('How the id begins; case makes no difference.')),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_COUNT_MAX, default: PAGE_COUNT_MAX })),
    cursor: Type.Optional(Cursor),
  },
  { additionalProperties: false },
)

/** What is in a cursor of this list: the key of a user. Lower case may take more characters than the id did. */
const cursorForm = new RegExp(`^user:[^\\p{Cc}]{1,${3 * NAME_LENGTH_MAX}}$`, 'u')

export const listUsers: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/users',
    config: { scope: 'read' },
    schema: {
      tags: ['users'],
      summary: 'List users in alphabetical order',
      security: [{ key: [] }],
      querystring: Query,
      response: {
        200: Type.Object({
          users: Type.Array(UserRepresentation),
          next_cursor: NullableString('The cursor of the next page; null on the last.'),
        }),
        ...problems(401, 403, 422),
      },
    },
    handler: async ({ access, query }) => {
      const cursor = readCursor(query.cursor, { form: cursorForm, location: 'query.cursor' })
      const { items, nextCursor } = await list(access, {
        prefix: query.prefix ?? '',
        limit: query.limit ?? PAGE_COUNT_MAX,
        cursor: cursor?.slice('user:'.length) ?? null,
      })
      const next = nextCursor === null ? null : `user:${nextCursor}`
      return { users: items.map(toUserRepresentation), next_cursor: writeCursor(next) }
    },
  })
}
