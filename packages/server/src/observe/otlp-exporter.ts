/**
 * Sends spans to a collector by OTLP over HTTP, as JSON. Our own transport around the official serializer, because what the
 * collector does must not matter here: whatever is under way ends at once when the server stops, and nothing but this reads the
 * environment. What cannot be sent after some tries is dropped, and warned of once until it works again.
 */
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import type { Clock } from '../kernel/clock.ts'
import type { Log } from '../kernel/log.ts'

export type OtlpTarget = { readonly url: string; readonly headers: Readonly<Record<string, string>> }

type ExportResult = Parameters<Parameters<SpanExporter['export']>[1]>[0]

const ATTEMPT_COUNT_MAX = 3
const ATTEMPT_MS_MAX = 5_000
const RETRY_MS = 1_000
/** Answers that the specification calls worth another try. */
const retryableStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** `stopSignal` ends what is under way. */
export const createOtlpExporter = (
  target: OtlpTarget,
  { log, clock, stopSignal }: { log: Log; clock: Pick<Clock, 'sleep'>; stopSignal: AbortSignal },
): SpanExporter => {
  let isFailing = false
  const report = (failure: string | null, lostCount: number) => {
    if (failure !== null && !isFailing && !stopSignal.aborted)
      log.warn({ url: target.url, lostSpans: lostCount }, `traces cannot be sent: ${failure}`)
    isFailing = failure !== null
  }

  const send = async (spans: ReadableSpan[]): Promise<ExportResult> => {
    const body = JsonTraceSerializer.serializeRequest(spans)
    if (body === undefined) return failed('the spans cannot be written as JSON')
    for (let attempt = 1; ; attempt++) {
      const outcome = await post(target, body, stopSignal)
      if (
        outcome.failure === null ||
        attempt === ATTEMPT_COUNT_MAX ||
        !outcome.isRetryable ||
        stopSignal.aborted
      ) {
        report(outcome.failure, spans.length)
        return outcome.failure === null ? { code: SUCCESS } : failed(outcome.failure)
      }
      await clock.sleep(RETRY_MS * attempt, stopSignal)
    }
  }

  return {
    export: (spans, done) => void send(spans).then(done),
    forceFlush: async () => {},
    shutdown: async () => {},
  }
}

// The codes of `ExportResultCode`, whose package is not otherwise needed.
const SUCCESS = 0
const FAILED = 1
const failed = (reason: string): ExportResult => ({ code: FAILED, error: new Error(reason) })

type Outcome = { readonly failure: string | null; readonly isRetryable: boolean }

const post = async (
  { url, headers }: OtlpTarget,
  body: Uint8Array,
  stopSignal: AbortSignal,
): Promise<Outcome> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      headers: { ...headers, 'content-type': 'application/json' },
      // safety: the serializer makes a buffer of its own
      body: body as Uint8Array<ArrayBuffer>,
      signal: AbortSignal.any([stopSignal, AbortSignal.timeout(ATTEMPT_MS_MAX)]),
    })
    await response.body?.cancel()
    return response.ok
      ? { failure: null, isRetryable: false }
      : {
          failure: `the collector answers ${response.status}`,
          isRetryable: retryableStatuses.has(response.status),
        }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return { failure: cause instanceof Error ? cause.message : String(cause), isRetryable: true }
  }
}
