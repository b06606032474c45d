/**
 * The claim loop of one process: as long as there is room it claims the next runs, fairly chosen by the store, and executes each
 * under a lease that it renews. It sleeps until the next due instant and is woken by new work; it never polls an empty queue
 * busily. When a claim is lost the execution is aborted; what it would still write, the store refuses.
 *
 * The store being unable to answer ends neither the loop nor the process: the loop waits and tries again, and `/ready` says so.
 */
import { type Clock, createAlarm, keepLooking } from '../kernel/clock.ts'
import type { Limits } from '../kernel/limits.ts'
import type { Log } from '../kernel/log.ts'
import type { Signals } from '../kernel/signals.ts'
import type { Storage } from '../storage/storage.ts'
import { createParking } from './parking.ts'
import type { Claim, Run } from './run.ts'
import { RunCancelled } from './run-cancelled.ts'

export type Worker = {
  /** New work may be there. */
  readonly wake: () => void
  /** Aborts the work on the run if this process has it in hand: somebody asked for its end. */
  readonly abort: (runId: string) => void
  /** Waits for other runs, without a place among those that are worked on: see `parking.ts`. */
  readonly park: Park
  /** Claims nothing more, waits for the runs in hand at most `drainMs`, then aborts them: they continue at the next start. */
  readonly stop: () => Promise<void>
}

export type Park = <Result>(runId: string, wait: () => Promise<Result>) => Promise<Result>

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

/** An attempt that this process works on. */
type InHand = {
  readonly runId: string
  readonly execution: Promise<void>
  readonly ending: AbortController
}

export const startWorker = (options: WorkerOptions): Worker => {
  const { storage, limits, clock, log } = options
  const active = new Set<InHand>()
  const stopping = new AbortController()
  const alarm = createAlarm(clock, stopping.signal)
  const parking = createParking<InHand>(limits.runConcurrencyMax, active, alarm.ring)

  const launch = (claimed: { claim: Claim; run: Run }) => {
    const { runId } = claimed.claim
    const ending = new AbortController()
    const execution = executeUnderLease(options, claimed, ending).catch((error: unknown) =>
      log.error({ err: error, runId }, 'a run could not be recorded'),
    )
    const inHand = { runId, execution, ending }
    active.add(inHand)
    void execution.finally(() => {
      active.delete(inHand)
      parking.forget(inHand)
    })
  }

  const look = async (): Promise<'now' | number | null> => {
    const room = parking.freeCount()
    if (room <= 0) return null
    const { leaseMs, runTimeoutMs } = limits
    const claimed = await storage.claimRuns({ limit: room, leaseMs, runTimeoutMs, now: clock.now() })
    if (claimed.length === 0) return storage.nextDueAt()
    options.signals.reached?.('after_claim')
    for (const one of claimed) launch(one)
    return 'now'
  }

  const looking = keepLooking(look, {
    clock,
    alarm,
    stopSignal: stopping.signal,
    failed: (error) => log.error({ err: error }, 'the store could not be asked for work'),
  })
  return {
    wake: alarm.ring,
    abort: (runId) => {
      for (const one of active) if (one.runId === runId) one.ending.abort(new RunCancelled())
    },
    park: async (runId, wait) => {
      // An attempt that has lost its claim may not have noticed yet; the latest is the one that works.
      const inHand = [...active].findLast((one) => one.runId === runId)
      if (inHand === undefined) throw new Error(`run ${runId} is not in hand`)
      return parking.park(inHand, wait)
    },
    stop: async () => {
      stopping.abort()
      await looking
      const inHand = [...active]
      // What they wait for may not be claimed any more: they go on at the next start.
      for (const one of inHand) if (parking.isParked(one)) one.ending.abort(new Error(STOPPING))
      const drained = Promise.allSettled(inHand.map(({ execution }) => execution))
      const giveUp = new AbortController()
      await Promise.race([drained, clock.sleep(limits.drainMs, giveUp.signal)])
      giveUp.abort()
      for (const { ending } of inHand) ending.abort(new Error(STOPPING))
      await drained
    },
  }
}

const STOPPING = 'the server is stopping'

const executeUnderLease = async (
  { storage, limits, clock, execute }: WorkerOptions,
  claimed: { readonly claim: Claim; readonly run: Run },
  ending: AbortController,
): Promise<void> => {
  const { claim } = claimed
  const renewal = setInterval(
    () => {
      const leaseUntil = clock.now() + limits.leaseMs
      storage
        .project(claim.projectId)
        .renewLease({ claim, leaseUntil })
        .then((answer) => {
          if (answer.kind === 'claim_lost') ending.abort(new Error('the claim was lost'))
          // Another process was asked.
          if (answer.kind === 'cancelling') ending.abort(new RunCancelled())
        })
        // A store that cannot renew lets the lease run out, and whoever claims next finds this attempt's writes refused.
        .catch((error: unknown) => ending.abort(error))
    },
    Math.ceil(limits.leaseMs / 3),
  )
  try {
    await execute(claimed, ending.signal)
  } finally {
    clearInterval(renewal)
  }
}
