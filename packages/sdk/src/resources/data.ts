import { type RequestOptions, send, type Transport } from '../transport.ts'
import type { Examination } from '../types.ts'

/** A check of a large store reads all of it. */
const examineTimeoutMs = 15 * 60_000

/** The store as a whole. */
export class DataResource {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /**
   * Holds the whole store against everything that must be true of it.
   *
   * @example
   * const { healthy, checks } = await client.data.examine()
   * if (!healthy) console.error(checks.filter(({ wrongCount }) => wrongCount > 0))
   */
  async examine(options: RequestOptions = {}): Promise<Examination> {
    const { body } = await send(this.#transport, {
      method: 'GET',
      path: '/v1/doctor',
      repeatable: true,
      options: { timeoutMs: examineTimeoutMs, ...options },
    })
    return body as Examination // safety: the shape is the server's contract
  }
}
