/**
 * What the server tells whoever watches it work: plain moments, told after they happened. Metrics and traces listen; the rooms that
 * do the work know neither. Nothing told here may fail or wait, so an observer throws nothing and answers at once.
 */
import type { Claim, Run, RunError, RunState, StepRecord } from '../runs/run.ts'
import type { WrittenBatch } from '../storage/storage.ts'
import type { DeliveryState } from '../webhooks/webhook.ts'

export type RequestStart = {
  readonly method: string
  /** The route's template, `/v1/runs/:run_id`; null when no route matched. Never the path, which holds ids. */
  readonly route: string | null
  /** Where the caller's span stands, when its `traceparent` says so. */
  readonly traceparent: string | null
}

/** One request, while it is being answered. */
export type ObservedRequest = {
  /** Where the request stands in its trace, when it is traced: what a run that it starts hangs under. */
  readonly traceparent: string | null
  readonly ended: (status: number, seconds: number) => void
}

/** How an attempt left its run: ended, waiting for another attempt, or given up by this process. */
export type AttemptEnd = {
  readonly state: RunState | 'retrying' | 'interrupted'
  readonly error: RunError | null
  readonly at: number
}

export type AcceptedRun = Pick<Run, 'inputType' | 'wire'>

/** A run that reached a terminal state. `startedAt` is null when no attempt had begun. */
export type EndedRun = Pick<Run, 'runId' | 'inputType' | 'wire' | 'createdAt' | 'startedAt'> & {
  readonly state: RunState
  readonly completedAt: number
}

export type Observer = {
  readonly requestStarted: (start: RequestStart) => ObservedRequest
  readonly runAccepted: (run: AcceptedRun) => void
  readonly attemptStarted: (claimed: { readonly claim: Claim; readonly run: Run }) => void
  /** One attempt of one step, finished or failed. */
  readonly stepEnded: (claim: Claim, step: StepRecord) => void
  readonly attemptEnded: (claim: Claim, end: AttemptEnd) => void
  readonly runEnded: (run: EndedRun) => void
  /** An attempt of a webhook delivery left it in this state; `pending` is one that will be tried again. */
  readonly deliveryAttempted: (state: DeliveryState) => void
  readonly batchWritten: (batch: WrittenBatch) => void
  /** A client told of what it did. `type` is one of the words that the wire knows. */
  readonly clientReported: (report: {
    readonly wire: string
    readonly type: string
    readonly count: number
  }) => void
}
