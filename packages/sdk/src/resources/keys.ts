import { path } from '../path.ts'
import { type RequestOptions, send, type Transport } from '../transport.ts'
import type { ApiKey, CreatedKey, KeyScope } from '../types.ts'

export type CreateKeyOptions = RequestOptions & {
  readonly name: string
  /** `read` reads and searches, `write` adds and deletes, `admin` manages keys and groups. */
  readonly scopes: readonly KeyScope[]
}

/** The keys of the project. Every call needs a key with the scope `admin`. */
export class KeysResource {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** All keys, also the revoked ones; never their secrets. */
  async list(options?: RequestOptions): Promise<readonly ApiKey[]> {
    const { body } = await send(this.#transport, {
      method: 'GET',
      path: '/v1/keys',
      repeatable: true,
      options,
    })
    return (body as { keys: readonly ApiKey[] }).keys // safety: the shape is the server's contract
  }

  /**
   * Makes a key. The answer is the only one that holds the secret.
   *
   * @example
   * const { key } = await client.keys.create({ name: 'dashboard', scopes: ['read'] })
   */
  async create(options: CreateKeyOptions): Promise<CreatedKey> {
    const { body } = await send(this.#transport, {
      method: 'POST',
      path: '/v1/keys',
      body: { name: options.name, scopes: options.scopes },
      repeatable: false, // a second key would be made, and its secret be lost with the first answer
      options,
    })
    return body as CreatedKey // safety: the shape is the server's contract
  }

  /** From now on the key is refused. */
  async revoke(keyId: string, options?: RequestOptions): Promise<void> {
    await send(this.#transport, {
      method: 'DELETE',
      path: path`/v1/keys/${keyId}`,
      repeatable: true,
      options,
    })
  }
}
