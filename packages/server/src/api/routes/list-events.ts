import { Type } from 'typebox'
import { toIso } from '../../kernel/clock.ts'
import { PAGE_COUNT_MAX } from '../../kernel/limits.ts'
import { listEvents as list } from '../../runs/read-runs.ts'
import { problems, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

const Query = Type.Object(
  {
    after: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        default: 0,
        description: 'Only events with a greater number.',
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_COUNT_MAX, default: PAGE_COUNT_MAX })),
  },
  { additionalProperties: false },
)

export const listEvents: Route = (app, { storage }) => {
  app.route({
    method: 'GET',
    url: '/v1/runs/:run_id/events',
    config: { scope: 'read' },
    schema: {
      tags: ['runs'],
      summary: 'Read the events of a run, in order',
      security: [{ key: [] }],
      params: Type.Object({ run_id: Uuid }),
      querystring: Query,
      response: {
        200: Type.Object({
          events: Type.Array(
            Type.Object({
              seq: Type.Integer({ description: 'Number within the run, from 1, without gaps.' }),
              type: Type.String(),
              at: Type.String(),
              data: Type.Unsafe<Readonly<Record<string, unknown>>>({
                type: 'object',
                additionalProperties: true,
              }),
            }),
          ),
        }),
        ...problems(401, 403, 404, 422),
      },
    },
    handler: async ({ access, params, query }) => {
      const { after = 0, limit = PAGE_COUNT_MAX } = query
      const events = await list(access, storage.findRunProject, {
        runId: params.run_id.toLowerCase(),
        after,
        limit,
      })
      return { events: events.map(({ seq, type, at, data }) => ({ seq, type, at: toIso(at), data })) }
    },
  })
}
