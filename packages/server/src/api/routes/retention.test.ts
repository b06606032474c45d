/** Retention as a caller sees it: what is past it is gone, what it made is not. */
import { afterAll, expect, test } from 'vitest'
import { movableClock } from '../../testing/movable-clock.ts'
import { startTestApp } from '../../testing/test-app.ts'

const clock = movableClock()
const day = 24 * 3_600_000
const app = await startTestApp({ clock, limits: { runRetentionMs: 30 * day } })
afterAll(app.stop)

const statusOf = async (runId: string) => (await app.request('GET', `/v1/runs/${runId}`)).status

test('a run past its retention is 404, and its memories stay, with it as their source', async () => {
  const runId = await app.add('Mara keeps bees.')
  await app.finished(runId)
  clock.advance(29 * day)
  const young = await app.add('Mara lives in Graz.')
  await app.finished(young)
  expect(await statusOf(runId)).toBe(200)
  clock.advance(2 * day)
  const laterStatus = () => {
    clock.advance(10 * 60_000)
    return statusOf(runId)
  }
  await expect.poll(laterStatus, { interval: 20, timeout: 20_000 }).toBe(404)
  expect(await app.request('GET', `/v1/runs/${runId}/events`)).toMatchObject({ status: 404 })
  expect(await statusOf(young)).toBe(200)
  const memories = await app.list()
  expect(memories.map(({ sources }) => sources[0]?.run_id)).toEqual([young, runId])
  expect((await app.request('GET', '/v1/users/mara')).body).toMatchObject({ run_count: 1, memory_count: 2 })
  const doctor = await app.request<{ checks: { wrong_count: number }[] }>('GET', '/v1/doctor')
  expect(doctor.body).toMatchObject({ healthy: true })
})
