/** Steering runs over HTTP: how an add may be worked off, cancelling, trying again, doing anew, dismissing. */
import { afterAll, describe, expect, test } from 'vitest'
import { StepError } from '../../kernel/step-error.ts'
import { fakeExtractor } from '../../testing/fake-extractor.ts'
import { movableClock } from '../../testing/movable-clock.ts'
import { type RunBody, startTestApp, type TestApp } from '../../testing/test-app.ts'

/** A model that answers when a test lets it, and tells when its call was aborted. */
const gatedModel = () => {
  const begun = new Map<string, PromiseWithResolvers<void>>()
  const opened = new Map<string, PromiseWithResolvers<void>>()
  const aborted: string[] = []
  const gate = (gates: Map<string, PromiseWithResolvers<void>>, text: string) => {
    const known = gates.get(text) ?? Promise.withResolvers<void>()
    gates.set(text, known)
    return known
  }
  const broken = new Set<string>()
  const extractor = fakeExtractor(async (text, { signal }) => {
    gate(begun, text).resolve()
    signal.addEventListener('abort', () => aborted.push(text))
    if (text.startsWith('wait')) await gate(opened, text).promise
    if (broken.has(text)) throw new StepError('invalid_output', 'the model answered nonsense')
    return [text]
  })
  return {
    extractor,
    broken,
    aborted,
    begun: (text: string) => gate(begun, text).promise,
    open: (text: string) => gate(opened, text).resolve(),
  }
}

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

describe('an add that says how', () => {
  const clock = movableClock()
  const model = gatedModel()
  const opening = startTestApp({ ...model, clock })
  afterAll(async () => (await opening).stop())

  test('with a delay starts later, and says when', async () => {
    const app = await opening
    const runId = await app.add('delayed', { delay: 3_600 })
    const { body } = await app.request<RunBody>('GET', `/v1/runs/${runId}`)
    expect(body).toMatchObject({ state: 'queued', waiting: { reason: 'delay', until: expect.any(String) } })
    expect((await app.finished(await app.add('meanwhile'))).state).toBe('completed')
    clock.advance(3_600_000)
    expect((await app.finished(runId)).state).toBe('completed')
  })

  test('with a time to live is cancelled when it has not started by then', async () => {
    const app = await opening
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

  test('with a timeout fails when it has not ended by then', async () => {
    const app = await opening
    const run = await app.finished(await app.add('wait for ever', { timeout: 0.05 }))
    expect(run).toMatchObject({
      state: 'failed',
      error: 'extraction failed: the run was not finished within 0.05 s',
    })
    expect(model.aborted).toContain('wait for ever')
  })

  test('with the rule reject is refused while a run of its user is open, with supersede it takes its place', async () => {
    const app = await opening
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
    const app = await opening
    const before = (await app.request('GET', '/v1/runs')).text
    const body = { input: { string: { content: ['x'] } }, user_id: 'mara', ...members }
    expect(await app.request('POST', '/v1/memories', body)).toMatchObject({
      status: 422,
      body: { code: 'invalid_body' },
    })
    expect((await app.request('GET', '/v1/runs')).text).toBe(before)
  })
})
