/** The part of the seam that deletes by a filter, and erases for good. What storage.ts says of verbs holds for these too. */
import type { Claim } from '../runs/run.ts'
import type { AcceptResult, MemoryFilter } from './storage.ts'

export type AcceptErasureResult =
  | (AcceptResult & { readonly cancelledRunIds: readonly string[] })
  | { readonly kind: 'unknown_user' }
  /** What it brings may be of the user. */
  | { readonly kind: 'import_open'; readonly runId: string }

/** What one piece of the work came to. `result` is what the run reports in the end. */
export type EraseResult =
  | { readonly kind: 'claim_lost' }
  | { readonly kind: 'more' }
  | { readonly kind: 'finished'; readonly result: Readonly<Record<string, unknown>> }

export type ScrubResult =
  | { readonly kind: 'more'; readonly position: number }
  | { readonly kind: 'done' }
  /** Somebody reads an older state of the store, a backup for example, which must end before: try again in a while. */
  | { readonly kind: 'held_up' }

export type DeleteSomeResult =
  | { readonly kind: 'claim_lost' | 'cancelling' }
  | { readonly kind: 'done'; readonly nextCursor: string | null; readonly deleted: number }

export type ErasureStorage = {
  /**
   * Deletes the next memories that the filter admits and that no run accepted after the claimed one has made or changed. `deleted` is what
   * the run has deleted in all; null `nextCursor`: nothing is left.
   */
  readonly deleteSome: (params: {
    claim: Claim
    filter: MemoryFilter
    limit: number
    cursor: string | null
    now: number
  }) => Promise<DeleteSomeResult>
  /**
   * Accepts the erasure of a user as a run. In the same transaction the user's open runs end, and nothing the user has said is found
   * any more; what is accepted later is not touched.
   */
  readonly accept: (params: {
    runId: string
    groupId: string
    userKey: string
    timeoutMs: number
    queueDepthMax: number
    now: number
  }) => Promise<AcceptErasureResult>
  /** Does a bounded piece of the work of the claimed run. In the end it has looked for all it has erased, and found nothing. */
  readonly eraseSome: (params: { claim: Claim; limit: number; now: number }) => Promise<EraseResult>
  /** Sees to it, a bounded piece at a time from `position` 0 on, that what was erased is not in the store's files either. */
  readonly scrub: (position: number) => Promise<ScrubResult>
}
