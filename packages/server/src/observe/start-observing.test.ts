import { expect, test } from 'vitest'
import { systemClock } from '../kernel/clock.ts'
import { createLog } from '../kernel/log.ts'
import { startCollector } from '../testing/otlp-collector.ts'
import { silentObserver } from './silent-observer.ts'
import { type ObservingOptions, startObserving } from './start-observing.ts'

const off: ObservingOptions = {
  metrics: 'off',
  otlpEndpoint: null,
  otlpHeaders: null,
  serviceName: 'remanence',
  traceSamplePercent: 100,
}
const start = (options: Partial<ObservingOptions>) =>
  startObserving({ ...off, ...options }, { clock: systemClock, log: createLog('silent') })
const request = { method: 'GET', route: '/v1/groups', traceparent: null }

test('with everything off nothing watches', async () => {
  const observing = await start({})
  expect(observing.observer).toBe(silentObserver)
  expect(observing.renderMetrics).toBeNull()
  await observing.stop()
})

test('the collector gets the headers it wants, and the name of the service', async () => {
  await using collector = await startCollector()
  const otlpHeaders = 'authorization=Basic%20YTpi, x-team = memory=1'
  const observing = await start({ otlpEndpoint: collector.url, otlpHeaders, serviceName: 'memory-1' })
  observing.observer.requestStarted(request).ended(200, 0.1)
  await observing.stop()
  expect(collector.requests()).toMatchObject([
    { headers: { authorization: 'Basic YTpi', 'x-team': 'memory=1' } },
  ])
  expect(collector.spans()).toMatchObject([{ name: 'GET /v1/groups', service: 'memory-1' }])
})

test('of the traces begun here a share is sent, of the caller’s all that are sampled', async () => {
  await using collector = await startCollector()
  const observing = await start({ otlpEndpoint: collector.url, traceSamplePercent: 0 })
  const ours = observing.observer.requestStarted(request)
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  const theirs = observing.observer.requestStarted({ ...request, traceparent })
  for (const observed of [ours, theirs]) observed.ended(200, 0.1)
  await observing.stop()
  expect(ours.traceparent).toMatch(/-00$/)
  expect(collector.spans()).toMatchObject([{ traceId: traceparent.slice(3, 35) }])
})

test('more spans than the queue holds are dropped, and nothing waits for them', async () => {
  await using collector = await startCollector()
  const observing = await start({ metrics: 'on', otlpEndpoint: collector.url })
  for (let n = 0; n < 6_000; n++) observing.observer.requestStarted(request).ended(500, 0.1)
  await observing.stop()
  expect(collector.spans().length).toBeGreaterThan(500)
  expect(collector.spans().length).toBeLessThanOrEqual(4_096 + 512)
  expect(collector.spans()[0]?.status).toBe(2)
})
