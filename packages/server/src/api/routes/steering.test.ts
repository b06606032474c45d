/** Steering runs over HTTP: cancelling, trying again, doing anew, dismissing. */
import { describe, expect, test } from 'vitest'
import { gatedModel } from '../../testing/gated-model.ts'
import { type RunBody, startTestApp, type TestApp } from '../../testing/test-app.ts'

const steer = async (app: TestApp, runId: string, what: string, body: object = {}) =>
  app.request<RunBody & { code: string }>('POST', `/v1/runs/${runId}/${what}`, body)

describe('cancelling', () => {
  test('a run that waits ends at once; asking again changes nothing', async () => {
    const model = gatedModel()
    await using app = await startTestApp(model)
    const [first, second] = [await app.add('wait 1'), await app.add('later')]
    const answer = await steer(app, second, 'cancel', { reason: 'changed my mind' })
    expect(answer).toMatchObject({
      status: 200,
      body: {
        run_id: second,
        state: 'cancelled',
        status: 'failed',
        error: 'processing failed: cancelled: changed my mind',
        committed_operations: null,
      },
    })
    expect((await steer(app, second, 'cancel', { reason: 'again' })).body).toEqual(answer.body)
    model.open('wait 1')
    expect((await app.finished(first)).state).toBe('completed')
    expect((await app.list()).map(({ content }) => content)).toEqual(['wait 1'])
  })

  test('a run that is worked on has its model call aborted, commits nothing, and its lane goes on', async () => {
    const model = gatedModel()
    await using app = await startTestApp(model)
    const [first, second] = [await app.add('wait 1'), await app.add('later')]
    await model.begun('wait 1')
    const { body } = await steer(app, first, 'cancel')
    expect(body.cancel_requested_at).not.toBeNull()
    expect(await app.finished(first)).toMatchObject({
      state: 'cancelled',
      error: 'processing failed: cancelled',
    })
    expect(model.aborted).toEqual(['wait 1'])
    expect((await app.finished(second)).state).toBe('completed')
    expect((await app.list()).map(({ content }) => content)).toEqual(['later'])
  })

  test('too late, it answers the run as it is', async () => {
    await using app = await startTestApp(gatedModel())
    const run = await app.finished(await app.add('quick'))
    expect((await steer(app, run.run_id, 'cancel')).body).toEqual(run)
  })

  test('against a commit, a thousand times: each run is wholly the one or wholly the other', async () => {
    await using app = await startTestApp(gatedModel())
    const outcomes = { completed: 0, cancelled: 0 }
    const race = async (number: number) => {
      const text = `Statement number ${number} stands alone.`
      const runId = await app.add(text, { user_id: `user ${number % 50}` })
      // Spread over the run's life: at once, or after some turns of the event loop.
      for (let turn = 0; turn < number % 40; turn++) await new Promise(setImmediate)
      await steer(app, runId, 'cancel')
      const run = await app.finished(runId)
      const operations = run.committed_operations?.created.length ?? 0
      expect([run.state, operations]).toEqual(run.state === 'completed' ? ['completed', 1] : ['cancelled', 0])
      outcomes[run.state === 'completed' ? 'completed' : 'cancelled']++
    }
    for (let first = 0; first < 1_000; first += 50)
      await Promise.all(Array.from({ length: 50 }, (_, index) => race(first + index)))
    let stored = 0
    for (let user = 0; user < 50; user++) stored += (await app.list({ user_id: `user ${user}` })).length
    expect(stored).toBe(outcomes.completed)
    expect(outcomes.cancelled).toBeGreaterThan(0)
    expect(outcomes.completed).toBeGreaterThan(0)
  })
})

describe('trying again', () => {
  test('a failed run is the same run, its next attempt', async () => {
    const model = gatedModel()
    model.broken.add('fragile')
    await using app = await startTestApp(model)
    const runId = await app.add('fragile')
    expect(await app.finished(runId)).toMatchObject({ state: 'failed', attempt: 1 })
    model.broken.clear()
    expect(await steer(app, runId, 'retry')).toMatchObject({ status: 200, body: { run_id: runId } })
    expect(await app.finished(runId)).toMatchObject({ state: 'completed', attempt: 2, error: null })
    expect((await steer(app, runId, 'retry')).body).toMatchObject({ status: 409, code: 'conflict' })
  })

  test('of a partial run only what failed is worked on again, and its result is whole', async () => {
    const model = gatedModel()
    model.broken.add('bad')
    await using app = await startTestApp(model)
    const runId = await app.add(['Mara keeps bees.', 'bad', 'Mara lives in Graz.'])
    expect(await app.finished(runId)).toMatchObject({
      state: 'partial',
      counts: { created: 2, failed_inputs: 1 },
    })
    model.broken.clear()
    await steer(app, runId, 'retry')
    expect(await app.finished(runId)).toMatchObject({
      state: 'completed',
      attempt: 2,
      counts: { inputs: 3, failed_inputs: 0, candidates: 3, created: 3, unchanged: 0 },
      committed_operations: { created: [{}, {}, {}] },
    })
    expect(await app.list()).toHaveLength(3)
  })

  test('goes on from a named step, and knows no other', async () => {
    const model = gatedModel()
    await using app = await startTestApp(model)
    const [runId] = [await app.add('wait 1')]
    await model.begun('wait 1')
    await steer(app, runId, 'cancel')
    await app.finished(runId)
    expect((await steer(app, runId, 'retry', { starting_step: 'polish' })).body).toMatchObject({
      status: 400,
      code: 'invalid_request',
      errors: [{ location: 'body.starting_step' }],
    })
    model.open('wait 1')
    expect((await steer(app, runId, 'retry')).status).toBe(200)
    expect(await app.finished(runId)).toMatchObject({ state: 'completed', cancel_requested_at: null })
  })

  test('a dismissed failure is seen; what has not failed cannot be dismissed', async () => {
    const model = gatedModel()
    model.broken.add('bad')
    await using app = await startTestApp(model)
    const [bad, good] = [await app.add('bad'), await app.add('good')]
    await Promise.all([app.finished(bad), app.finished(good)])
    const { body } = await steer(app, bad, 'dismiss')
    expect(body).toMatchObject({ state: 'failed', dismissed_at: expect.any(String) })
    expect((await steer(app, bad, 'dismiss')).body).toEqual(body)
    expect((await steer(app, good, 'dismiss')).body).toMatchObject({ status: 409, code: 'conflict' })
  })
})

test('a replay is a new run on the same input, which finds everything known', async () => {
  await using app = await startTestApp(gatedModel())
  const run = await app.finished(await app.add('Mara keeps bees.', { tags: ['once'], metadata: { a: 1 } }))
  const { body } = await steer(app, run.run_id, 'replay')
  expect(body).toMatchObject({ replay_of: run.run_id, tags: ['once'], metadata: { a: 1 }, user_id: 'mara' })
  expect(await app.finished(body.run_id)).toMatchObject({ state: 'completed', outcome: 'unchanged' })
  await app.request('DELETE', `/v1/memories/${(await app.list())[0]?.id}?user_id=mara`)
  const runs = await app.request<{ runs: RunBody[] }>('GET', '/v1/runs?input_type=delete')
  const deletion = runs.body.runs[0]?.run_id ?? ''
  expect((await steer(app, deletion, 'replay')).body).toMatchObject({ status: 409, code: 'conflict' })
})
