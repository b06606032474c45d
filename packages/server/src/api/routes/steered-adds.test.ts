/** Adds that say how they are to be worked off: when to start, until when, how long, before whom, and what of others of their user. */
import { afterAll, expect, test } from 'vitest'
import { gatedModel } from '../../testing/gated-model.ts'
import { movableClock } from '../../testing/movable-clock.ts'
import { type RunBody, startTestApp } from '../../testing/test-app.ts'

const clock = movableClock()
const model = gatedModel()
const app = await startTestApp({ ...model, clock })
afterAll(app.stop)

test('an add with a delay starts later, and says when', async () => {
  const runId = await app.add('delayed', { delay: 3_600 })
  const { body } = await app.request<RunBody>('GET', `/v1/runs/${runId}`)
  expect(body).toMatchObject({ state: 'queued', waiting: { reason: 'delay', until: expect.any(String) } })
  expect((await app.finished(await app.add('meanwhile'))).state).toBe('completed')
  clock.advance(3_600_000)
  expect((await app.finished(runId)).state).toBe('completed')
})

test('an add with a time to live is cancelled when it has not started by then', async () => {
  const first = await app.add('wait ttl')
  await model.begun('wait ttl')
  const runId = await app.add('too late', { ttl: 60 })
  clock.advance(60_000)
  expect(await app.finished(runId)).toMatchObject({
    state: 'cancelled',
    error: 'processing failed: cancelled: it was not started in time',
  })
  model.open('wait ttl')
  await app.finished(first)
})

test('an add with a timeout fails when it has not ended by then', async () => {
  const run = await app.finished(await app.add('wait for ever', { timeout: 0.05 }))
  expect(run).toMatchObject({
    state: 'failed',
    error: 'extraction failed: the run was not finished within 0.05 s',
  })
  expect(model.aborted).toContain('wait for ever')
})

test('an add with the rule reject is refused while a run of its user is open, with supersede it takes its place', async () => {
  const first = await app.add('wait rule')
  await model.begun('wait rule')
  const waiting = await app.add('superseded')
  const body = { input: { string: { content: ['x'] } }, user_id: 'mara', on_conflict: 'reject' }
  const refused = await app.request('POST', '/v1/memories', body)
  expect(refused).toMatchObject({ status: 409, body: { code: 'scope_busy' } })
  const next = await app.add('next', { on_conflict: 'supersede' })
  expect(await app.finished(waiting)).toMatchObject({
    state: 'cancelled',
    error: expect.stringContaining(next),
  })
  model.open('wait rule')
  expect([(await app.finished(first)).state, (await app.finished(next)).state]).toEqual([
    'completed',
    'completed',
  ])
})

test.each([
  { priority: 101 },
  { priority: 1.5 },
  { delay: -1 },
  { ttl: 'soon' },
  { timeout: 0 },
  { tags: ['x', 'x'] },
  { tags: Array.from({ length: 17 }, (_, n) => `tag ${n}`) },
  { metadata: { large: 'x'.repeat(8_192) } },
  { on_conflict: 'merge' },
])('%o is refused, and makes no run', async (members) => {
  const before = (await app.request('GET', '/v1/runs')).text
  const body = { input: { string: { content: ['x'] } }, user_id: 'mara', ...members }
  expect(await app.request('POST', '/v1/memories', body)).toMatchObject({
    status: 422,
    body: { code: 'invalid_body' },
  })
  expect((await app.request('GET', '/v1/runs')).text).toBe(before)
})
