/**
 * The claim loop of one process: as long as there is room it claims the next runs, fairly chosen by the store, and executes each
 * under a lease that it renews. It sleeps until the next due instant and is woken by new work; it never polls an empty queue
 * busily. When a claim is lost the execution is aborted; what it would still write, the store refuses.
 *
 * The store being unable to answer ends neither the loop nor the process: the loop waits and tries again, and `/ready` says so.
 */
import { type Clock, createAlarm } from '../kernel/clock.ts'
import type { Limits } from '../kernel/limits.ts'
import type { Log } from '../kernel/log.ts'
import type { Signals } from '../kernel/signals.ts'
import type { Storage } from '../storage/storage.ts'
import type { Claim, Run } from './run.ts'
import { RunCancelled } from './run-cancelled.ts'

export type Worker = {
  /** New work may be there. */
  readonly wake: () => void
  /** Aborts the work on the run if this process has it in hand: somebody asked for its end. */
  readonly abort: (runId: string) => void
  /** Claims nothing more, waits for the runs in hand at most `drainMs`, then aborts them: they continue at the next start. */
  readonly stop: () => Promise<void>
}

export type WorkerOptions = {
  readonly storage: Storage
  readonly limits: Limits
  readonly clock: Clock
  readonly log: Log
  readonly signals: Signals
  /** Executes one attempt to its recorded end. Rejects only when the store could not record it. */
  readonly execute: (
    claimed: { readonly claim: Claim; readonly run: Run },
    signal: AbortSignal,
  ) => Promise<void>
}

const IDLE_MS_MAX = 60_000
const STORE_FAILURE_WAIT_MS = 1_000

export const startWorker = (options: WorkerOptions): Worker => {
  const { storage, limits, clock, log } = options
  const active = new Map<string, Promise<void>>()
  const cancelling = new Map<string, AbortController>()
  const stopping = new AbortController()
  const aborting = new AbortController()
  const alarm = createAlarm(clock, stopping.signal)

  const launch = (claimed: { claim: Claim; run: Run }) => {
    const key = `${claimed.claim.runId}#${claimed.claim.attempt}`
    const cancel = new AbortController()
    cancelling.set(claimed.claim.runId, cancel)
    const execution = executeUnderLease(options, claimed, { stopSignal: aborting.signal, cancel })
      .catch((error: unknown) =>
        log.error({ err: error, runId: claimed.claim.runId }, 'a run could not be recorded'),
      )
      .finally(() => {
        active.delete(key)
        if (cancelling.get(claimed.claim.runId) === cancel) cancelling.delete(claimed.claim.runId)
        alarm.ring()
      })
    active.set(key, execution)
  }

  const claimOnce = async (): Promise<number> => {
    const room = limits.runConcurrencyMax - active.size
    if (room <= 0) return IDLE_MS_MAX
    const { leaseMs, runTimeoutMs } = limits
    const claimed = await storage.claimRuns({ limit: room, leaseMs, runTimeoutMs, now: clock.now() })
    if (claimed.length > 0) options.signals.reached?.('after_claim')
    for (const one of claimed) launch(one)
    if (claimed.length > 0) return 0
    const dueAt = await storage.nextDueAt()
    return dueAt === null ? IDLE_MS_MAX : Math.min(IDLE_MS_MAX, Math.max(1, dueAt - clock.now()))
  }

  const loop = async () => {
    while (!stopping.signal.aborted) {
      try {
        const waitMs = await claimOnce()
        if (waitMs > 0) await alarm.sleep(waitMs)
      } catch (error) {
        log.error({ err: error }, 'the store could not be asked for work')
        await clock.sleep(STORE_FAILURE_WAIT_MS, stopping.signal)
      }
    }
  }

  const looping = loop()
  return {
    wake: alarm.ring,
    abort: (runId) => cancelling.get(runId)?.abort(new RunCancelled()),
    stop: async () => {
      stopping.abort()
      await looping
      const drained = Promise.allSettled(active.values())
      const giveUp = new AbortController()
      await Promise.race([drained, clock.sleep(limits.drainMs, giveUp.signal)])
      giveUp.abort()
      aborting.abort(new Error('the server is stopping'))
      await drained
    },
  }
}

const executeUnderLease = async (
  { storage, limits, clock, execute }: WorkerOptions,
  claimed: { readonly claim: Claim; readonly run: Run },
  { stopSignal, cancel }: { readonly stopSignal: AbortSignal; readonly cancel: AbortController },
): Promise<void> => {
  const { claim } = claimed
  const lost = new AbortController()
  const renewal = setInterval(
    () => {
      const leaseUntil = clock.now() + limits.leaseMs
      storage
        .project(claim.projectId)
        .renewLease({ claim, leaseUntil })
        .then((answer) => {
          if (answer.kind === 'claim_lost') lost.abort(new Error('the claim was lost'))
          // Another process was asked.
          if (answer.kind === 'cancelling') cancel.abort(new RunCancelled())
        })
        // A store that cannot renew lets the lease run out, and whoever claims next finds this attempt's writes refused.
        .catch((error: unknown) => lost.abort(error))
    },
    Math.ceil(limits.leaseMs / 3),
  )
  try {
    await execute(claimed, AbortSignal.any([lost.signal, cancel.signal, stopSignal]))
  } finally {
    clearInterval(renewal)
  }
}
