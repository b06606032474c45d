import type { User } from '../administration-types.ts'
import { type PageRequest, paginate } from '../pages.ts'
import { path, queryString } from '../path.ts'
import { type RequestOptions, send, type Transport } from '../transport.ts'
import type { Run } from '../types.ts'

export type ListUsersOptions = RequestOptions & {
  /** How the id begins; case makes no difference. */
  readonly prefix?: string | undefined
  /** At most 100 a page. */
  readonly limit?: number | undefined
  /** Where an earlier list stopped. */
  readonly cursor?: string | undefined
}

/** Whom the project knows. */
export class UsersResource {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /**
   * In alphabetical order.
   *
   * @example
   * for await (const user of client.users.list({ prefix: 'ma' })) console.log(user.userId, user.memoryCount)
   */
  list(options: ListUsersOptions = {}): PageRequest<User> {
    const { prefix, limit } = options
    return paginate(async (cursor: string | undefined) => {
      const query = queryString({ prefix, limit, cursor })
      const request = { method: 'GET', path: `/v1/users${query}`, repeatable: true, options } as const
      const { body } = await send(this.#transport, request)
      // safety: the shape is the server's contract
      const page = body as { users: readonly User[]; nextCursor: string | null }
      return { items: page.users, next: page.nextCursor }
    }, options.cursor)
  }

  async get(userId: string, options?: RequestOptions): Promise<User> {
    const { body } = await send(this.#transport, {
      method: 'GET',
      path: path`/v1/users/${userId}`,
      repeatable: true,
      options,
    })
    return body as User // safety: the shape is the server's contract
  }

  /**
   * Erases the user for good: memories with their history, all runs, and the name. From the moment this answers nothing of it is found
   * any more; the run has ended when no trace is left. It cannot be taken back.
   *
   * @example
   * const { runId } = await client.users.erase('mara')
   * const { result } = await client.runs.wait(runId)
   */
  async erase(userId: string, options?: RequestOptions): Promise<Run> {
    const { body } = await send(this.#transport, {
      method: 'DELETE',
      path: path`/v1/users/${userId}`,
      repeatable: false, // the second time there may be nobody of that name, or somebody new
      options,
    })
    return body as Run // safety: the shape is the server's contract
  }
}
