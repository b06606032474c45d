import { RemanenceError } from '../errors.ts'
import { openStream, type RequestOptions, send, type Transport } from '../transport.ts'
import type { Backup, Examination } from '../types.ts'

/** A check of a large store reads all of it. */
const examineTimeoutMs = 15 * 60_000

/** The copy is made before the answer begins. */
const backupTimeoutMs = 60 * 60_000

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

  /**
   * A consistent copy of the whole store, as one SQLite file. What arrives shorter than `sizeBytes` is not whole.
   *
   * @example
   * const { stream, sizeBytes } = await client.data.backup()
   * await writeFile('backup.db', stream, { flag: 'wx', mode: 0o600 })
   */
  async backup(options: RequestOptions = {}): Promise<Backup> {
    const { body, headers } = await openStream(this.#transport, {
      method: 'POST',
      path: '/v1/backup',
      repeatable: false,
      options: { timeoutMs: backupTimeoutMs, ...options },
    })
    const sizeBytes = Number(headers.get('content-length'))
    if (body === null || !(sizeBytes > 0)) throw new RemanenceError('the server sent no backup')
    return { stream: body, sizeBytes }
  }
}
