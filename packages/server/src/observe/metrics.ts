/**
 * THE list of metrics, and how each is kept: what happens is counted when an observer is told of it, what is (the queue, sizes, the
 * process) is read at the scrape. `docs/operations.md` has the same list, and a test that compares them.
 */
import { createCounter, createGauge, createHistogram, expose } from './instruments.ts'
import type { ObservedRequest, Observer } from './observer.ts'
import { createProcessReader } from './process-metrics.ts'
import { gauge, type MetricSources, readStore, secondsBetween } from './store-metrics.ts'

export type Metrics = {
  readonly observer: Observer
  /** The document that Prometheus reads. Answers also while the store does not. */
  readonly render: (sources: MetricSources) => Promise<string>
}

const REQUEST_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]
const RUN_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200]
const STEP_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]
const WRITE_BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]
const BATCH_BOUNDS = [1, 2, 4, 8, 16, 32, 64, 128, 256]

export const createMetrics = (): Metrics => {
  const counted = createCounted()
  const readProcess = createProcessReader()
  const families = Object.values(counted)
  return {
    observer: observeInto(counted),
    render: async (sources) => {
      const streams = gauge(
        'remanence_streams_open',
        'Streams and waits that are open.',
        sources.streamCount(),
      )
      return expose([...families, streams, ...(await readStore(sources)), ...readProcess()])
    },
  }
}

const createCounted = () => ({
  requests: createHistogram({
    name: 'remanence_http_request_duration_seconds',
    help: 'Requests answered, by route and class of status, until the last byte was handed on.',
    labels: ['method', 'route', 'status'],
    bounds: REQUEST_BOUNDS,
  }),
  accepted: createCounter({
    name: 'remanence_runs_accepted_total',
    help: 'Runs accepted.',
    labels: ['input_type', 'wire'],
  }),
  ended: createCounter({
    name: 'remanence_runs_ended_total',
    help: 'Runs that reached a terminal state.',
    labels: ['state', 'input_type', 'wire'],
  }),
  retries: createCounter({
    name: 'remanence_run_retries_total',
    help: 'Attempts that failed and are followed by another.',
    labels: [],
  }),
  interruptions: createCounter({
    name: 'remanence_run_interruptions_total',
    help: 'Attempts given up by this process: it was stopping, or had lost its claim.',
    labels: [],
  }),
  active: createGauge({
    name: 'remanence_run_attempts_active',
    help: 'Attempts that this process has in hand.',
  }),
  waits: createHistogram({
    name: 'remanence_run_wait_seconds',
    help: 'From the acceptance of a run to its first attempt.',
    labels: [],
    bounds: RUN_BOUNDS,
  }),
  durations: createHistogram({
    name: 'remanence_run_duration_seconds',
    help: 'From the acceptance of a run to its end.',
    labels: ['state'],
    bounds: RUN_BOUNDS,
  }),
  steps: createHistogram({
    name: 'remanence_step_duration_seconds',
    help: 'Attempts of steps, by type and how they ended.',
    labels: ['type', 'status'],
    bounds: STEP_BOUNDS,
  }),
  deliveries: createCounter({
    name: 'remanence_webhook_attempts_total',
    help: 'Attempts of webhook deliveries, by what they left them as: pending is tried again.',
    labels: ['state'],
  }),
  writes: createHistogram({
    name: 'remanence_storage_transaction_duration_seconds',
    help: 'Transactions that write; synced ones wait for the disk.',
    labels: ['synced'],
    bounds: WRITE_BOUNDS,
  }),
  batches: createHistogram({
    name: 'remanence_storage_transaction_writes',
    help: 'Writes that shared one transaction.',
    labels: [],
    bounds: BATCH_BOUNDS,
  }),
  reports: createCounter({
    name: 'remanence_client_events_total',
    help: 'Events that clients told of what they did, by wire and type.',
    labels: ['wire', 'type'],
  }),
  failedWrites: createCounter({
    name: 'remanence_storage_transaction_failures_total',
    help: 'Transactions that failed as a whole, as on a full disk.',
    labels: [],
  }),
})

type Counted = ReturnType<typeof createCounted>

const observeInto = (counted: Counted): Observer => ({
  requestStarted: observeRequests(counted.requests),
  runAccepted: ({ inputType, wire }) => counted.accepted.add({ input_type: inputType, wire }),
  attemptStarted: ({ run }) => {
    counted.active.add(1)
    if (run.attempt === 1) counted.waits.observe({}, secondsBetween(run.createdAt, run.startedAt))
  },
  stepEnded: (_claim, { type, status, startedAt, completedAt }) =>
    counted.steps.observe({ type, status }, secondsBetween(startedAt, completedAt)),
  attemptEnded: (_claim, { state }) => {
    counted.active.add(-1)
    if (state === 'retrying') counted.retries.add({})
    if (state === 'interrupted') counted.interruptions.add({})
  },
  runEnded: ({ state, inputType, wire, createdAt, completedAt }) => {
    counted.ended.add({ state, input_type: inputType, wire })
    counted.durations.observe({ state }, secondsBetween(createdAt, completedAt))
  },
  deliveryAttempted: (state) => counted.deliveries.add({ state }),
  clientReported: ({ wire, type, count }) => counted.reports.add({ wire, type }, count),
  batchWritten: ({ writes, isSynced, seconds, isFailed }) => {
    counted.writes.observe({ synced: String(isSynced) }, seconds)
    counted.batches.observe({}, writes)
    if (isFailed) counted.failedWrites.add({})
  },
})

/** What observes a request is the same for all of a route, and kept with it: nothing is made or looked for by its labels. */
const observeRequests = (requests: Counted['requests']): Observer['requestStarted'] => {
  const routes = new Map<string, Map<string, ObservedRequest>>()
  const observe = (labels: { readonly method: string; readonly route: string }): ObservedRequest => {
    const series: ((seconds: number) => void)[] = []
    const ended = (status: number, seconds: number) => {
      const statusClass = Math.trunc(status / 100)
      series[statusClass] ??= requests.series({ ...labels, status: `${statusClass}xx` })
      series[statusClass](seconds)
    }
    return { traceparent: null, ended }
  }
  const unrouted = observe({ method: 'any', route: 'none' })
  return ({ method, route }) => {
    // A method or a path that nobody serves is a word of the caller's.
    if (route === null) return unrouted
    const methods = routes.get(route) ?? new Map<string, ObservedRequest>()
    const known = methods.get(method)
    if (known !== undefined) return known
    const observed = observe({ method, route })
    routes.set(route, methods.set(method, observed))
    return observed
  }
}
