import { Type } from 'typebox'
import { Cursor, readCursor, writeCursor } from '../../http/cursor.ts'
import { PAGE_COUNT_MAX } from '../../kernel/limits.ts'
import { listMemories as list } from '../../memories/list-memories.ts'
import { MemoryRepresentation, toMemoryRepresentation } from '../representations/memory.ts'
import { AsOf, NullableString, problems, RequestBody, readAsOf } from '../representations/schema.ts'
import { readSelection, selectionMembers } from '../representations/selection.ts'
import type { Route } from '../route.ts'

const LIMIT_DEFAULT = 20

const Body = RequestBody({
  ...selectionMembers,
  as_of: Type.Optional(AsOf),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_COUNT_MAX, default: LIMIT_DEFAULT })),
  cursor: Type.Optional(Cursor),
})

export const listMemories: Route = (app) => {
  app.route({
    method: 'POST',
    url: '/v1/memories/list',
    config: { scope: 'read' },
    schema: {
      tags: ['memories'],
      summary: 'List memories, newest first',
      security: [{ key: [] }],
      body: Body,
      response: {
        200: Type.Object({
          memories: Type.Array(MemoryRepresentation),
          total: Type.Integer({ description: 'The number of memories in this answer.' }),
          next_cursor: NullableString('The cursor of the next page; null on the last.'),
        }),
        ...problems(400, 401, 403, 422),
      },
    },
    handler: async ({ access, body }) => {
      const { items, nextCursor } = await list(access, {
        ...readSelection(body),
        ...readAsOf(body.as_of),
        ...(body.group !== undefined && { group: body.group }),
        limit: body.limit ?? LIMIT_DEFAULT,
        cursor: readCursor(body.cursor, { form: /^\d{1,16}:[0-9a-f-]{36}$/, location: 'body.cursor' }),
      })
      const { projectId } = access.storage
      return {
        memories: items.map((memory) => toMemoryRepresentation(memory, { projectId })),
        total: items.length,
        next_cursor: writeCursor(nextCursor),
      }
    },
  })
}
