/** The part of the storage seam that says what is accepted as a run, and when it is one that was accepted before. */
import type { RunPayload } from '../runs/input.ts'
import type { ConflictRule, InputType, RunOptions } from '../runs/run.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import type { Recording } from './conversation-storage.ts'

/** What makes a run the only one of its kind. */
export type RunKey = {
  readonly key: string
  readonly digest: string
  /** The key is given to a new run instead when any of these holds of the one that has it. */
  readonly renew?: {
    readonly acceptedBefore?: number
    /** It failed, wholly or in part, or was cancelled. */
    readonly isFailed?: boolean
    /** It has another digest. */
    readonly isOther?: boolean
  }
  /** Remembered as long as its run; else as long as idempotency keys are. */
  readonly isKept?: boolean
}

export type NewRun = {
  readonly runId: string
  readonly groupId: string
  /** The current one when absent. */
  readonly groupVersion?: number
  readonly laneId: string
  readonly userId: string | null
  readonly userKey: string | null
  readonly inputType: InputType
  readonly payload: RunPayload
  readonly inputCount: number
  /** Same key and same digest give the same run; same key and another digest is refused. */
  readonly idempotency: RunKey | null
  readonly queueDepthMax: number
  /** The usual ones where absent. */
  readonly options?: Partial<RunOptions>
  /** `enqueue` when absent. */
  readonly onConflict?: ConflictRule
  /** What was said, recorded in the transaction that accepts the run, also when the run was accepted before. */
  readonly recording?: Recording
  /** An endpoint of its own, made in the transaction that accepts it. */
  readonly webhook?: Webhook
  readonly now: number
}

export type AcceptResult =
  | { readonly kind: 'accepted'; readonly runId: string }
  /** The key was seen before: this is the run it gave then. */
  | { readonly kind: 'replayed'; readonly runId: string }
  | { readonly kind: 'idempotency_mismatch' }
  | { readonly kind: 'queue_full'; readonly depth: number }
  /** The project takes nothing more: it works off what it has. */
  | { readonly kind: 'draining' }
  /** The lane has a run that has not ended, and the rule was `reject`. */
  | { readonly kind: 'scope_busy'; readonly runId: string }
  /** More runs wait than `supersede` may cancel at once. */
  | { readonly kind: 'too_many_to_supersede' }
  /** The conversation that was to be recorded is somebody else's, or would be too long. */
  | { readonly kind: 'foreign' | 'full' }
