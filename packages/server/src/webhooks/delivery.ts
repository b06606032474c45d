/**
 * The delivery loop of one process. It claims what is due, a bounded number at a time, attempts each, and records what came of it;
 * then it sleeps until the next is due or something new was written. A delivery is made at least once: an attempt that
 * was made but not recorded, because the process died, is made again, under the same id.
 *
 * One endpoint never takes what others need. Each has a bounded number of attempts at a time. Endpoints whose last attempt
 * failed or was slow get one at a time, and share a quarter of all places; the rest is for the others. So however many are
 * dead, those that answer are told at once.
 */
import { type Clock, createAlarm, keepLooking } from '../kernel/clock.ts'
import { type Limits, WEBHOOK_DRAIN_MS, WEBHOOK_ENDPOINT_CONCURRENCY_MAX } from '../kernel/limits.ts'
import type { Log } from '../kernel/log.ts'
import type { Signals } from '../kernel/signals.ts'
import type { GuardedClient } from '../outbound/guarded-client.ts'
import type { Storage } from '../storage/storage.ts'
import { attemptDelivery } from './attempt.ts'
import type { ClaimedDelivery } from './webhook.ts'

export type DeliveryLoop = {
  /** Something new may be due. */
  readonly wake: () => void
  /** Claims nothing more and waits a moment for the attempts in hand; what does not end is made again at the next start. */
  readonly stop: () => Promise<void>
}

export type DeliveryOptions = {
  readonly storage: Pick<Storage, 'deliveries' | 'project'>
  readonly client: GuardedClient
  readonly limits: Limits
  readonly clock: Clock
  readonly log: Log
  readonly signals: Signals
  readonly random: () => number
}

/** An attempt is cut off by its own time limit long before its lease ends. */
const LEASE_SLACK_MS = 30_000
/** An endpoint that takes longer than this to answer counts as slow. */
const SLOW_MS = 2_000
/** So many doubtful endpoints are remembered as such. */
const DOUBTFUL_COUNT_MAX = 10_000

export const startDelivery = (options: DeliveryOptions): DeliveryLoop => {
  const { storage, limits, clock, log, signals } = options
  const stopping = new AbortController()
  const aborting = new AbortController()
  const alarm = createAlarm(clock, stopping.signal)
  const places = createPlaces(limits.webhookConcurrencyMax)
  const leaseMs = limits.webhookTimeoutMs + LEASE_SLACK_MS

  const make = async (delivery: ClaimedDelivery): Promise<void> => {
    const startedAt = performance.now()
    const result = await attemptDelivery(options, delivery, aborting.signal)
    places.judge(delivery.webhookId, {
      isGood: result.state === 'delivered' && performance.now() - startedAt < SLOW_MS,
    })
    signals.reached?.('after_delivery')
    const { webhooks } = storage.project(delivery.projectId)
    await webhooks.record({ claimed: delivery, result, now: clock.now() })
    if (result.disableReason !== null)
      log.warn(
        { projectId: delivery.projectId, webhookId: delivery.webhookId },
        'a webhook disabled itself by 410',
      )
  }

  const launch = (delivery: ClaimedDelivery) => {
    const made = make(delivery).catch((error: unknown) => {
      if (!aborting.signal.aborted) log.error({ err: error }, 'a webhook delivery could not be recorded')
    })
    places.take(delivery.webhookId, made, alarm.ring)
  }

  const look = async (): Promise<'now' | number | null> => {
    const now = clock.now()
    const claimed: ClaimedDelivery[] = []
    for (const request of places.requests()) {
      if (request.limit > 0) claimed.push(...(await storage.deliveries.claim({ ...request, leaseMs, now })))
    }
    for (const delivery of claimed) launch(delivery)
    return claimed.length > 0 ? 'now' : storage.deliveries.nextDueAt(now)
  }

  const looking = keepLooking(look, {
    clock,
    alarm,
    stopSignal: stopping.signal,
    failed: (error) => log.error({ err: error }, 'the store could not be asked for webhook deliveries'),
  })
  return {
    wake: alarm.ring,
    stop: async () => {
      stopping.abort()
      await looking
      const giveUp = new AbortController()
      await Promise.race([places.emptied(), clock.sleep(WEBHOOK_DRAIN_MS, giveUp.signal)])
      giveUp.abort()
      aborting.abort(new Error('the server is stopping'))
      await places.emptied()
    },
  }
}

type Request = {
  readonly limit: number
  readonly roomMax: number
  readonly rooms: ReadonlyMap<string, number>
}

/** Who takes how many of the places, and how many each may still take. */
const createPlaces = (count: number) => {
  const active = new Map<Promise<void>, string>()
  /** Endpoints whose last attempt failed or was slow. */
  const doubtful = new Set<string>()
  const doubtfulCount = Math.max(1, Math.floor(count / 4))

  /** What to claim: first for the good endpoints, then for the doubtful ones. */
  const requests = (): readonly Request[] => {
    const taken = new Map<string, number>()
    for (const webhookId of active.values()) taken.set(webhookId, (taken.get(webhookId) ?? 0) + 1)
    const good = new Map<string, number>()
    const bad = new Map<string, number>()
    let badTaken = 0
    for (const [webhookId, number] of taken) {
      if (doubtful.has(webhookId)) badTaken += number
      good.set(webhookId, WEBHOOK_ENDPOINT_CONCURRENCY_MAX - number)
      bad.set(webhookId, 0)
    }
    for (const webhookId of doubtful) {
      good.set(webhookId, 0)
      bad.set(webhookId, taken.has(webhookId) ? 0 : 1)
    }
    const goodLimit = count - doubtfulCount - (active.size - badTaken)
    const first = { limit: goodLimit, roomMax: WEBHOOK_ENDPOINT_CONCURRENCY_MAX, rooms: good }
    return doubtful.size === 0
      ? [first]
      : [first, { limit: doubtfulCount - badTaken, roomMax: 0, rooms: bad }]
  }

  return {
    requests,
    take: (webhookId: string, attempt: Promise<void>, freed: () => void) => {
      active.set(attempt, webhookId)
      void attempt.finally(() => {
        active.delete(attempt)
        freed()
      })
    },
    judge: (webhookId: string, { isGood }: { isGood: boolean }) => {
      if (isGood) doubtful.delete(webhookId)
      else if (doubtful.size < DOUBTFUL_COUNT_MAX) doubtful.add(webhookId)
    },
    emptied: () => Promise.all(active.keys()),
  }
}
