import { ProblemError, TimeoutError } from '../errors.ts'
import { followStream } from '../follow-stream.ts'
import { type PageRequest, paginate } from '../pages.ts'
import { path, queryString } from '../path.ts'
import { deadline, pause } from '../pause.ts'
import type { RunStats, RunStep, StatWindow } from '../run-insight-types.ts'
import { type RequestOptions, send, type Transport } from '../transport.ts'
import type { Run, RunEvent, RunFilter } from '../types.ts'
import { RunSteering } from './run-steering.ts'

export type ListRunsOptions = RequestOptions &
  RunFilter & {
    /** Runs of one page, at most 100. */
    readonly limit?: number | undefined
    /** Where an earlier list stopped. */
    readonly cursor?: string | undefined
  }

export type EventsOptions = RequestOptions & {
  /** Only events with a greater `seq`. */
  readonly after?: number | undefined
  /** Events of one page, at most 100. */
  readonly limit?: number | undefined
}

export type WaitOptions = {
  /** Default: 60 000. `Infinity` waits as long as it takes. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Called with the run as first seen and whenever it has changed. */
  readonly onUpdate?: ((run: Run) => void) | undefined
}

export type FollowOptions = {
  /** Only events with a greater `seq`. */
  readonly after?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** How long to try to come back while the server is away. Default: 300 000. */
  readonly reconnectMsMax?: number | undefined
}

export const reconnectMsMaxDefault = 300_000

/** How long one request waits for a run; then the next one does. */
const waitSeconds = 30
const pollMsMin = 10
const pollMsMax = 1_000
const eventCountMax = 100

export class RunsResource extends RunSteering {
  readonly #transport: Transport

  constructor(transport: Transport) {
    super(transport)
    this.#transport = transport
  }

  async get(runId: string, options?: RequestOptions): Promise<Run> {
    const { body } = await send(this.#transport, {
      method: 'GET',
      path: path`/v1/runs/${runId}`,
      repeatable: true,
      options,
    })
    return body as Run // safety: the shape is the server's contract
  }

  /** Runs, newest first: all, or those that every given member admits. A page may hold fewer than `limit` and yet have a next one. */
  list(options: ListRunsOptions = {}): PageRequest<Run> {
    const filter = filterQuery(options)
    return paginate(async (cursor: string | undefined) => {
      const query = queryString({ ...filter, limit: options.limit, cursor })
      const request = { method: 'GET', path: `/v1/runs${query}`, repeatable: true, options } as const
      const { body } = await send(this.#transport, request)
      // safety: the shape is the server's contract
      const page = body as { runs: readonly Run[]; nextCursor: string | null }
      return { items: page.runs, next: page.nextCursor }
    }, options.cursor)
  }

  /** How many runs are in which state, and how fast they went in the last minute, hour and day. */
  async stats(
    options: RequestOptions & { readonly window?: StatWindow | undefined } = {},
  ): Promise<RunStats> {
    const query = queryString({ window: options.window })
    const request = { method: 'GET', path: `/v1/runs/stats${query}`, repeatable: true, options } as const
    const { body } = await send(this.#transport, request)
    return body as RunStats // safety: the shape is the server's contract
  }

  /** Every attempt of every step of a run, in order; with `includeOutput` what came out of them, unless it is very long. */
  async steps(
    runId: string,
    options: RequestOptions & { readonly includeOutput?: boolean | undefined } = {},
  ): Promise<readonly RunStep[]> {
    const query = options.includeOutput ? '?include=output' : ''
    const { body } = await send(this.#transport, {
      method: 'GET',
      path: path`/v1/runs/${runId}/steps` + query,
      repeatable: true,
      options,
    })
    return (body as { steps: readonly RunStep[] }).steps // safety: the shape is the server's contract
  }

  /** What is recorded of a run so far, oldest first. */
  events(runId: string, options: EventsOptions = {}): PageRequest<RunEvent> {
    const { after = 0, limit = eventCountMax } = options
    return paginate(async (place: number) => {
      const query = queryString({ after: place, limit })
      const request = {
        method: 'GET',
        path: path`/v1/runs/${runId}/events` + query,
        repeatable: true,
        options,
      } as const
      const { body } = await send(this.#transport, request)
      const { events } = body as { events: readonly RunEvent[] } // safety: the shape is the server's contract
      const last = events.at(-1)
      return { items: events, next: last === undefined || events.length < limit ? null : last.seq }
    }, after)
  }

  /**
   * The run once it has ended, however it ended. Rejects with `TimeoutError` when it does not end in time.
   *
   * @example
   * const run = await client.runs.wait(runId, { timeoutMs: 10_000 })
   * if (run.state !== 'completed') console.error(run.error)
   */
  async wait(runId: string, options: WaitOptions = {}): Promise<Run> {
    const { timeoutMs = 60_000, onUpdate } = options
    const late = () => new TimeoutError(`run ${runId} has not ended within ${timeoutMs} ms`)
    const { signal, dispose } = deadline(timeoutMs, late, options.signal)
    try {
      let seen: Run | undefined
      for (let pollMs = pollMsMin; ; pollMs = Math.min(pollMsMax, pollMs * 2)) {
        const run = await this.#getInTime(runId, { signal, since: onUpdate && seen?.eventSeq })
        if (seen?.eventSeq !== run.eventSeq) {
          onUpdate?.(run)
          pollMs = pollMsMin
        }
        seen = run
        if (hasEnded(run)) return run
        await pause(pollMs, signal) // a stopping or a full server does not wait
      }
    } finally {
      dispose()
    }
  }

  /** The run when it has ended or there is an event after `since`, at the latest when the server's patience ends. */
  async #getInTime(
    runId: string,
    { signal, since }: { readonly signal: AbortSignal; readonly since: number | undefined },
  ): Promise<Run> {
    const query = queryString({ wait: waitSeconds, since })
    const timeoutMs = waitSeconds * 1_000 + this.#transport.timeoutMs
    try {
      const request = { method: 'GET', path: path`/v1/runs/${runId}` + query, repeatable: true } as const
      const { body } = await send(this.#transport, { ...request, options: { signal, timeoutMs } })
      return body as Run // safety: the shape is the server's contract
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'too_many_streams')
        return this.get(runId, { signal })
      throw error
    }
  }

  /**
   * The events of a run as they happen, until it has ended. Lost connections and restarts of the server are bridged without gap or
   * repeat.
   *
   * @example
   * for await (const event of client.runs.follow(runId)) console.log(event.at, event.type)
   */
  async *follow(runId: string, options: FollowOptions = {}): AsyncGenerator<RunEvent, void> {
    const { signal, after, reconnectMsMax = reconnectMsMaxDefault } = options
    const isOver = async (place = 0) => {
      const run = await this.get(runId, { signal })
      return hasEnded(run) && run.eventSeq <= place
    }
    const request = { path: path`/v1/runs/${runId}/events`, after, signal, reconnectMsMax, isOver }
    // safety: the shape is the server's contract
    for await (const event of followStream(this.#transport, request)) yield event as RunEvent
  }
}

const filterQuery = (options: ListRunsOptions): Readonly<Record<string, string | undefined>> => ({
  state: options.state,
  status: options.status,
  user_id: options.userId,
  group: options.group,
  input_type: options.inputType,
  tag: options.tag,
  dismissed: options.dismissed === undefined ? undefined : String(options.dismissed),
  created_after: instant(options.createdAfter),
  created_before: instant(options.createdBefore),
  completed_after: instant(options.completedAfter),
  completed_before: instant(options.completedBefore),
  error: options.error,
})

const instant = (time: string | Date | undefined): string | undefined =>
  time instanceof Date ? time.toISOString() : time

const hasEnded = ({ state }: Run): boolean => !open.has(state)
const open: ReadonlySet<string> = new Set(['queued', 'running', 'buffered'])
