/** GET /v1/runs/{run_id}/steps and GET /v1/runs/stats. */
import { afterAll, describe, expect, test } from 'vitest'
import { StepError } from '../../kernel/step-error.ts'
import { fakeExtractor } from '../../testing/fake-extractor.ts'
import { movableClock } from '../../testing/movable-clock.ts'
import { startTestApp } from '../../testing/test-app.ts'

const gate = Promise.withResolvers<void>()
const later = Promise.withResolvers<void>()
let failures = 2
const clock = movableClock()
const app = await startTestApp({
  clock,
  random: () => 0.5,
  extractor: fakeExtractor(async (text) => {
    if (text === 'held') await gate.promise
    if (text === 'held too') await later.promise
    if (text === 'flaky' && failures-- > 0)
      throw new StepError('overloaded', 'try later', { retryable: true })
    return text.split(', ')
  }),
})
afterAll(app.stop)

type Steps = { readonly steps: readonly Readonly<Record<string, unknown>>[] }
const steps = async (runId: string, query = '') =>
  (await app.request<Steps>('GET', `/v1/runs/${runId}/steps${query}`)).body.steps
const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

describe('steps', () => {
  test('tell each step with its times, what went in and what came out', async () => {
    const { run_id } = await app.finished(await app.add(['bees, hives', 'honey']))
    const common = {
      attempt: 1,
      status: 'completed',
      started_at: instant,
      completed_at: instant,
      error: null,
    }
    expect(await steps(run_id)).toEqual([
      expect.objectContaining({
        ...{ ...common, name: 'extract', type: 'extract', void: false, retry_at: null, model: null },
        inputs: { count: 2 },
        outputs: { count: 3, failed: 0 },
      }),
      expect.objectContaining({
        ...{ ...common, name: 'transform', inputs: { count: 3 } },
        outputs: { count: 3, created: 3, updated: 0 },
      }),
      expect.objectContaining({
        ...{ ...common, name: 'commit', inputs: { count: 3 } },
        outputs: { count: 3, created: 3, updated: 0, deleted: 0 },
      }),
    ])
  })

  test('show every attempt, why it failed and when it was to be tried again', async () => {
    const runId = await app.add('flaky')
    for (const attempt of [1, 2]) {
      await expect.poll(async () => (await steps(runId)).length, { timeout: 5_000 }).toBe(attempt)
      clock.advance(60_000)
    }
    await app.finished(runId)
    const all = await steps(runId)
    expect(all.map(({ name, attempt, status }) => [name, attempt, status])).toEqual([
      ['extract', 1, 'failed'],
      ['extract', 2, 'failed'],
      ['extract', 3, 'completed'],
      ['transform', 3, 'completed'],
      ['commit', 3, 'completed'],
    ])
    const error = { stage: 'extraction', code: 'overloaded', detail: 'try later' }
    expect(all[0]).toMatchObject({ error, outputs: null, retry_at: instant })
    const waited = Date.parse(String(all[0]?.retry_at)) - Date.parse(String(all[0]?.completed_at))
    expect(waited).toBeGreaterThan(0)
    expect(all[2]).toMatchObject({ error: null, retry_at: null })
  })

  test('show the one that is being done', async () => {
    const runId = await app.add('held', { user_id: 'held' })
    await expect.poll(async () => (await steps(runId))[0]?.status).toBe('running')
    expect((await steps(runId))[0]).toMatchObject({ name: 'extract', completed_at: null, duration_ms: null })
    gate.resolve()
    await app.finished(runId)
    expect((await steps(runId)).map(({ status }) => status)).toEqual(['completed', 'completed', 'completed'])
  })

  test('show outputs when asked, as long as they are not very long', async () => {
    const { run_id } = await app.finished(await app.add(['short', 'x'.repeat(70_000)]))
    const [extract] = await steps(run_id, '?include=output')
    expect(extract).toMatchObject({ output: null })
    expect(Number(extract?.output_length)).toBeGreaterThan(70_000)
    expect((await steps(run_id))[0]).not.toHaveProperty('output')
    const short = await app.finished(await app.add('brief'))
    expect((await steps(short.run_id, '?include=output'))[0]).toMatchObject({
      output: { results: [{ candidates: [{ content: 'brief' }] }] },
    })
    expect((await app.request('GET', `/v1/runs/${run_id}/steps?include=all`)).status).toBe(422)
  })
})

describe('stats', () => {
  type Window = { readonly window: string; readonly ended: number; readonly total_ms: { p50: number } | null }
  type Stats = {
    readonly states: Record<string, number>
    readonly oldest_waiting_ms: number
    readonly oldest_waiting_at: string | null
    readonly windows: readonly Window[]
  }
  const stats = async (query = '') => (await app.request<Stats>('GET', `/v1/runs/stats${query}`)).body

  test('count the runs of each state, and those that ended lately', async () => {
    const before = await stats()
    const { body } = await app.request<{ runs: { state: string }[] }>('GET', '/v1/runs?limit=100')
    expect(before.states.completed).toBe(body.runs.filter(({ state }) => state === 'completed').length)
    expect(before).toMatchObject({ oldest_waiting_at: null, oldest_waiting_ms: 0 })
    expect(before.windows.map(({ window }) => window)).toEqual(['minute', 'hour', 'day'])
    await app.finished(await app.add('counted'))
    const after = await stats()
    expect(after.states.completed).toBe((before.states.completed ?? 0) + 1)
    expect(after.windows[2]).toMatchObject({ ended: body.runs.length + 1, sampled: false })
    clock.advance(61_000)
    expect((await stats('?window=minute')).windows).toEqual([
      {
        ...{ window: 'minute', ended: 0, sampled: false, runs_per_second: 0 },
        ...{ waiting_ms: null, processing_ms: null, total_ms: null },
      },
    ])
    expect((await app.request('GET', '/v1/runs/stats?window=week')).status).toBe(422)
  })

  test('tell how long the oldest run has waited', async () => {
    await app.add('held too', { user_id: 'waiting' })
    const behind = await app.add('behind', { user_id: 'waiting' })
    clock.advance(5_000)
    const { states, oldest_waiting_ms, oldest_waiting_at } = await stats()
    const run = (await app.request<{ created_at: string }>('GET', `/v1/runs/${behind}`)).body
    later.resolve()
    await app.finished(behind)
    expect(oldest_waiting_at).toBe(run.created_at)
    expect(states.queued).toBe(1)
    expect(oldest_waiting_ms).toBeGreaterThanOrEqual(5_000)
  })
})
