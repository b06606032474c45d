import { Type } from 'typebox'
import { PAGE_COUNT_MAX } from '../../kernel/limits.ts'
import { listRuns as list } from '../../runs/read-runs.ts'
import { type RunState, runStates } from '../../runs/run.ts'
import { Cursor, readCursor, writeCursor } from '../representations/cursor.ts'
import {
  RunRepresentation,
  type RunStatus,
  runStatuses,
  statusOf,
  toRunRepresentation,
} from '../representations/run.ts'
import { NullableString, problems, UserId } from '../representations/schema.ts'
import type { Route } from '../route.ts'

const LIMIT_DEFAULT = 20

const Query = Type.Object(
  {
    state: Type.Optional(Type.Unsafe<RunState>({ type: 'string', enum: [...runStates] })),
    status: Type.Optional(Type.Unsafe<RunStatus>({ type: 'string', enum: [...runStatuses] })),
    user_id: Type.Optional(UserId),
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
        states: readStates(query),
        ...(query.user_id !== undefined && { userId: query.user_id }),
        limit: query.limit ?? LIMIT_DEFAULT,
        cursor: readCursor(query.cursor, { form: /^\d{1,16}$/, location: 'query.cursor' }),
      })
      return { runs: items.map(toRunRepresentation), next_cursor: writeCursor(nextCursor) }
    },
  })
}

const readStates = ({
  state,
  status,
}: {
  state?: RunState
  status?: RunStatus
}): readonly RunState[] | null => {
  if (state === undefined && status === undefined) return null
  return runStates.filter((one) => (state ?? one) === one && (status ?? statusOf[one]) === statusOf[one])
}
