import type { ApiKey, CreatedKey, KeyScope } from '../administration-types.ts'
import { path } from '../path.ts'
import { type RequestOptions, send, type Transport } from '../transport.ts'

export type CreateKeyOptions = RequestOptions & {
  readonly name: string
  readonly scopes: readonly KeyScope[]
  /** From then on the key opens nothing. It does not expire when absent. */
  readonly expiresAt?: string | Date | undefined
}

export type ChangeKeyOptions = RequestOptions & {
  readonly name?: string | undefined
  readonly expiresAt?: string | Date | undefined
}

export type RotateKeyOptions = RequestOptions & {
  /** How long the old key goes on working. Default: 0. */
  readonly graceSeconds?: number | undefined
  /** End of the new key. Default: it lives as long as the old one was given at first. */
  readonly expiresAt?: string | Date | undefined
}

/** The keys of the project. Every call needs a key with the scope `admin`. */
export class KeysResource {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** All keys, also those that are expired or revoked; never their secrets. */
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
    const { name, scopes, expiresAt } = options
    const { body } = await send(this.#transport, {
      method: 'POST',
      path: '/v1/keys',
      body: { name, scopes, expiresAt },
      repeatable: false, // a second key would be made, and its secret be lost with the first answer
      options,
    })
    return body as CreatedKey // safety: the shape is the server's contract
  }

  /** Renames a key, or lets it expire at another instant. */
  async change(keyId: string, options: ChangeKeyOptions): Promise<ApiKey> {
    const { name, expiresAt } = options
    const { body } = await send(this.#transport, {
      method: 'PATCH',
      path: path`/v1/keys/${keyId}`,
      body: { name, expiresAt },
      repeatable: true,
      options,
    })
    return body as ApiKey // safety: the shape is the server's contract
  }

  /**
   * Makes a key of the same name and scopes that takes the place of this one.
   *
   * @example
   * const { key } = await client.keys.rotate(keyId, { graceSeconds: 3_600 })
   */
  async rotate(keyId: string, options: RotateKeyOptions = {}): Promise<CreatedKey> {
    const { graceSeconds, expiresAt } = options
    const { body } = await send(this.#transport, {
      method: 'POST',
      path: path`/v1/keys/${keyId}/rotate`,
      body: { graceSeconds, expiresAt },
      repeatable: false, // as above
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
