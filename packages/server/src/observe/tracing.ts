/**
 * Traces for OpenTelemetry, when a collector is configured; only then is this file loaded.
 *
 *     (the caller's span) ─┬─ POST /v1/memories          one span a request
 *                          └─ run                        one span an attempt of the run
 *                               ├─ step extract          one span an attempt of a step
 *                               ├─ step transform
 *                               └─ step commit
 *
 * The run keeps the `traceparent` of the request that made it, so its attempts belong to the same trace whenever and in whatever
 * process they come. Without one from the caller it keeps that of the request's own span. Spans wait in a bounded queue; what
 * does not fit is dropped.
 */
import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Clock } from '../kernel/clock.ts'
import { TRACE_DRAIN_MS, TRACE_QUEUE_COUNT_MAX } from '../kernel/limits.ts'
import type { Log } from '../kernel/log.ts'
import type { Claim } from '../runs/run.ts'
import { formatTraceparent, parseTraceparent } from '../runs/traceparent.ts'
import type { Observer } from './observer.ts'
import { createOtlpExporter, type OtlpTarget } from './otlp-exporter.ts'
import { silentObserver } from './silent-observer.ts'

export type TracingOptions = {
  readonly target: OtlpTarget
  readonly serviceName: string
  /** Of the traces that begin here, from 0 to 100. A caller's trace is followed if the caller says so. */
  readonly samplePercent: number
  readonly clock: Clock
  readonly log: Log
}

export type Tracing = {
  readonly observer: Observer
  /** Sends what is there, for a bounded time. */
  readonly stop: () => Promise<void>
}

const BATCH_COUNT_MAX = 512
const SEND_INTERVAL_MS = 1_000

/** Asked by machines, many times a minute. */
const untracedRoutes: ReadonlySet<string> = new Set(['/health', '/ready', '/metrics'])

export const startTracing = (options: TracingOptions): Tracing => {
  const { clock, log, target, samplePercent } = options
  const stopping = new AbortController()
  const exporter = createOtlpExporter(target, { log, clock, stopSignal: stopping.signal })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': options.serviceName }),
    sampler: new ParentBasedSampler({
      root: samplePercent === 100 ? new AlwaysOnSampler() : new TraceIdRatioBasedSampler(samplePercent / 100),
    }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: TRACE_QUEUE_COUNT_MAX,
        maxExportBatchSize: BATCH_COUNT_MAX,
        scheduledDelayMillis: SEND_INTERVAL_MS,
      }),
    ],
  })
  return {
    observer: traceInto(provider.getTracer('remanence'), clock),
    stop: async () => {
      const timer = setTimeout(() => stopping.abort(), TRACE_DRAIN_MS)
      // What could not be sent has been warned of.
      await provider.shutdown().catch(() => {})
      clearTimeout(timer)
    },
  }
}

const traceInto = (tracer: ReturnType<TracerProvider['getTracer']>, clock: Clock): Observer => {
  // As many as attempts run at the same time.
  const attempts = new Map<string, { readonly span: Span; readonly context: Context }>()
  return {
    ...silentObserver,
    requestStarted: (start) => {
      const { method, route, traceparent } = start
      if (route !== null && untracedRoutes.has(route)) return silentObserver.requestStarted(start)
      const span = tracer.startSpan(
        route === null ? method : `${method} ${route}`,
        {
          kind: SpanKind.SERVER,
          attributes: { 'http.request.method': method, ...(route !== null && { 'http.route': route }) },
        },
        contextOf(traceparent),
      )
      return {
        traceparent: traceparentOf(span),
        ended: (status) => {
          span.setAttribute('http.response.status_code', status)
          if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
          span.end()
        },
      }
    },
    attemptStarted: ({ claim, run }) => {
      const parent = contextOf(run.traceparent)
      const attributes = {
        'remanence.run_id': run.runId,
        'remanence.project_id': run.projectId,
        'remanence.input_type': run.inputType,
        'remanence.attempt': run.attempt,
      }
      const span = tracer.startSpan(
        'run',
        { kind: SpanKind.CONSUMER, startTime: clock.now(), attributes },
        parent,
      )
      attempts.set(attemptKey(claim), { span, context: trace.setSpan(parent, span) })
    },
    stepEnded: (claim, { name, type, status, startedAt, completedAt, error }) => {
      const attempt = attempts.get(attemptKey(claim))
      if (attempt === undefined) return
      const attributes = { 'remanence.step': name, 'remanence.status': status }
      const span = tracer.startSpan(`step ${type}`, { startTime: startedAt, attributes }, attempt.context)
      if (error !== null) fail(span, error)
      span.end(completedAt)
    },
    attemptEnded: (claim, { state, error, at }) => {
      const attempt = attempts.get(attemptKey(claim))
      if (!attempts.delete(attemptKey(claim)) || attempt === undefined) return
      attempt.span.setAttribute('remanence.state', state)
      if (error !== null) fail(attempt.span, error)
      attempt.span.end(at)
    },
  }
}

const attemptKey = ({ runId, attempt }: Claim): string => `${runId}#${attempt}`

const contextOf = (traceparent: string | null): Context => {
  const parsed = traceparent === null ? null : parseTraceparent(traceparent)
  if (parsed === null) return ROOT_CONTEXT
  const { traceId, spanId, flags } = parsed
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: flags & 1, isRemote: true })
}

const traceparentOf = (span: Span): string => {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return formatTraceparent({ traceId, spanId, flags: traceFlags })
}

const fail = (span: Span, { code, detail }: { readonly code: string; readonly detail: string }): void => {
  span.setAttribute('error.type', code)
  span.setStatus({ code: SpanStatusCode.ERROR, message: detail })
}
