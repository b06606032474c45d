import { type AcceptOptions, accept } from '../accept.ts'
import type { Agent, AgentDefinition, AgentRun, JsonSchema } from '../agent-types.ts'
import { type PageRequest, paginate } from '../pages.ts'
import { path, queryString } from '../path.ts'
import { type Request, type RequestOptions, send, type Transport } from '../transport.ts'
import type { AcceptedRun, Properties, Run, RunState } from '../types.ts'
import type { RunWebhook } from '../webhook-types.ts'

export type ListAgentsOptions = RequestOptions & {
  /** Lists those that are archived, too. */
  readonly archived?: boolean | undefined
  /** Of one page, at most 100. */
  readonly limit?: number | undefined
  /** Where an earlier list stopped. */
  readonly cursor?: string | undefined
}

export type UpdateAgentOptions = RequestOptions & {
  /** Changes nothing unless it is at this version. */
  readonly expectedVersion?: number | undefined
}

/** How a run of an agent or a tool is worked off. */
export type StartRunOptions = AcceptOptions & {
  /** Whose memories it sees and adds to. */
  readonly userId?: string | undefined
  readonly properties?: Properties | undefined
  readonly tags?: readonly string[] | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  /** Seconds: the run fails unless it has ended so long after its start. */
  readonly timeout?: number | undefined
}

export type RunAgentOptions = StartRunOptions & {
  /** `{{inputs.city}}` in the instructions of the agent is the value of `city`. */
  readonly inputs?: Readonly<Record<string, string | number | boolean>> | undefined
  /** Runs of one conversation go on from each other, one after the other. */
  readonly conversationId?: string | undefined
  readonly maxSteps?: number | undefined
  readonly maxTokens?: number | undefined
  /** A decimal, as text. */
  readonly maxCredits?: string | undefined
  /** The answer is to be JSON of this schema. */
  readonly outputSchema?: JsonSchema | undefined
  /** An endpoint that is told of this run; its secret comes with the answer. */
  readonly webhook?: RunWebhook | undefined
}

export type ListAgentRunsOptions = RequestOptions & {
  readonly state?: RunState | undefined
  readonly userId?: string | undefined
  readonly conversationId?: string | undefined
  readonly tag?: string | undefined
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

/** Models that work with the memory. To define them needs a key with the scope `admin`, to run them `write`. */
export class AgentsResource {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /**
   * @example
   * const agent = await client.agents.create({
   *   name: 'concierge',
   *   instructions: 'Answer from what you remember.',
   *   actions: [{ type: 'memory_search', name: 'recall' }],
   * })
   */
  async create(definition: AgentDefinition, options?: RequestOptions): Promise<Agent> {
    // A second agent would be made.
    const request = { method: 'POST', path: '/v1/agents', repeatable: false, body: definition } as const
    return (await this.#send({ ...request, options })) as Agent // safety: as in #send
  }

  /** Newest first. */
  list(options: ListAgentsOptions = {}): PageRequest<Agent> {
    const archived = options.archived === undefined ? undefined : String(options.archived)
    return paginate(async (cursor: string | undefined) => {
      const query = queryString({ archived, limit: options.limit, cursor })
      const answer = await this.#send({
        method: 'GET',
        path: `/v1/agents${query}`,
        repeatable: true,
        options,
      })
      const page = answer as { agents: readonly Agent[]; nextCursor: string | null } // safety: as in #send
      return { items: page.agents, next: page.nextCursor }
    }, options.cursor)
  }

  async get(agentId: string, options?: RequestOptions): Promise<Agent> {
    const request = { method: 'GET', path: path`/v1/agents/${agentId}`, repeatable: true } as const
    return (await this.#send({ ...request, options })) as Agent // safety: as in #send
  }

  /** Replaces the members that are given; runs that were accepted before go on with the agent as it was. */
  async update(
    agentId: string,
    changes: Partial<AgentDefinition>,
    options: UpdateAgentOptions = {},
  ): Promise<Agent> {
    const { expectedVersion } = options
    const request = {
      method: 'PATCH',
      path: path`/v1/agents/${agentId}`,
      // Of a version that was expected a repetition would find the next one.
      repeatable: expectedVersion === undefined,
    } as const
    return (await this.#send({ ...request, body: { ...changes, expectedVersion }, options })) as Agent // safety: as in #send
  }

  /** It runs no more and is listed no more; its runs stay. */
  async archive(agentId: string, options?: RequestOptions): Promise<void> {
    await this.#send({ method: 'DELETE', path: path`/v1/agents/${agentId}`, repeatable: true, options })
  }

  /**
   * Has the agent answer. Resolves when the run is stored durably; its work is still to come.
   *
   * @example
   * const { runId } = await client.agents.run(agent.id, 'How many hives do I have?', { userId: 'mara' })
   * await client.runs.wait(runId)
   * const { finalOutput, creditsUsed } = await client.agents.getRun(agent.id, runId)
   */
  run(agentId: string, userMessage: string, options: RunAgentOptions = {}): Promise<AcceptedRun> {
    const { inputs, userId, properties, tags, metadata, timeout, conversationId } = options
    const { maxSteps, maxTokens, maxCredits, outputSchema, webhook } = options
    const body = {
      ...{ userMessage, inputs, conversationId, userId, properties, tags, metadata, timeout },
      ...{ maxSteps, maxTokens, maxCredits, outputSchema, webhook },
    }
    return accept(this.#transport, { path: path`/v1/agents/${agentId}/runs`, body }, options)
  }

  /** Its runs, newest first. */
  runs(agentId: string, options: ListAgentRunsOptions = {}): PageRequest<Run> {
    const { state, userId: user_id, conversationId: conversation_id, tag, limit } = options
    return paginate(async (cursor: string | undefined) => {
      const query = queryString({ state, user_id, conversation_id, tag, limit, cursor })
      const address = path`/v1/agents/${agentId}/runs` + query
      const answer = await this.#send({ method: 'GET', path: address, repeatable: true, options })
      const page = answer as { runs: readonly Run[]; nextCursor: string | null } // safety: as in #send
      return { items: page.runs, next: page.nextCursor }
    }, options.cursor)
  }

  /** A run with what it did and what it cost. */
  async getRun(agentId: string, runId: string, options?: RequestOptions): Promise<AgentRun> {
    const address = path`/v1/agents/${agentId}/runs/${runId}`
    return (await this.#send({ method: 'GET', path: address, repeatable: true, options })) as AgentRun // safety: as in #send
  }

  /** The parsed body. Its shape is the server's contract. */
  async #send(request: Request): Promise<unknown> {
    return (await send(this.#transport, request)).body
  }
}
