import type { ProjectUsageDay, UsageDay } from '../administration-types.ts'
import { type PageRequest, paginate } from '../pages.ts'
import { queryString } from '../path.ts'
import { type RequestOptions, send, type Transport } from '../transport.ts'

export type UsageOptions = RequestOptions & {
  /** The first day (UTC), as `2026-11-01`. Default: thirty days up to `to`. */
  readonly from?: string | undefined
  /** The last day (UTC). Default: today. */
  readonly to?: string | undefined
}

/** What was done on each day. */
export class UsageResource {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Every day of the period, oldest first. */
  async get(options: UsageOptions = {}): Promise<readonly UsageDay[]> {
    const { from, to } = options
    const { body } = await send(this.#transport, {
      method: 'GET',
      path: `/v1/usage${queryString({ from, to })}`,
      repeatable: true,
      options,
    })
    return (body as { days: readonly UsageDay[] }).days // safety: the shape is the server's contract
  }

  /** By day and project, those days on which something was done. Needs a key with the scope `operator`. */
  ofAllProjects(options: UsageOptions = {}): PageRequest<ProjectUsageDay> {
    const { from, to } = options
    return paginate(
      async (cursor: string | undefined) => {
        const { body } = await send(this.#transport, {
          method: 'GET',
          path: `/v1/projects/usage${queryString({ from, to, cursor })}`,
          repeatable: true,
          options,
        })
        // safety: the shape is the server's contract
        const page = body as { days: readonly ProjectUsageDay[]; nextCursor: string | null }
        return { items: page.days, next: page.nextCursor }
      },
      undefined as string | undefined,
    )
  }
}
