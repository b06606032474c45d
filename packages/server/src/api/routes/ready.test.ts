/** GET /ready, and the bound of the queue: the server says so when it cannot keep up, and when it cannot keep anything. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { echoExtractor, fakeExtractor } from '../../testing/fake-extractor.ts'
import { movableClock } from '../../testing/movable-clock.ts'
import { startTestApp } from '../../testing/test-app.ts'

/** An extractor that is stuck until it is told to go on. */
const stuckExtractor = () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { extractor: fakeExtractor((text) => promise.then(() => [text])), release: resolve }
}

test('an idle server is ready', async () => {
  await using app = await startTestApp()
  expect(await app.request('GET', '/ready')).toMatchObject({
    status: 200,
    body: { status: 'ready', storage: 'sqlite', open_runs: 0, oldest_waiting_ms: 0 },
  })
})

test('readiness ends when a run has waited too long for its turn, and comes back when it got it', async () => {
  const { extractor, release } = stuckExtractor()
  const clock = movableClock()
  await using app = await startTestApp({ extractor, clock, limits: { leaseMs: 24 * 3_600_000 } })
  const runs = [await app.add('First.'), await app.add('Waits behind the first.')]
  clock.advance(299_000)
  expect(await app.request('GET', '/ready')).toMatchObject({ status: 200, body: { open_runs: 2 } })
  clock.advance(2_000)
  const answer = await app.request('GET', '/ready')
  expect(answer).toMatchObject({
    status: 503,
    body: { code: 'unavailable', detail: expect.stringMatching(/waited/) },
  })
  release()
  for (const runId of runs) await app.finished(runId)
  expect(await app.request('GET', '/ready')).toMatchObject({ status: 200, body: { open_runs: 0 } })
})

test('readiness ends when the store cannot be written, while the process stays healthy', async () => {
  await using app = await startTestApp({ extractor: echoExtractor })
  const file = join(app.dataDir, 'remanence.db')
  expect(existsSync(file)).toBe(true)
  const breaker = new DatabaseSync(file)
  breaker.exec('ALTER TABLE scheduler RENAME TO lost_scheduler')
  expect(await app.request('GET', '/ready')).toMatchObject({ status: 503, body: { code: 'unavailable' } })
  expect((await app.request('GET', '/health')).status).toBe(200)
  breaker.exec('ALTER TABLE lost_scheduler RENAME TO scheduler')
  breaker.close()
  expect((await app.request('GET', '/ready')).status).toBe(200)
})

test('a full queue refuses adds with 429, when to come back, and no trace', async () => {
  const { extractor, release } = stuckExtractor()
  await using app = await startTestApp({ extractor, limits: { queueDepthMax: 2 } })
  const add = (key: string) =>
    app.request(
      'POST',
      '/v1/memories',
      { input: { string: { content: [`Text ${key}.`] } }, user_id: key },
      { headers: { 'idempotency-key': key } },
    )
  const taken = [await add('a'), await add('b')]
  const refused = await add('c')
  expect(refused).toMatchObject({
    status: 429,
    body: { code: 'queue_full', detail: expect.stringContaining('2') },
  })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await add('a')).text).toBe(taken[0]?.text) // what is known already is no more work
  expect(await app.request('GET', '/v1/runs?user_id=c')).toMatchObject({ body: { runs: [] } })
  release()
  for (const { body } of taken) await app.finished((body as { run_id: string }).run_id)
  expect((await add('c')).status).toBe(200)
})
