import { path } from '../path.ts'
import { type RequestOptions, send, type Transport } from '../transport.ts'
import type { Run, RunFilter } from '../types.ts'

export type CancelOptions = RequestOptions & {
  /** Shown in the error of the run. */
  readonly reason?: string | undefined
}

export type RetryOptions = RequestOptions & {
  /** A step that the run has come to. Default: the first one whose output it does not have. */
  readonly startingStep?: string | undefined
}

export type UndoOptions = RequestOptions & {
  /** Shows what would be done, and does nothing. */
  readonly dryRun?: boolean | undefined
  /** Also where memories have changed since. */
  readonly force?: boolean | undefined
  /** The same key gives the same undo, however often it is sent. Default: a fresh one for this call. */
  readonly idempotencyKey?: string | undefined
}

/** What can be asked of a run that was accepted. Each call answers the run as it is then. */
export class RunSteering {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /**
   * Ends a run that waits at once, and one that is worked on at its next safe point: wait for it to see the end. What it had
   * committed stays. Asking again, or too late, changes nothing.
   *
   * @example
   * await client.runs.cancel(runId, { reason: 'no longer wanted' })
   */
  cancel(runId: string, options: CancelOptions = {}): Promise<Run> {
    return this.#steer(
      path`/v1/runs/${runId}/cancel`,
      { reason: options.reason },
      { repeatable: true, options },
    )
  }

  /** Opens a run that failed, failed in part or was cancelled: the same run, its next attempt. */
  retry(runId: string, options: RetryOptions = {}): Promise<Run> {
    const { startingStep } = options
    return this.#steer(path`/v1/runs/${runId}/retry`, { startingStep }, { repeatable: false, options })
  }

  /** Makes a new run with the same input, through the pipeline as it is today; answers the new one. */
  replay(runId: string, options?: RequestOptions): Promise<Run> {
    return this.#steer(path`/v1/runs/${runId}/replay`, {}, { repeatable: false, options })
  }

  /** Lets the buffer that the run waits in go on at once, with all the runs in it. */
  flush(runId: string, options?: RequestOptions): Promise<Run> {
    return this.#steer(path`/v1/runs/${runId}/flush`, {}, { repeatable: true, options })
  }

  /**
   * Takes back what a run committed, by a new run; answers that one. Its `result` tells of conflicts: memories that have changed
   * since, and stay as they are unless forced.
   *
   * @example
   * const undo = await client.runs.undo(runId)
   * const { result } = await client.runs.wait(undo.runId)
   */
  undo(runId: string, options: UndoOptions = {}): Promise<Run> {
    const { dryRun, force, idempotencyKey = crypto.randomUUID() } = options
    const headers = { 'idempotency-key': idempotencyKey }
    return this.#steer(
      path`/v1/runs/${runId}/undo`,
      { dryRun, force },
      { repeatable: true, options, headers },
    )
  }

  /** Commits what a dry run has planned, exactly that. Rejects with `ConflictError` when something of it has changed since. */
  commit(runId: string, options?: RequestOptions): Promise<Run> {
    return this.#steer(path`/v1/runs/${runId}/commit`, {}, { repeatable: true, options })
  }

  /** A failure that was seen: it stays what it is. */
  dismiss(runId: string, options?: RequestOptions): Promise<Run> {
    return this.#steer(path`/v1/runs/${runId}/dismiss`, {}, { repeatable: true, options })
  }

  /** Cancels every run that the filter admits, as a run of its own: its `result` counts them. */
  cancelAll(filter: RunFilter, options: CancelOptions = {}): Promise<Run> {
    return this.#bulk('cancel', { filter, reason: options.reason }, options)
  }

  /**
   * Tries every failed run again that the filter admits, the oldest first, as a run of its own.
   *
   * @example
   * const { runId } = await client.runs.retryAll({ error: 'rate_limited' })
   * console.log((await client.runs.wait(runId)).result)
   */
  retryAll(filter: RunFilter, options?: RequestOptions): Promise<Run> {
    return this.#bulk('retry', { filter }, options)
  }

  /** Runs the inputs again of every run that the filter admits, as a run of its own. */
  replayAll(filter: RunFilter, options?: RequestOptions): Promise<Run> {
    return this.#bulk('replay', { filter }, options)
  }

  #bulk(action: string, body: object, options: RequestOptions | undefined): Promise<Run> {
    return this.#steer(`/v1/runs/${action}`, body, { repeatable: false, options })
  }

  async #steer(
    address: string,
    body: object,
    request: {
      readonly repeatable: boolean
      readonly options: RequestOptions | undefined
      readonly headers?: Readonly<Record<string, string>>
    },
  ): Promise<Run> {
    const answer = await send(this.#transport, { method: 'POST', path: address, body, ...request })
    return answer.body as Run // safety: the shape is the server's contract
  }
}
