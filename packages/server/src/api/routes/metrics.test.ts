import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { StepError } from '../../kernel/step-error.ts'
import { fakeExtractor } from '../../testing/fake-extractor.ts'
import { readPrometheusText } from '../../testing/prometheus-text.ts'
import { startTestApp, type TestApp } from '../../testing/test-app.ts'

const scrape = async (app: TestApp) => {
  const answer = await app.request('GET', '/metrics', undefined, { key: null })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  return readPrometheusText(answer.text)
}

type Scraped = Awaited<ReturnType<typeof scrape>>

/** The value of one series; 0 when there is none. */
const readValue = (metrics: Scraped, name: string, labels: Record<string, string> = {}): number => {
  const family = name.replace(/_(count|sum|bucket)$/, '')
  const samples = (metrics.get(name) ?? metrics.get(family))?.samples ?? []
  const found = samples.filter(
    (sample) =>
      sample.name === name &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )
  return found.reduce((sum, { value }) => sum + value, 0)
}

const add = { input: { string: { content: ['Mara keeps bees.'] } }, user_id: 'mara' }

/** What the first scrape shows that has come so far: some counts follow their event. */
const until = async (app: TestApp, isThere: (metrics: Scraped) => boolean): Promise<Scraped> => {
  for (let tries = 0; tries < 1_000; tries++) {
    const metrics = await scrape(app)
    if (isThere(metrics)) return metrics
    await sleep(5)
  }
  throw new Error('the metrics did not get there')
}

test('values move as runs happen', async () => {
  await using app = await startTestApp()
  const before = await scrape(app)
  expect(readValue(before, 'remanence_runs_accepted_total')).toBe(0)
  await app.finished(await app.add('Mara keeps bees.'))
  await app.finished(await app.add('Mara keeps goats.'))
  const [memory] = await app.list()
  await app.request('DELETE', `/v1/memories/${memory?.id}?user_id=mara`)
  const after = await scrape(app)
  const value = (name: string, labels?: Record<string, string>) => readValue(after, name, labels)
  expect(value('remanence_runs_accepted_total', { input_type: 'string' })).toBe(2)
  expect(value('remanence_runs_ended_total', { input_type: 'string', state: 'completed' })).toBe(2)
  expect(value('remanence_runs_ended_total', { input_type: 'delete', state: 'completed' })).toBe(1)
  expect(value('remanence_run_wait_seconds_count')).toBe(2)
  expect(value('remanence_run_duration_seconds_count', { state: 'completed' })).toBe(3)
  for (const type of ['extract', 'transform', 'commit'])
    expect(value('remanence_step_duration_seconds_count', { type, status: 'completed' })).toBe(2)
  const adds = { method: 'POST', route: '/v1/memories', status: '2xx' }
  expect(value('remanence_http_request_duration_seconds_count', adds)).toBe(2)
  expect(value('remanence_http_request_duration_seconds_sum', adds)).toBeGreaterThan(0)
  expect(value('remanence_storage_transaction_duration_seconds_count', { synced: 'true' })).toBeGreaterThan(4)
  expect(value('remanence_storage_transaction_writes_sum')).toBeGreaterThan(8)
  expect(value('remanence_storage_data_bytes') + value('remanence_storage_log_bytes')).toBeGreaterThan(4_096)
  expect(value('remanence_storage_up')).toBe(1)
  expect(value('remanence_queue_depth')).toBe(0)
  expect(value('process_resident_memory_bytes')).toBeGreaterThan(1e6)
})

test('the queue shows while runs wait', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const extractor = fakeExtractor(async (text) => {
    await released
    return [text]
  })
  await using app = await startTestApp({ extractor })
  const runs = [await app.add('Mara keeps bees.'), await app.add('Mara keeps goats.')]
  const waiting = await scrape(app)
  expect(readValue(waiting, 'remanence_queue_depth')).toBe(2)
  expect(readValue(waiting, 'remanence_runs_open', { state: 'running' })).toBe(1)
  expect(readValue(waiting, 'remanence_runs_open', { state: 'queued' })).toBe(1)
  expect(readValue(waiting, 'remanence_run_attempts_active')).toBe(1)
  expect(readValue(waiting, 'remanence_queue_oldest_waiting_seconds')).toBeGreaterThan(0)
  release()
  for (const run of runs) await app.finished(run)
  const after = await scrape(app)
  expect(readValue(after, 'remanence_queue_depth')).toBe(0)
  expect(readValue(after, 'remanence_runs_open')).toBe(0)
})

test('a cancelled run counts once, be it waiting or worked on', async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  const extractor = fakeExtractor((_text, { signal }) => {
    begin()
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })
  await using app = await startTestApp({ extractor })
  const runs = [await app.add('Mara keeps bees.'), await app.add('Mara keeps goats.')]
  await begun
  for (const run of runs.toReversed()) await app.request('POST', `/v1/runs/${run}/cancel`, {})
  for (const run of runs) expect((await app.finished(run)).state).toBe('cancelled')
  const cancelled = await until(app, (metrics) => readValue(metrics, 'remanence_runs_ended_total') === 2)
  expect(
    readValue(cancelled, 'remanence_runs_ended_total', { state: 'cancelled', input_type: 'string' }),
  ).toBe(2)
  expect(readValue(cancelled, 'remanence_run_attempts_active')).toBe(0)
})

test('attempts of deliveries count by what they left', async () => {
  const receiver = createServer((_request, response) => response.end())
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  // safety: it listens on a port
  const { port } = receiver.address() as AddressInfo
  await using app = await startTestApp({ webhookAllow: '127.0.0.1' })
  const endpoint = { url: `http://127.0.0.1:${port}/`, events: ['run.completed'] }
  expect((await app.request('POST', '/v1/webhooks', endpoint)).status).toBeLessThan(300)
  await app.add('Mara keeps bees.')
  const isTold = (metrics: Scraped) =>
    readValue(metrics, 'remanence_webhook_attempts_total') === 1 &&
    readValue(metrics, 'remanence_webhook_deliveries_pending') === 0
  const told = await until(app, isTold)
  expect(readValue(told, 'remanence_webhook_attempts_total', { state: 'delivered' })).toBe(1)
  receiver.closeAllConnections()
  receiver.close()
})

test('requests that ask to wait count apart, and as open while they wait', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const extractor = fakeExtractor(async (text) => {
    await released
    return [text]
  })
  await using app = await startTestApp({ extractor })
  const adding = app.request('POST', '/v1/memories', add, { headers: { prefer: 'wait=30' } })
  await until(app, (waiting) => readValue(waiting, 'remanence_streams_open') === 1)
  release()
  const { body } = await adding
  await app.request('GET', `/v1/runs/${(body as { run_id: string }).run_id}?wait=5`)
  expect(readValue(await scrape(app), 'remanence_streams_open')).toBe(0)
  const metrics = await scrape(app)
  const count = (route: string) =>
    readValue(metrics, 'remanence_http_request_duration_seconds_count', { route })
  expect([count('/v1/memories?wait'), count('/v1/runs/:run_id?wait'), count('/v1/memories')]).toEqual([
    1, 1, 0,
  ])
})

test('a failing step counts as a retry until the run fails for good', async () => {
  const extractor = fakeExtractor(() => {
    throw new StepError('model_unavailable', 'the model does not answer', { retryable: true })
  })
  await using app = await startTestApp({
    extractor,
    limits: { runFailureCountMax: 3, retryBaseMs: 1, retryMaxMs: 1 },
  })
  await app.finished(await app.add('Mara keeps bees.'))
  const metrics = await scrape(app)
  expect(readValue(metrics, 'remanence_run_retries_total')).toBe(2)
  expect(readValue(metrics, 'remanence_runs_ended_total', { state: 'failed' })).toBe(1)
  expect(
    readValue(metrics, 'remanence_step_duration_seconds_count', { type: 'extract', status: 'failed' }),
  ).toBe(2)
})

test('labels hold nothing that a caller chose', async () => {
  await using app = await startTestApp()
  const run = await app.add('Mara keeps bees.', { user_id: 'mara-of-graz' })
  await app.finished(run)
  for (const path of ['/v1/nowhere/secret-path', '/v1/groups/secret-group', `/v1/runs/${run}/events`, '/%ff'])
    await app.request('GET', path)
  await app.request('PROPFIND', '/v1/memories')
  await app.request('GET', '/v1/groups', undefined, { key: 'rem_secret_key' })
  const metrics = await scrape(app)
  const labels = [...metrics.values()].flatMap(({ samples }) =>
    samples.flatMap((one) => Object.values(one.labels)),
  )
  const words = [...new Set(labels)].filter((label) => !/^(\d+(\.\d+)?|\+Inf|\dxx|true|false)$/.test(label))
  for (const word of words) expect(word).toMatch(/^([A-Za-z_]+|\/[a-z0-9/:_.*-]*)$/)
  expect(words.join(' ')).not.toMatch(/secret|mara|bees|PROPFIND|[0-9a-f]{8}-/)
  expect(words).toContain('/v1/runs/:run_id/events')
  expect(words).toContain('none')
})

test('metrics that are off are not there', async () => {
  await using app = await startTestApp({ metrics: 'off' })
  const answer = await app.request('GET', '/metrics')
  expect([answer.status, answer.text]).toEqual([404, '404 page not found'])
})
