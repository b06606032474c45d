import { Type } from 'typebox'
import { prefersEventStream } from '../../http/accept.ts'
import { openEventStream, readerOf } from '../../http/event-stream.ts'
import { EVENT_TYPE_COUNT_MAX, PAGE_COUNT_MAX } from '../../kernel/limits.ts'
import { isMeant, keyOf, type ProjectEvent } from '../../runs/event-filter.ts'
import { pageProjectEvents, readEventFilter } from '../../runs/read-events.ts'
import {
  createFrames,
  EventTypeName,
  ProjectEventRepresentation,
  toProjectEvent,
} from '../representations/event.ts'
import {
  eventStreamContent,
  LastEventId,
  Name,
  Place,
  problems,
  UserId,
  Uuid,
} from '../representations/schema.ts'
import type { Route } from '../route.ts'

const Query = Type.Object(
  {
    after: Type.Optional(
      Place(
        'Only events with a greater `project_seq`; the header goes before it. Without either a stream tells what is new, a page begins with the first event.',
      ),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: PAGE_COUNT_MAX,
        default: PAGE_COUNT_MAX,
        description: 'Events of a page; a stream has no limit.',
      }),
    ),
    run_id: Type.Optional(Uuid),
    user_id: Type.Optional(UserId),
    tag: Type.Optional(Name('Only events of runs with this tag.')),
    type: Type.Optional(
      Type.Array(EventTypeName, {
        minItems: 1,
        maxItems: EVENT_TYPE_COUNT_MAX,
        description: 'Only events of these types: `type=run.failed&type=run.partial`.',
      }),
    ),
  },
  { additionalProperties: false },
)

export const listProjectEvents: Route = (app, dependencies) => {
  const frameOf = createFrames((event: ProjectEvent) => event.projectSeq, toProjectEvent)
  app.route({
    method: 'GET',
    url: '/v1/events',
    config: { scope: 'read' },
    schema: {
      tags: ['runs'],
      summary: 'Read the events of all runs, in order, or follow them',
      description:
        'With `Accept: text/event-stream` the events come as they happen, `id` being `project_seq`, until the reader goes. A page may hold fewer events than `limit`, even none: `next` says where to go on, and equals `after` when there is nothing new.',
      security: [{ key: [] }],
      querystring: Query,
      headers: Type.Object({ 'last-event-id': Type.Optional(LastEventId) }),
      response: {
        200: eventStreamContent(
          Type.Object({
            events: Type.Array(ProjectEventRepresentation),
            next: Type.Integer({ description: '`after` of the next page.' }),
          }),
        ),
        ...problems(401, 403, 422, 503),
      },
    },
    handler: async (request, reply) => {
      const { access, query, headers } = request
      const filter = readEventFilter({
        ...(query.run_id !== undefined && { runId: query.run_id.toLowerCase() }),
        ...(query.user_id !== undefined && { userId: query.user_id }),
        ...(query.tag !== undefined && { tag: query.tag }),
        ...(query.type !== undefined && { types: query.type }),
      })
      const given = headers['last-event-id'] ?? query.after
      if (request.method === 'HEAD' || !prefersEventStream(headers.accept)) {
        const limit = query.limit ?? PAGE_COUNT_MAX
        const { events, next } = await pageProjectEvents(access, { filter, after: given ?? 0, limit })
        return { events: events.map(toProjectEvent), next }
      }
      const after = given ?? (await access.storage.lastProjectSeq())
      const stream = openEventStream(request, reply, dependencies)
      // Whoever loses the connection before the first event comes back to where the stream began.
      stream.write(`id: ${after}\n\n`)
      const reader = {
        ...readerOf(stream),
        key: keyOf(filter),
        put: (events: readonly ProjectEvent[]) => {
          const meant = events.filter((event) => isMeant(filter, event))
          if (meant.length > 0) stream.write(meant.map(frameOf).join(''))
        },
      }
      void dependencies.followers.followProject(access.storage, reader, { after })
      return reply
    },
  })
}
