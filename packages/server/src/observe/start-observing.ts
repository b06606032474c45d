import type { Clock } from '../kernel/clock.ts'
import type { Log } from '../kernel/log.ts'
import { combineObservers } from './combine-observers.ts'
import { createMetrics } from './metrics.ts'
import type { Observer } from './observer.ts'
import type { OtlpTarget } from './otlp-exporter.ts'
import { silentObserver } from './silent-observer.ts'
import type { MetricSources } from './store-metrics.ts'

export type ObservingOptions = {
  readonly metrics: 'on' | 'off'
  /** Base address of the collector; null: no traces. */
  readonly otlpEndpoint: string | null
  /** `name=value,…`, values percent-encoded, as in OTEL_EXPORTER_OTLP_HEADERS. */
  readonly otlpHeaders: string | null
  readonly serviceName: string
  readonly traceSamplePercent: number
}

export type Observing = {
  readonly observer: Observer
  readonly renderMetrics:
    | ((sources: Pick<MetricSources, 'storage' | 'streamCount'>) => Promise<string>)
    | null
  readonly stop: () => Promise<void>
}

/** What watches the server, as configured: nothing is loaded or kept for what is off. */
export const startObserving = async (
  options: ObservingOptions,
  { clock, log }: { clock: Clock; log: Log },
): Promise<Observing> => {
  const metrics = options.metrics === 'on' ? createMetrics() : null
  const { otlpEndpoint, serviceName, traceSamplePercent: samplePercent } = options
  const target = otlpEndpoint === null ? null : targetOf(otlpEndpoint, options.otlpHeaders)
  const tracing =
    target === null
      ? null
      : (await import('./tracing.ts')).startTracing({ target, serviceName, samplePercent, clock, log })
  return {
    observer:
      metrics !== null && tracing !== null
        ? combineObservers(metrics.observer, tracing.observer)
        : (metrics?.observer ?? tracing?.observer ?? silentObserver),
    renderMetrics: metrics === null ? null : (sources) => metrics.render({ ...sources, clock, log }),
    stop: async () => tracing?.stop(),
  }
}

const targetOf = (endpoint: string, headers: string | null): OtlpTarget => ({
  url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
  headers: Object.fromEntries(
    (headers ?? '')
      .split(',')
      .map((pair) => pair.split('='))
      .map(([name = '', ...value]) => [name.trim(), decodeURIComponent(value.join('=').trim())])
      .filter(([name]) => name !== ''),
  ),
})
