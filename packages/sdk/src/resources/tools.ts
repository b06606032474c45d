import { accept } from '../accept.ts'
import type { Tool, ToolDefinition, ToolRun } from '../agent-types.ts'
import { type PageRequest, paginate } from '../pages.ts'
import { path, queryString } from '../path.ts'
import { type Request, type RequestOptions, send, type Transport } from '../transport.ts'
import type { AcceptedRun, Run } from '../types.ts'
import type {
  ListAgentRunsOptions,
  ListAgentsOptions,
  StartRunOptions,
  UpdateAgentOptions,
} from './agents.ts'

/** Fixed sequences of actions. To define them needs a key with the scope `admin`, to run them `write`. */
export class ToolsResource {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  async create(definition: ToolDefinition, options?: RequestOptions): Promise<Tool> {
    // A second tool would be made.
    const request = { method: 'POST', path: '/v1/tools', repeatable: false, body: definition } as const
    return (await this.#send({ ...request, options })) as Tool // safety: as in #send
  }

  /** Newest first. */
  list(options: ListAgentsOptions = {}): PageRequest<Tool> {
    const archived = options.archived === undefined ? undefined : String(options.archived)
    return paginate(async (cursor: string | undefined) => {
      const query = queryString({ archived, limit: options.limit, cursor })
      const answer = await this.#send({ method: 'GET', path: `/v1/tools${query}`, repeatable: true, options })
      const page = answer as { tools: readonly Tool[]; nextCursor: string | null } // safety: as in #send
      return { items: page.tools, next: page.nextCursor }
    }, options.cursor)
  }

  async get(toolId: string, options?: RequestOptions): Promise<Tool> {
    const request = { method: 'GET', path: path`/v1/tools/${toolId}`, repeatable: true } as const
    return (await this.#send({ ...request, options })) as Tool // safety: as in #send
  }

  /** Replaces the members that are given; runs that were accepted before go on with the tool as it was. */
  async update(
    toolId: string,
    changes: Partial<ToolDefinition>,
    options: UpdateAgentOptions = {},
  ): Promise<Tool> {
    const { expectedVersion } = options
    const request = {
      method: 'PATCH',
      path: path`/v1/tools/${toolId}`,
      // Of a version that was expected a repetition would find the next one.
      repeatable: expectedVersion === undefined,
    } as const
    return (await this.#send({ ...request, body: { ...changes, expectedVersion }, options })) as Tool // safety: as in #send
  }

  /** It runs no more and is listed no more; its runs stay. */
  async archive(toolId: string, options?: RequestOptions): Promise<void> {
    await this.#send({ method: 'DELETE', path: path`/v1/tools/${toolId}`, repeatable: true, options })
  }

  /** Resolves when the run is stored durably; its work is still to come. */
  run(
    toolId: string,
    input: Readonly<Record<string, unknown>> = {},
    options: StartRunOptions = {},
  ): Promise<AcceptedRun> {
    const { userId, properties, tags, metadata, timeout } = options
    const body = { userId, properties, tags, metadata, timeout }
    return accept(this.#transport, { path: path`/v1/tools/${toolId}/runs`, body, asIs: { input } }, options)
  }

  /** Its runs, newest first. */
  runs(toolId: string, options: Omit<ListAgentRunsOptions, 'conversationId'> = {}): PageRequest<Run> {
    const { state, userId: user_id, tag, limit } = options
    return paginate(async (cursor: string | undefined) => {
      const address = path`/v1/tools/${toolId}/runs` + queryString({ state, user_id, tag, limit, cursor })
      const answer = await this.#send({ method: 'GET', path: address, repeatable: true, options })
      const page = answer as { runs: readonly Run[]; nextCursor: string | null } // safety: as in #send
      return { items: page.runs, next: page.nextCursor }
    }, options.cursor)
  }

  /** A run with what it did and what it cost. */
  async getRun(toolId: string, runId: string, options?: RequestOptions): Promise<ToolRun> {
    const address = path`/v1/tools/${toolId}/runs/${runId}`
    return (await this.#send({ method: 'GET', path: address, repeatable: true, options })) as ToolRun // safety: as in #send
  }

  /** The parsed body. Its shape is the server's contract. */
  async #send(request: Request): Promise<unknown> {
    return (await send(this.#transport, request)).body
  }
}
