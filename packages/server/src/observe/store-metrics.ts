/** What the store tells at the scrape. */
import type { Clock } from '../kernel/clock.ts'
import { METRIC_COUNT_MAX } from '../kernel/limits.ts'
import type { Log } from '../kernel/log.ts'
import type { Storage } from '../storage/storage.ts'
import { type Family, readFamily } from './instruments.ts'

export type MetricSources = {
  readonly storage: Pick<Storage, 'queueStatus' | 'census' | 'sizes'>
  /** Streams and waits that are open. */
  readonly streamCount: () => number
  readonly clock: Clock
  readonly log: Log
}

/** The clock may be set back between the two. */
export const secondsBetween = (from: number, to: number | null): number =>
  Math.max(0, (to ?? from) - from) / 1_000

export const readStore = async ({ storage, clock, log }: MetricSources): Promise<readonly Family[]> => {
  const up = (value: 0 | 1) =>
    gauge('remanence_storage_up', '1 while the store answers, else 0; then what follows is missing.', value)
  try {
    const [{ openCount, oldestWaitingAt }, { openRuns, pendingDeliveries }, { dataBytes, logBytes }] =
      await Promise.all([
        storage.queueStatus(),
        storage.census({ countMax: METRIC_COUNT_MAX }),
        storage.sizes(),
      ])
    return [
      up(1),
      gauge('remanence_queue_depth', 'Runs that have not ended.', openCount),
      gauge(
        'remanence_queue_oldest_waiting_seconds',
        'Age of the oldest run that waits for its first attempt.',
        oldestWaitingAt === null ? 0 : secondsBetween(oldestWaitingAt, clock.now()),
      ),
      readFamily({
        name: 'remanence_runs_open',
        help: 'The same by state; one that waits for another attempt is running.',
        samples: openRuns.map(({ state, count }) => ({ labels: { state }, value: count })),
      }),
      gauge(
        'remanence_webhook_deliveries_pending',
        'Webhook deliveries that are to be made.',
        pendingDeliveries,
      ),
      gauge('remanence_storage_data_bytes', 'Size of the database.', dataBytes),
      gauge('remanence_storage_log_bytes', 'Size of the log beside it.', logBytes),
    ]
  } catch (error) {
    log.error({ err: error }, 'the store could not be read for its metrics')
    return [up(0)]
  }
}

export const gauge = (name: string, help: string, value: number): Family =>
  readFamily({ name, help, samples: [{ value }] })
