import { globSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { StepError } from '../kernel/step-error.ts'
import { fakeExtractor } from '../testing/fake-extractor.ts'
import { type CollectedSpan, startCollector } from '../testing/otlp-collector.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { startTestApp } from '../testing/test-app.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const callerSpan = '00f067aa0ba902b7'
const traceparent = `00-${traceId}-${callerSpan}-01`
const caller = { headers: { traceparent } }

const named = (spans: readonly CollectedSpan[], name: string) => spans.filter((span) => span.name === name)
const only = (spans: readonly CollectedSpan[], name: string): CollectedSpan => {
  const [span, ...others] = named(spans, name)
  if (span === undefined || others.length > 0) throw new Error(`${others.length + 1} spans are named ${name}`)
  return span
}
const hasEnded = (spans: readonly CollectedSpan[]) =>
  spans.some((span) => span.attributes['remanence.state'] === 'completed')

test('request, run and steps are one trace, under the span of the caller', async () => {
  await using collector = await startCollector()
  await using app = await startTestApp({ otlpEndpoint: `${collector.url}/` })
  const runId = await app.add('Mara keeps bees.', {}, caller)
  expect(await app.finished(runId)).toMatchObject({ traceparent })
  await app.stop()
  const spans = collector.spans()
  const request = only(spans, 'POST /v1/memories')
  expect(request).toMatchObject({ traceId, parentSpanId: callerSpan, kind: 2, status: 0 })
  expect(request.attributes).toEqual({
    'http.request.method': 'POST',
    'http.route': '/v1/memories',
    'http.response.status_code': 200,
  })
  const run = only(spans, 'run')
  expect(run).toMatchObject({ traceId, parentSpanId: callerSpan, status: 0 })
  expect(run.attributes).toEqual({
    'remanence.run_id': runId,
    'remanence.project_id': expect.any(String),
    'remanence.input_type': 'string',
    'remanence.attempt': 1,
    'remanence.state': 'completed',
  })
  for (const step of ['extract', 'transform', 'commit']) {
    const span = only(spans, `step ${step}`)
    expect(span).toMatchObject({ traceId, parentSpanId: run.spanId, status: 0 })
    expect(span.attributes).toEqual({ 'remanence.step': step, 'remanence.status': 'completed' })
    expect([span.startedAt >= run.startedAt, span.endedAt <= run.endedAt]).toEqual([true, true])
  }
  expect(JSON.stringify(spans.map(({ attributes }) => attributes))).not.toMatch(/mara|bees|rem_test/i)
  expect(collector.requests()[0]).toMatchObject({
    path: '/v1/traces',
    headers: { 'content-type': 'application/json' },
  })
})

test('without a trace of the caller the run hangs under the request', async () => {
  await using collector = await startCollector()
  await using app = await startTestApp({ otlpEndpoint: collector.url })
  const stored = (await app.finished(await app.add('Mara keeps bees.'))).traceparent
  await app.stop()
  const request = only(collector.spans(), 'POST /v1/memories')
  const run = only(collector.spans(), 'run')
  expect(stored).toBe(`00-${request.traceId}-${request.spanId}-01`)
  expect(run).toMatchObject({ traceId: request.traceId, parentSpanId: request.spanId })
  expect(request.parentSpanId).toBeNull()
})

test('each attempt of a retried run is a span, the failed ones with their error', async () => {
  let calls = 0
  const extractor = fakeExtractor((text) => {
    calls += 1
    if (calls < 3) throw new StepError('model_unavailable', 'the model does not answer', { retryable: true })
    return [text]
  })
  await using collector = await startCollector()
  await using app = await startTestApp({
    otlpEndpoint: collector.url,
    extractor,
    limits: { retryBaseMs: 1, retryMaxMs: 1 },
  })
  await app.finished(await app.add('Mara keeps bees.', {}, caller))
  await app.stop()
  const runs = named(collector.spans(), 'run')
  expect(
    runs.map(({ attributes }) => [attributes['remanence.attempt'], attributes['remanence.state']]),
  ).toEqual([
    [1, 'retrying'],
    [2, 'retrying'],
    [3, 'completed'],
  ])
  const failed = {
    traceId,
    parentSpanId: callerSpan,
    status: 2,
    attributes: { 'error.type': 'model_unavailable' },
  }
  expect(runs).toMatchObject([failed, failed, { traceId, parentSpanId: callerSpan, status: 0 }])
  const extracts = named(collector.spans(), 'step extract')
  expect(extracts.map(({ parentSpanId, status }) => [parentSpanId, status])).toEqual([
    [runs[0]?.spanId, 2],
    [runs[1]?.spanId, 2],
    [runs[2]?.spanId, 0],
  ])
})

test('a run that is finished after a restart stays in its trace', async () => {
  using folder = temporaryFolder()
  await using collector = await startCollector()
  const options = { otlpEndpoint: collector.url, dataDir: folder.path }
  const started = Promise.withResolvers<void>()
  const stuck = fakeExtractor((_text, { signal }) => {
    started.resolve()
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })
  const first = await startTestApp({ ...options, extractor: stuck, limits: { drainMs: 1 } })
  const runId = await first.add('Mara keeps bees.', {}, caller)
  await started.promise
  await first.stop()
  await using second = await startTestApp(options)
  await second.finished(runId)
  await second.stop()
  const runs = named(collector.spans(), 'run')
  expect(runs.map(({ attributes }) => attributes['remanence.state'])).toEqual(['interrupted', 'completed'])
  for (const run of runs) expect(run).toMatchObject({ traceId, parentSpanId: callerSpan })
  expect(only(collector.spans(), 'step commit').parentSpanId).toBe(runs[1]?.spanId)
})

test('a trace that the caller does not sample is not sent', async () => {
  await using collector = await startCollector()
  await using app = await startTestApp({ otlpEndpoint: collector.url })
  const unsampled = `00-${traceId}-${callerSpan}-00`
  const runId = await app.add('Mara keeps bees.', {}, { headers: { traceparent: unsampled } })
  expect(await app.finished(runId)).toMatchObject({ traceparent: unsampled })
  await app.stop()
  expect(named(collector.spans(), 'run')).toEqual([])
  expect(named(collector.spans(), 'POST /v1/memories')).toEqual([])
})

test('spans are sent while the server runs, and again after the collector refused some', async () => {
  let refusals = 1
  await using collector = await startCollector((response) => {
    refusals -= 1
    response.writeHead(refusals >= 0 ? 503 : 200).end()
  })
  await using app = await startTestApp({ otlpEndpoint: collector.url })
  await app.finished(await app.add('Mara keeps bees.', {}, caller))
  const spans = await collector.until(hasEnded)
  expect(named(spans, 'run')).toHaveLength(1)
  expect(collector.requests().length).toBeGreaterThan(1)
})

test('a collector that is not there, or never answers, delays neither runs nor the stop', async () => {
  await using mute = await startMuteServer()
  const gone = await startMuteServer()
  await gone[Symbol.asyncDispose]()
  for (const otlpEndpoint of [gone.url, mute.url]) {
    const app = await startTestApp({ otlpEndpoint })
    for (let n = 0; n < 20; n++) await app.add(`Mara keeps ${n} bees.`, { user_id: `user-${n}` }, caller)
    await app.finished(await app.add('Mara keeps goats.'))
    const stoppedAt = performance.now()
    await app.stop()
    // Two seconds are the bound; the rest is the machine.
    expect(performance.now() - stoppedAt).toBeLessThan(6_000)
  }
})

test('OpenTelemetry is loaded by what is loaded only when traces are on', () => {
  const source = join(import.meta.dirname, '..')
  const importers = (of: RegExp) =>
    globSync('**/*.ts', { cwd: source }).filter(
      (file) => !file.endsWith('.test.ts') && of.test(readFileSync(join(source, file), 'utf8')),
    )
  expect(importers(/@opentelemetry\//).sort()).toEqual(['observe/otlp-exporter.ts', 'observe/tracing.ts'])
  expect(importers(/^import (?!type)[^']*from '[^']*\/(tracing|otlp-exporter)\.ts'/m)).toEqual([
    'observe/tracing.ts',
  ])
})

/** Takes connections and says nothing. */
const startMuteServer = async (): Promise<AsyncDisposable & { readonly url: string }> => {
  const sockets = new Set<{ destroy: () => unknown }>()
  const server = createServer((socket) => sockets.add(socket.on('error', () => {})))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
