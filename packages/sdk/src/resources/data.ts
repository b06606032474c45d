import { ConnectionError, RemanenceError } from '../errors.ts'
import { readLines } from '../lines.ts'
import { queryString } from '../path.ts'
import { pause } from '../pause.ts'
import type { Run } from '../run-types.ts'
import { openStream, type RequestOptions, send, type Transport } from '../transport.ts'
import type { Backup, Examination } from '../types.ts'

/** A check of a large store reads all of it. */
const examineTimeoutMs = 15 * 60_000

/** The copy is made before the answer begins. */
const backupTimeoutMs = 60 * 60_000

const importTimeoutMs = 5 * 60_000
const lossPauseMs = 500

export type ExportOptions = RequestOptions & {
  /** The `cursor` of a line: only what comes after it. */
  readonly after?: string | undefined
}

/** Of a line of an export; undefined for its first one. */
const cursorOf = (line: string): string | undefined =>
  (JSON.parse(line) as { readonly cursor?: string }).cursor // safety: the shape is the server's contract

/** The store as a whole, and the project in it. */
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

  /**
   * The lines of an export of the project, as texts of JSON, the first of them naming the format. A connection that is lost is taken up
   * again after the last line that arrived whole.
   *
   * @example
   * for await (const line of client.data.export()) file.write(`${line}\n`)
   */
  async *export(options: ExportOptions = {}): AsyncGenerator<string, void> {
    let { after } = options
    let isBegun = false
    for (let losses = 0; ; ) {
      const path = `/v1/export${queryString({ after })}`
      try {
        const { body } = await openStream(this.#transport, { method: 'GET', path, repeatable: true, options })
        if (body === null) throw new RemanenceError('the server sent no export')
        for await (const line of readLines(body)) {
          const cursor = cursorOf(line)
          if (cursor !== undefined || !isBegun) yield line
          isBegun = true
          if (cursor !== undefined) {
            after = cursor
            losses = 0
          }
        }
        return
      } catch (error) {
        options.signal?.throwIfAborted()
        if (error instanceof RemanenceError && !(error instanceof ConnectionError)) throw error
        if (++losses > this.#transport.retryCountMax) throw error
        await pause(lossPauseMs * losses, options.signal)
      }
    }
  }

  /**
   * Takes in one part of an export: its first line, and some of the others in their order. Answers the run that does it; the same lines
   * may come again.
   */
  async importPart(lines: readonly string[], options: RequestOptions = {}): Promise<Run> {
    const { body } = await send(this.#transport, {
      method: 'POST',
      path: '/v1/import',
      text: `${lines.join('\n')}\n`,
      headers: { 'content-type': 'application/x-ndjson' },
      repeatable: true,
      options: { timeoutMs: importTimeoutMs, ...options },
    })
    return body as Run // safety: the shape is the server's contract
  }
}
