import { Type } from 'typebox'
import { Cursor, readCursor, writeCursor } from '../../http/cursor.ts'
import { PAGE_COUNT_MAX } from '../../kernel/limits.ts'
import { pageProjects } from '../../projects/projects.ts'
import { projectMembers, toListedProject } from '../representations/project.ts'
import { NullableString, problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

const Query = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_COUNT_MAX, default: PAGE_COUNT_MAX })),
    cursor: Type.Optional(Cursor),
  },
  { additionalProperties: false },
)

export const listProjects: Route = (app, dependencies) => {
  app.route({
    method: 'GET',
    url: '/v1/projects',
    config: { scope: 'operator' },
    schema: {
      tags: ['projects'],
      summary: 'List the projects of the server, oldest first',
      security: [{ key: [] }],
      querystring: Query,
      response: {
        200: Type.Object({
          projects: Type.Array(Type.Object(projectMembers)),
          next_cursor: NullableString('The cursor of the next page; null on the last.'),
        }),
        ...problems(401, 403, 422),
      },
    },
    handler: async ({ query }) => {
      const { items, nextCursor } = await pageProjects(dependencies, {
        limit: query.limit ?? PAGE_COUNT_MAX,
        cursor: readCursor(query.cursor, { form: /^\d{1,16}:[0-9a-f-]{36}$/, location: 'query.cursor' }),
      })
      return { projects: items.map(toListedProject), next_cursor: writeCursor(nextCursor) }
    },
  })
}
