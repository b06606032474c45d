/** Runs that wait for each other, over the real server: what they tell, how they are let go, and a digest after a day. */
import { afterAll, describe, expect, test } from 'vitest'
import { movableClock } from '../../testing/movable-clock.ts'
import { type RunBody, startTestApp, type TestApp } from '../../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)

const topic = (topic_name: string, is_bounded: boolean, scope_properties: readonly string[] = []) => ({
  ...{ topic_name, description: '', is_bounded },
  scoping: { user_scoped: true, scope_properties },
})
const digesting = (trigger: object, properties: readonly string[] = []) => ({
  topics: [topic('Facts', false), topic('Digest', true, properties)],
  pipeline: {
    steps: [
      { name: 'extract', type: 'extract' },
      { name: 'place', type: 'transform', topics: ['Facts'] },
      { name: 'commit', type: 'commit' },
      { name: 'gather', type: 'buffer', trigger },
      { name: 'aggregate', type: 'transform', topics: ['Digest'] },
      { name: 'commit digest', type: 'commit' },
    ],
  },
})

const run = async (runId: string, { request }: TestApp = app) =>
  (await request<RunBody>('GET', `/v1/runs/${runId}`)).body
/** Answers as soon as the run waits in a buffer. */
const buffered = async (runId: string, from: TestApp = app): Promise<RunBody> => {
  for (let since = 0; ; ) {
    const { body } = await from.request<RunBody>('GET', `/v1/runs/${runId}?wait=5&since=${since}`)
    if (body.state === 'buffered') return body
    if (body.completed_at !== null) throw new Error(`run ${runId} has ended: ${JSON.stringify(body)}`)
    since = body.event_seq
  }
}
const waiting = async (content: string, members: object) => buffered(await app.add(content, { ...members }))

describe('a run in a buffer', () => {
  test('says so, for how many it waits and until when, and is listed by its state', async () => {
    await app.request('PUT', '/v1/groups/telling', digesting({ count: 5, age_seconds: 3_600 }))
    const first = await waiting('Mara keeps four hives.', { group: 'telling' })
    expect(first).toMatchObject({
      ...{ state: 'buffered', status: 'in_buffer', completed_at: null, deadline_at: null, error: null },
      waiting: { reason: 'buffer', step: 'gather', count: 1, trigger: { count: 5, age_seconds: 3_600 } },
      counts: { created: 1 },
      committed_operations: { created: [{}], updated: [], deleted: [] },
    })
    const flushAt = Date.parse(String(first.waiting?.flush_at))
    expect(flushAt - Date.parse(first.updated_at)).toBe(3_600_000)
    await waiting('Mara plays the cello.', { group: 'telling' })
    expect((await run(first.run_id)).waiting).toMatchObject({ count: 2, flush_at: first.waiting?.flush_at })
    const { body } = await app.request<{ runs: RunBody[] }>('GET', '/v1/runs?group=telling&state=buffered')
    expect(body.runs).toHaveLength(2)
    const events = await app.request('GET', `/v1/runs/${first.run_id}/events`)
    expect(events.body).toMatchObject({
      events: expect.arrayContaining([
        expect.objectContaining({
          type: 'run.buffered',
          data: { step: 'gather', count: 1, flush_at: first.waiting?.flush_at },
        }),
      ]),
    })
    expect((await app.request('GET', '/ready')).status).toBe(200)
  })

  test('goes on with the others when the buffer is full', async () => {
    await app.request('PUT', '/v1/groups/pairs', digesting({ count: 2 }))
    const first = await waiting('Mara keeps four hives.', { group: 'pairs' })
    expect(first.waiting).toMatchObject({ count: 1, flush_at: null })
    const second = await app.finished(await app.add('Mara plays the cello.', { group: 'pairs' }))
    expect(await app.finished(first.run_id)).toMatchObject({
      ...{ state: 'completed', status: 'completed', waiting: null, outcome: 'committed' },
      counts: { created: 2 },
    })
    const [digest] = await app.list({ group: 'pairs', topics: ['Digest'] })
    expect(digest?.content).toBe('Mara keeps four hives.\nMara plays the cello.')
    expect(second.committed_operations?.created.map(({ memory_id }) => memory_id)).toContain(digest?.id)
  })
})

describe('flushing', () => {
  test('a run lets its buffer go, and once more changes nothing', async () => {
    await app.request('PUT', '/v1/groups/one', digesting({ age_seconds: 3_600 }))
    const { run_id } = await waiting('Mara keeps four hives.', { group: 'one' })
    const flush = () => app.request<RunBody>('POST', `/v1/runs/${run_id}/flush`, {})
    expect(await flush()).toMatchObject({ status: 200, body: { run_id } })
    expect(await app.finished(run_id)).toMatchObject({ state: 'completed', counts: { created: 2 } })
    expect(await flush()).toMatchObject({ status: 200, body: { run_id, state: 'completed' } })
  })

  test('a run that waits for something else is a conflict', async () => {
    const runId = await app.add('Mara keeps four hives.', { delay: 3_600 })
    expect(await app.request('POST', `/v1/runs/${runId}/flush`, {})).toMatchObject({
      status: 409,
      body: { code: 'conflict', detail: expect.stringContaining('waits in no buffer') },
    })
  })

  test('a group lets those go that are meant, and counts them', async () => {
    await app.request('PUT', '/v1/groups/many', digesting({ age_seconds: 3_600 }, ['book']))
    const add = (user_id: string, book: string) =>
      waiting(`${user_id} reads ${book} again.`, { group: 'many', user_id, properties: { book } })
    const [mara, other, jo] = [
      await add('mara', 'Emma'),
      await add('mara', 'Ulysses'),
      await add('jo', 'Emma'),
    ]
    await add('mara', 'Emma too')
    const flush = async (body: object) => (await app.request('POST', '/v1/groups/many/flush', body)).body
    expect(await flush({ user_id: 'nobody' })).toEqual({ buffers: 0, runs: 0 })
    expect(await flush({ user_id: 'MARA', properties: { book: 'Emma' } })).toEqual({ buffers: 1, runs: 1 })
    await app.finished(mara.run_id)
    expect((await run(other.run_id)).state).toBe('buffered')
    expect(await flush({ properties: { book: 'Emma' } })).toEqual({ buffers: 1, runs: 1 })
    await app.finished(jo.run_id)
    expect(await flush({})).toEqual({ buffers: 2, runs: 2 })
    await app.finished(other.run_id)
    expect(await app.request('POST', '/v1/groups/nowhere/flush', {})).toMatchObject({ status: 422 })
  })
})

test('cancelling one leaves the others', async () => {
  await app.request('PUT', '/v1/groups/three', digesting({ count: 2 }))
  const first = await waiting('Mara keeps four hives.', { group: 'three' })
  const cancelled = await app.request('POST', `/v1/runs/${first.run_id}/cancel`, {})
  expect(cancelled.body).toMatchObject({ state: 'cancelled', committed_operations: { created: [{}] } })
  await waiting('Mara plays the cello.', { group: 'three' })
  await app.finished(await app.add('Mara sails.', { group: 'three' }))
  const [digest] = await app.list({ group: 'three', topics: ['Digest'] })
  expect(digest?.content).toBe('Mara plays the cello.\nMara sails.')
})

test('undoing one of several takes back what is its own, and not what they made together', async () => {
  await app.request('PUT', '/v1/groups/undone', digesting({ count: 2 }))
  const first = await waiting('Mara keeps four hives.', { group: 'undone' })
  await app.finished(await app.add('Mara plays the cello.', { group: 'undone' }))
  await app.finished(first.run_id)
  const undo = await app.request<RunBody>('POST', `/v1/runs/${first.run_id}/undo`, {})
  expect(await app.finished(undo.body.run_id)).toMatchObject({
    ...{ state: 'completed', counts: { deleted: 1 } },
    result: { conflicts: [{ reason: 'shared' }] },
  })
  expect(await app.list({ group: 'undone', topics: ['Facts'] })).toHaveLength(1)
  expect(await app.list({ group: 'undone', topics: ['Digest'] })).toHaveLength(1)
})

test('a dry run waits for nobody', async () => {
  await app.request('PUT', '/v1/groups/dry', digesting({ count: 2 }))
  const dry = await app.finished(await app.add('Mara keeps four hives.', { group: 'dry', dry_run: true }))
  expect(dry).toMatchObject({ state: 'completed', outcome: 'planned' })
})

test('the daily digest is made a day after the first thing it tells', async () => {
  const clock = movableClock()
  await using day = await startTestApp({ template: 'daily-digest', clock })
  const first = await buffered(await day.add('Mara keeps four hives behind the house.'), day)
  expect(first.waiting).toMatchObject({ reason: 'buffer', count: 1, trigger: { age_seconds: 86_400 } })
  clock.advance(20 * 3_600_000)
  const second = await buffered(await day.add('Mara plays the cello.'), day)
  expect(second.waiting).toMatchObject({ count: 2, flush_at: first.waiting?.flush_at })
  const digest = async () => (await day.list({ topics: ['DailyDigest'] })).map(({ content }) => content)
  expect(await digest()).toEqual([])
  expect((await day.list()).map(({ topic }) => topic)).toEqual(['UserKnowledge', 'UserKnowledge'])
  clock.advance(4 * 3_600_000)
  expect(await day.finished(second.run_id)).toMatchObject({ state: 'completed', counts: { created: 2 } })
  expect((await day.finished(first.run_id)).state).toBe('completed')
  expect(await digest()).toEqual(['Mara keeps four hives behind the house.\nMara plays the cello.'])
  const third = await buffered(await day.add('Mara sails to Rovinj.'), day)
  clock.advance(24 * 3_600_000)
  expect(await day.finished(third.run_id)).toMatchObject({ counts: { created: 1, updated: 1 } })
  expect(await digest()).toHaveLength(1)
})
