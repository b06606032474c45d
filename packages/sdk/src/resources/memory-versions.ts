import { type PageRequest, paginate } from '../pages.ts'
import { path, queryString } from '../path.ts'
import { type RequestOptions, send, type Transport } from '../transport.ts'
import type { Memory, MemoryVersion } from '../types.ts'

type AddressOptions = RequestOptions & {
  /** Needed for memories of user-scoped topics. */
  readonly userId?: string | undefined
  /** Default: `default`. */
  readonly group?: string | undefined
}

export type HistoryOptions = AddressOptions & {
  /** Versions of one page, at most 100. */
  readonly limit?: number | undefined
  /** Where an earlier list stopped. */
  readonly cursor?: string | undefined
}

export type EditOptions = AddressOptions & {
  /** Rejects with `ConflictError` when the memory is at another version. */
  readonly expectedVersion?: number | undefined
  /** The same key gives the same edit, however often it is sent. Default: a fresh one for this call. */
  readonly idempotencyKey?: string | undefined
}

/** What a memory was, and what it is to be. */
export class MemoryVersions {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /**
   * The versions of a memory, newest first, also of one that is deleted.
   *
   * @example
   * for await (const { version, content } of client.memories.history(id, { userId: 'mara' })) console.log(version, content)
   */
  history(memoryId: string, options: HistoryOptions = {}): PageRequest<MemoryVersion> {
    const { userId, group, limit } = options
    return paginate(async (cursor: string | undefined) => {
      const query = queryString({ user_id: userId, group, limit, cursor })
      const address = path`/v1/memories/${memoryId}/history` + query
      const request = { method: 'GET', path: address, repeatable: true, options } as const
      const { body } = await send(this.#transport, request)
      // safety: the shape is the server's contract
      const page = body as { versions: readonly MemoryVersion[]; nextCursor: string | null }
      return { items: page.versions, next: page.nextCursor }
    }, options.cursor)
  }

  /** Gives a memory another text; answers the memory. What it was stays in its history. */
  async edit(memoryId: string, content: string, options: EditOptions = {}): Promise<Memory> {
    const { userId, group, expectedVersion, idempotencyKey = crypto.randomUUID() } = options
    const { body } = await send(this.#transport, {
      method: 'PATCH',
      path: path`/v1/memories/${memoryId}` + queryString({ user_id: userId, group }),
      body: { content, expectedVersion },
      headers: { 'idempotency-key': idempotencyKey },
      repeatable: true,
      options,
    })
    return body as Memory // safety: the shape is the server's contract
  }
}
