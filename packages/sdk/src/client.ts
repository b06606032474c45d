import { AuthenticationError, RemanenceError } from './errors.ts'
import { AgentsResource } from './resources/agents.ts'
import { CreditsResource } from './resources/credits.ts'
import { DataResource } from './resources/data.ts'
import { EventsResource } from './resources/events.ts'
import { GroupsResource } from './resources/groups.ts'
import { KeysResource } from './resources/keys.ts'
import { MemoriesResource } from './resources/memories.ts'
import { ProjectsResource } from './resources/projects.ts'
import { RunsResource } from './resources/runs.ts'
import { ToolsResource } from './resources/tools.ts'
import { SecretsResource, TriggersResource } from './resources/triggers.ts'
import { UsageResource } from './resources/usage.ts'
import { UsersResource } from './resources/users.ts'
import { WebhooksResource } from './resources/webhooks.ts'
import { type RequestOptions, send, type Transport } from './transport.ts'
import type { Health } from './types.ts'

export type RemanenceOptions = {
  /** Where the server is, without `/v1`. Default: `http://127.0.0.1:7090`. */
  readonly baseUrl?: string | undefined
  readonly apiKey?: string | undefined
  /** Bound of one attempt of one request. Default: 30 000. */
  readonly timeoutMs?: number | undefined
  /** Repetitions of a request that failed for a passing reason. Default: 3. */
  readonly retryCountMax?: number | undefined
  /** Used in place of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Sent with every request; they go before the client's own. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/**
 * A client of one project of a Remanence server. It holds no connection and needs no closing.
 *
 * @example
 * const client = new Remanence({ apiKey: 'rem_…' })
 * const { runId } = await client.memories.add('Mara keeps bees.', { userId: 'mara' })
 * await client.runs.wait(runId)
 * const { memories } = await client.memories.search('what does she keep?', { userId: 'mara' })
 */
export class Remanence {
  readonly baseUrl: string
  readonly memories: MemoriesResource
  readonly runs: RunsResource
  readonly events: EventsResource
  readonly groups: GroupsResource
  readonly keys: KeysResource
  readonly data: DataResource
  readonly projects: ProjectsResource
  readonly users: UsersResource
  readonly usage: UsageResource
  readonly webhooks: WebhooksResource
  readonly agents: AgentsResource
  readonly tools: ToolsResource
  readonly triggers: TriggersResource
  readonly secrets: SecretsResource
  readonly credits: CreditsResource
  readonly #transport: Transport

  /** Throws a `RemanenceError` when the address or the key cannot be one. */
  constructor(options: RemanenceOptions = {}) {
    this.baseUrl = readBaseUrl(options.baseUrl ?? 'http://127.0.0.1:7090')
    this.#transport = {
      baseUrl: this.baseUrl,
      headers: { ...authorization(options.apiKey), ...lowerCased(options.headers ?? {}) },
      timeoutMs: options.timeoutMs ?? 30_000,
      retryCountMax: options.retryCountMax ?? 3,
      fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    }
    this.memories = new MemoriesResource(this.#transport)
    this.runs = new RunsResource(this.#transport)
    this.events = new EventsResource(this.#transport)
    this.groups = new GroupsResource(this.#transport)
    this.keys = new KeysResource(this.#transport)
    this.webhooks = new WebhooksResource(this.#transport)
    this.agents = new AgentsResource(this.#transport)
    this.tools = new ToolsResource(this.#transport)
    this.triggers = new TriggersResource(this.#transport)
    this.secrets = new SecretsResource(this.#transport)
    this.credits = new CreditsResource(this.#transport)
    this.data = new DataResource(this.#transport)
    this.projects = new ProjectsResource(this.#transport)
    this.users = new UsersResource(this.#transport)
    this.usage = new UsageResource(this.#transport)
  }

  /** Whether the server knows the key. */
  async verify(options?: RequestOptions): Promise<boolean> {
    try {
      await send(this.#transport, { method: 'GET', path: '/v1/auth/verify', repeatable: true, options })
      return true
    } catch (error) {
      if (error instanceof AuthenticationError) return false
      throw error
    }
  }

  /** Asks the server, without a key, whether it is up. */
  async health(options?: RequestOptions): Promise<Health> {
    const request = { method: 'GET', path: '/health', repeatable: true, options } as const
    const { body } = await send(this.#transport, request)
    return body as Health // safety: the shape is the server's contract
  }
}

const readBaseUrl = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new RemanenceError(`baseUrl must be an http or https address, not ${JSON.stringify(text)}`)
  }
  return text.replace(/\/+$/, '')
}

const authorization = (apiKey: string | undefined): Record<string, string> => {
  if (apiKey === undefined) return {}
  if (/^[\x21-\x7e]+$/.test(apiKey)) return { authorization: `Bearer ${apiKey}` }
  throw new RemanenceError('apiKey must be visible ASCII characters without blanks')
}

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
