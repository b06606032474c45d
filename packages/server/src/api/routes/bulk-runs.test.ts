/** What is done to many runs by a filter is a run itself, which counts, keeps the order, and survives a crash. */
import { expect, test } from 'vitest'
import { gatedModel } from '../../testing/gated-model.ts'
import { type RunBody, startTestApp, type TestApp } from '../../testing/test-app.ts'

const bulk = async (app: TestApp, action: string, filter: object, members: object = {}) => {
  const { status, body } = await app.request<RunBody>('POST', `/v1/runs/${action}`, { filter, ...members })
  expect(status).toBe(202)
  return app.finished(body.run_id)
}

test('cancel ends those that wait and those in hand, and counts them', async () => {
  const model = gatedModel()
  await using app = await startTestApp(model)
  const inHand = await app.add('wait 1')
  await model.begun('wait 1')
  const waiting = [await app.add('a'), await app.add('b'), await app.add('c')]
  const other = await app.add('other', { user_id: 'jon' })
  await app.finished(other)
  const run = await bulk(app, 'cancel', { user_id: 'mara' }, { reason: 'all off' })
  expect(run).toMatchObject({
    state: 'completed',
    input_type: 'bulk',
    outcome: 'done',
    result: { action: 'cancel', matched: 4, done: 4, unchanged: 0, refused: 0 },
  })
  for (const runId of [inHand, ...waiting]) expect((await app.finished(runId)).state).toBe('cancelled')
  expect((await app.finished(other)).state).toBe('completed')
})

test('retry opens what failed, the oldest first, and leaves the rest alone', async () => {
  const model = gatedModel()
  const texts = ['one', 'two', 'three', 'four']
  for (const text of texts) model.broken.add(text)
  await using app = await startTestApp(model)
  const runs = []
  for (const text of texts) runs.push((await app.finished(await app.add(text))).run_id)
  await app.finished(await app.add('fine'))
  model.broken.clear()
  expect(await bulk(app, 'retry', { user_id: 'mara', error: 'nonsense' })).toMatchObject({
    result: { matched: 4, done: 4 },
  })
  const ends = await Promise.all(runs.map((runId) => app.finished(runId)))
  expect(ends.map(({ state }) => state)).toEqual(Array(4).fill('completed'))
  const contents = (await app.list()).map(({ content }) => content)
  expect(contents.toReversed()).toEqual(['fine', ...texts])
})

test('replay makes new runs, once each, whatever their end was', async () => {
  await using app = await startTestApp(gatedModel())
  for (const text of ['one', 'two']) await app.finished(await app.add(text))
  expect(await bulk(app, 'replay', { state: 'completed' })).toMatchObject({ result: { matched: 2, done: 2 } })
  const { body } = await app.request<{ runs: RunBody[] }>('GET', '/v1/runs?input_type=string')
  expect(body.runs.filter(({ replay_of }) => replay_of !== null)).toHaveLength(2)
})

test.each(['cancel', 'retry', 'replay'])('%s without a filter is refused', async (action) => {
  await using app = await startTestApp(gatedModel())
  const before = (await app.request('GET', '/v1/runs')).text
  for (const filter of [{}, { user_id: null }])
    expect(await app.request('POST', `/v1/runs/${action}`, { filter })).toMatchObject({
      status: 400,
      body: { code: 'empty_filter' },
    })
  expect((await app.request('GET', '/v1/runs')).text).toBe(before)
})
