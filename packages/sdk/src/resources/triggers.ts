import type { AgentTrigger, CreatedTrigger, SecretName } from '../agent-types.ts'
import { path } from '../path.ts'
import { type Request, type RequestOptions, send, type Transport } from '../transport.ts'

export type CreateTriggerOptions = RequestOptions & {
  /** What it is for. */
  readonly name: string
  readonly target: AgentTrigger['target']
  /** Requests must be signed with it. */
  readonly secret?: string | undefined
}

/** Addresses that run agents and tools without an API key. Every call needs a key with the scope `admin`. */
export class TriggersResource {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** The answer holds the token, which is shown this once; the address is `/webhooks/{token}`. */
  async create(options: CreateTriggerOptions): Promise<CreatedTrigger> {
    const { name, target, secret } = options
    // A second one would be made, and the token of the first be lost with its answer.
    const request = { method: 'POST', path: '/v1/triggers', repeatable: false } as const
    return (await this.#send({ ...request, body: { name, target, secret }, options })) as CreatedTrigger // safety: as in #send
  }

  async list(options?: RequestOptions): Promise<readonly AgentTrigger[]> {
    const answer = await this.#send({ method: 'GET', path: '/v1/triggers', repeatable: true, options })
    return (answer as { triggers: readonly AgentTrigger[] }).triggers // safety: as in #send
  }

  async delete(triggerId: string, options?: RequestOptions): Promise<void> {
    await this.#send({ method: 'DELETE', path: path`/v1/triggers/${triggerId}`, repeatable: true, options })
  }

  /** The parsed body. Its shape is the server's contract. */
  async #send(request: Request): Promise<unknown> {
    return (await send(this.#transport, request)).body
  }
}

/** What actions use and nothing shows. Every call needs a key with the scope `admin`. */
export class SecretsResource {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** The next action that uses it gets the new value. */
  async set(name: string, value: string, options?: RequestOptions): Promise<SecretName> {
    const request = { method: 'PUT', path: path`/v1/secrets/${name}`, repeatable: true } as const
    return (await send(this.#transport, { ...request, body: { value }, options })).body as SecretName // safety: the shape is the server's contract
  }

  /** Their names. */
  async list(options?: RequestOptions): Promise<readonly SecretName[]> {
    const request = { method: 'GET', path: '/v1/secrets', repeatable: true, options } as const
    const { body } = await send(this.#transport, request)
    return (body as { secrets: readonly SecretName[] }).secrets // safety: the shape is the server's contract
  }

  async delete(name: string, options?: RequestOptions): Promise<void> {
    await send(this.#transport, {
      method: 'DELETE',
      path: path`/v1/secrets/${name}`,
      repeatable: true,
      options,
    })
  }
}
