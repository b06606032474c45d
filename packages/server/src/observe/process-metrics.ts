/** What the process itself takes, under the names that dashboards for Node.js know. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Family, readFamily } from './instruments.ts'

type IntervalHistogram = ReturnType<typeof monitorEventLoopDelay>

const LAG_RESOLUTION_MS = 20

/** Reads the process. The event loop is timed from the first reading on: nobody else pays for the timer. */
export const createProcessReader = (): (() => readonly Family[]) => {
  const startedAt = Date.now() / 1_000 - process.uptime()
  let delay: IntervalHistogram | null = null
  return () => {
    const { user, system } = process.cpuUsage()
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage()
    const lag = delay === null ? NO_LAG : lagOf(delay)
    if (delay === null) {
      delay = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS })
      delay.enable()
    } else {
      delay.reset()
    }
    return [
      readFamily({
        name: 'process_cpu_seconds_total',
        type: 'counter',
        help: 'CPU time of the process.',
        samples: [{ value: (user + system) / 1e6 }],
      }),
      gauge('process_start_time_seconds', 'Start of the process since the Unix epoch.', startedAt),
      gauge('process_resident_memory_bytes', 'Resident memory.', rss),
      gauge('nodejs_heap_size_used_bytes', 'Heap in use.', heapUsed),
      gauge('nodejs_heap_size_total_bytes', 'Heap reserved.', heapTotal),
      gauge('nodejs_external_memory_bytes', 'Memory outside the heap that objects in it hold.', external),
      gauge(
        'nodejs_eventloop_lag_mean_seconds',
        'Mean delay of the event loop since the last scrape.',
        lag.mean,
      ),
      gauge('nodejs_eventloop_lag_p99_seconds', '99th percentile of the same.', lag.p99),
      gauge('nodejs_eventloop_lag_max_seconds', 'Longest of the same.', lag.max),
    ]
  }
}

const gauge = (name: string, help: string, value: number): Family =>
  readFamily({ name, help, samples: [{ value }] })

const NO_LAG = { mean: 0, p99: 0, max: 0 }

// The histogram holds the time between two ticks of its timer, which is the resolution when nothing delays it.
const lagOf = (delay: IntervalHistogram): typeof NO_LAG => {
  if (delay.count === 0) return NO_LAG
  const seconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - LAG_RESOLUTION_MS / 1e3)
  return { mean: seconds(delay.mean), p99: seconds(delay.percentile(99)), max: seconds(delay.max) }
}
