import { followStream } from '../follow-stream.ts'
import { type PageRequest, paginate } from '../pages.ts'
import { queryString } from '../path.ts'
import { type RequestOptions, send, type Transport } from '../transport.ts'
import type { ProjectEvent, RunEventType } from '../types.ts'
import { type FollowOptions, reconnectMsMaxDefault } from './runs.ts'

/** Every member narrows. */
export type EventFilter = {
  readonly runId?: string | undefined
  readonly userId?: string | undefined
  readonly tag?: string | undefined
  readonly types?: readonly RunEventType[] | undefined
}

export type ListEventsOptions = RequestOptions &
  EventFilter & {
    /** Only events with a greater `projectSeq`. */
    readonly after?: number | undefined
    /** Events of one page, at most 100. */
    readonly limit?: number | undefined
  }

export type FollowEventsOptions = EventFilter & FollowOptions

/** The events of all runs of the project, in the order they were written. */
export class EventsResource {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** What is recorded so far, oldest first. A page may hold fewer than `limit` and yet have a next one. */
  list(options: ListEventsOptions = {}): PageRequest<ProjectEvent> {
    const { limit, after = 0 } = options
    return paginate(async (place: number) => {
      const path = `/v1/events${filterQuery(options, { limit, after: place })}`
      const { body } = await send(this.#transport, { method: 'GET', path, repeatable: true, options })
      // safety: the shape is the server's contract
      const { events, next } = body as { events: readonly ProjectEvent[]; next: number }
      return { items: events, next: next === place ? null : next }
    }, after)
  }

  /**
   * Events as they happen, until you stop reading: those that are new, or those after `after`. Lost connections and restarts of
   * the server are bridged without gap or repeat.
   *
   * @example
   * for await (const event of client.events.follow({ types: ['run.failed'] })) console.log(event.runId)
   */
  async *follow(options: FollowEventsOptions = {}): AsyncGenerator<ProjectEvent, void> {
    const { signal, after, reconnectMsMax = reconnectMsMaxDefault } = options
    const path = `/v1/events${filterQuery(options, {})}`
    const request = { path, after, signal, reconnectMsMax, isOver: async () => false }
    // safety: the shape is the server's contract
    for await (const event of followStream(this.#transport, request)) yield event as ProjectEvent
  }
}

const filterQuery = (
  { runId, userId, tag, types }: EventFilter,
  more: { readonly limit?: number | undefined; readonly after?: number },
): string => {
  const query = queryString({ ...more, run_id: runId, user_id: userId, tag })
  const typed = (types ?? []).map((type) => `type=${encodeURIComponent(type)}`).join('&')
  if (typed === '') return query
  return query === '' ? `?${typed}` : `${query}&${typed}`
}
