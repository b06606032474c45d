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
  const add = { method: 'POST', route: '/v1/memories', status: '2xx' }
  expect(value('remanence_http_request_duration_seconds_count', add)).toBe(2)
  expect(value('remanence_http_request_duration_seconds_sum', add)).toBeGreaterThan(0)
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
  expect(readValue(waiting, 'remanence_queue_oldest_waiting_seconds')).toBeGreaterThan(0)
  release()
  for (const run of runs) await app.finished(run)
  expect(readValue(await scrape(app), 'remanence_queue_depth')).toBe(0)
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
