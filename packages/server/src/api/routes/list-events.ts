import { Type } from 'typebox'
import { prefersEventStream } from '../../http/accept.ts'
import { openEventStream, readerOf } from '../../http/event-stream.ts'
import { PAGE_COUNT_MAX } from '../../kernel/limits.ts'
import { getRun, listEvents as list } from '../../runs/read-runs.ts'
import type { RunEvent } from '../../runs/run.ts'
import { createFrames, RunEventRepresentation, toRunEvent } from '../representations/event.ts'
import { eventStreamContent, LastEventId, Place, problems, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

const Query = Type.Object(
  {
    after: Type.Optional(Place('Only events with a greater number; the header goes before it.')),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: PAGE_COUNT_MAX,
        default: PAGE_COUNT_MAX,
        description: 'Events of a page; a stream has no limit.',
      }),
    ),
  },
  { additionalProperties: false },
)

export const listEvents: Route = (app, dependencies) => {
  const { storage, followers } = dependencies
  const frameOf = createFrames((event: RunEvent) => event.seq, toRunEvent)
  app.route({
    method: 'GET',
    url: '/v1/runs/:run_id/events',
    config: { scope: 'read' },
    schema: {
      tags: ['runs'],
      summary: 'Read the events of a run, in order, or follow them',
      description:
        'With `Accept: text/event-stream` the events come as they happen, `id` being `seq`, until the run has ended.',
      security: [{ key: [] }],
      params: Type.Object({ run_id: Uuid }),
      querystring: Query,
      headers: Type.Object({ 'last-event-id': Type.Optional(LastEventId) }),
      response: {
        200: eventStreamContent(Type.Object({ events: Type.Array(RunEventRepresentation) })),
        ...problems(401, 403, 404, 422, 503),
      },
    },
    handler: async (request, reply) => {
      const { access, params, query, headers } = request
      const runId = params.run_id.toLowerCase()
      const after = headers['last-event-id'] ?? query.after ?? 0
      if (request.method === 'HEAD' || !prefersEventStream(headers.accept)) {
        const limit = query.limit ?? PAGE_COUNT_MAX
        const events = await list(access, storage.findRunProject, { runId, after, limit })
        return { events: events.map(toRunEvent) }
      }
      await getRun(access, storage.findRunProject, runId)
      const stream = openEventStream(request, reply, dependencies)
      const reader = {
        ...readerOf(stream),
        key: 'all',
        put: (events: readonly RunEvent[]) => stream.write(events.map(frameOf).join('')),
      }
      void followers.followRun(access.storage, reader, { runId, after })
      return reply
    },
  })
}
