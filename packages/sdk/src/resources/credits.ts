import type { CreditCaps, CreditRates, Credits, CreditTransaction } from '../agent-types.ts'
import { type PageRequest, paginate } from '../pages.ts'
import { queryString } from '../path.ts'
import { type Request, type RequestOptions, send, type Transport } from '../transport.ts'

export type SetCreditsOptions = RequestOptions & {
  /** Replaced whole. */
  readonly rates?: CreditRates | undefined
  /** Replaced whole; what is absent is no cap. */
  readonly caps?: Partial<CreditCaps> | undefined
}

export type ListTransactionsOptions = RequestOptions & {
  readonly runId?: string | undefined
  readonly kind?: CreditTransaction['kind'] | undefined
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

/** What agents and tools may cost, and have cost. Amounts are decimals, as text. */
export class CreditsResource {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  async get(options?: RequestOptions): Promise<Credits> {
    const request = { method: 'GET', path: '/v1/credits', repeatable: true, options } as const
    return (await this.#send(request)) as Credits // safety: as in #send
  }

  /**
   * @example
   * await client.credits.set({ rates: { models: { '*': { input: '0.1', output: '0.3' } }, action: '0.05' } })
   */
  async set(options: SetCreditsOptions): Promise<Credits> {
    const { rates, caps } = options
    const request = { method: 'PATCH', path: '/v1/credits', repeatable: true, body: { rates, caps } } as const
    return (await this.#send({ ...request, options })) as Credits // safety: as in #send
  }

  /** Adds to the balance (a negative amount takes from it), or with null ends counting it. */
  async grant(amount: string | null, options?: RequestOptions): Promise<Credits> {
    // It would be granted twice.
    const request = { method: 'POST', path: '/v1/credits/grants', repeatable: false } as const
    return (await this.#send({ ...request, body: { amount }, options })) as Credits // safety: as in #send
  }

  /** Charges and grants, newest first. */
  transactions(options: ListTransactionsOptions = {}): PageRequest<CreditTransaction> {
    const { runId: run_id, kind, limit } = options
    return paginate(async (cursor: string | undefined) => {
      const address = `/v1/credits/transactions${queryString({ run_id, kind, limit, cursor })}`
      const answer = await this.#send({ method: 'GET', path: address, repeatable: true, options })
      // safety: as in #send
      const page = answer as { transactions: readonly CreditTransaction[]; nextCursor: string | null }
      return { items: page.transactions, next: page.nextCursor }
    }, options.cursor)
  }

  /** The parsed body. Its shape is the server's contract. */
  async #send(request: Request): Promise<unknown> {
    return (await send(this.#transport, request)).body
  }
}
