/** Runs that fail, wholly or in part: every failure ends in a state that tells what was done and what was not. */
import { describe, expect, test } from 'vitest'
import { StepError } from '../kernel/step-error.ts'
import { fakeExtractor } from '../testing/fake-extractor.ts'
import { movableClock } from '../testing/movable-clock.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { type RunBody, startTestApp } from '../testing/test-app.ts'

const fast = { retryBaseMs: 1, retryMaxMs: 2, runFailureCountMax: 3 }

const refuse = () => {
  throw new StepError('invalid_output', 'the model answered nonsense')
}
const overload = (retryAfterMs = 0) => {
  throw new StepError('rate_limited', 'the model is busy', { retryable: true, retryAfterMs })
}

describe('an input that fails for good', () => {
  test('leaves the others committed: the run is partial and names it', async () => {
    const extractor = fakeExtractor((text) => (text === 'bad' ? refuse() : [text]))
    await using app = await startTestApp({ extractor })
    const run = await app.finished(await app.add(['Mara keeps bees.', 'bad', 'Mara lives in Graz.']))
    expect(run).toMatchObject({
      status: 'failed',
      state: 'partial',
      attempt: 1,
      outcome: 'committed',
      error: 'extraction failed: input 1: the model answered nonsense',
      counts: { inputs: 3, failed_inputs: 1, candidates: 2, created: 2 },
      committed_operations: { created: [{}, {}], updated: [], deleted: [] },
    })
    expect((await app.list()).map(({ content }) => content).sort()).toEqual([
      'Mara keeps bees.',
      'Mara lives in Graz.',
    ])
    const listed = await app.request('GET', '/v1/runs?state=partial&status=failed')
    expect(listed).toMatchObject({ body: { runs: [{ run_id: run.run_id }] } })
  })

  test('fails the run when it is every one', async () => {
    await using app = await startTestApp({ extractor: fakeExtractor(refuse) })
    const run = await app.finished(await app.add(['one', 'two']))
    expect(run).toMatchObject({
      status: 'failed',
      state: 'failed',
      outcome: null,
      error: expect.stringMatching(/^extraction failed: .*the model answered nonsense/),
      counts: { inputs: 2, failed_inputs: 2, created: 0 },
      committed_operations: null,
    })
    expect(await app.list()).toEqual([])
  })

  test('does not hold up the next run of its user', async () => {
    const extractor = fakeExtractor((text) => (text === 'bad' ? refuse() : [text]))
    await using app = await startTestApp({ extractor })
    const [failing, next] = [await app.add('bad'), await app.add('good')]
    expect([(await app.finished(failing)).state, (await app.finished(next)).state]).toEqual([
      'failed',
      'completed',
    ])
  })
})

describe('what may pass by itself', () => {
  test('is tried again after a wait that doubles, no sooner than the failing side asks, until it works', async () => {
    const clock = movableClock()
    let calls = 0
    const extractor = fakeExtractor((text) => {
      calls++
      if (calls <= 2) overload(calls === 1 ? 0 : 30_000)
      return [text]
    })
    const random = () => 0.5
    const limits = { retryBaseMs: 10_000, retryMaxMs: 60_000 }
    await using app = await startTestApp({ extractor, clock, random, limits })
    const runId = await app.add('Worth the wait.')
    const waiting = (attempt: number) =>
      expect
        .poll(async () => (await app.request<RunBody>('GET', `/v1/runs/${runId}`)).body, { interval: 3 })
        .toMatchObject({
          status: 'running',
          state: 'running',
          attempt,
          error: null,
          waiting: { reason: 'retry' },
        })
    const waitMs = async () => {
      const { body } = await app.request<RunBody>('GET', `/v1/runs/${runId}`)
      return Date.parse(body.waiting?.until ?? '') - Date.parse(body.updated_at)
    }
    await waiting(1)
    expect(await waitMs()).toBe(5_000)
    clock.advance(5_000)
    await waiting(2)
    expect(await waitMs()).toBe(30_000)
    clock.advance(29_000)
    await waiting(2)
    clock.advance(1_000)
    expect(await app.finished(runId)).toMatchObject({
      status: 'completed',
      attempt: 3,
      error: null,
      waiting: null,
    })
    expect(calls).toBe(3)
  })

  test('does not make inputs that are done be done again', async () => {
    const calls: string[] = []
    const extractor = fakeExtractor((text) => {
      calls.push(text)
      if (text === 'second' && calls.length === 2) overload()
      return [`${text} is known`]
    })
    await using app = await startTestApp({ extractor, limits: fast })
    const run = await app.finished(await app.add(['first', 'second', 'third']))
    expect(run).toMatchObject({ status: 'completed', attempt: 2, counts: { created: 3 } })
    expect(calls).toEqual(['first', 'second', 'second', 'third'])
  })

  test('fails for good after the last attempt, with the reason', async () => {
    let calls = 0
    const extractor = fakeExtractor(() => {
      calls++
      return overload()
    })
    await using app = await startTestApp({ extractor, limits: fast })
    const run = await app.finished(await app.add('Never.'))
    expect(run).toMatchObject({
      status: 'failed',
      state: 'failed',
      attempt: 3,
      error: expect.stringMatching(/^extraction failed: .*the model is busy/),
      committed_operations: null,
    })
    expect(calls).toBe(3)
    const { body } = await app.request<{ events: { type: string; data: object }[] }>(
      'GET',
      `/v1/runs/${run.run_id}/events`,
    )
    const types = body.events.map(({ type }) => type)
    expect(types.filter((type) => type === 'run.retrying')).toHaveLength(2)
    expect(types.at(-1)).toBe('run.failed')
  })

  test('fails one input alone after the last attempt: the run is partial', async () => {
    const extractor = fakeExtractor((text) => (text === 'stuck' ? overload() : [text]))
    await using app = await startTestApp({ extractor, limits: fast })
    const run = await app.finished(await app.add(['Mara keeps bees.', 'stuck', 'Mara lives in Graz.']))
    expect(run).toMatchObject({
      state: 'partial',
      attempt: 3,
      error: 'extraction failed: input 1: the model is busy',
      counts: { failed_inputs: 1, created: 2 },
    })
  })
})

describe('an extractor that misbehaves', () => {
  test('hangs and ignores its signal: the attempt ends in time, the run after its attempts', async () => {
    const signals: AbortSignal[] = []
    const extractor = fakeExtractor((_text, { signal }) => {
      signals.push(signal)
      return new Promise(() => {})
    })
    await using app = await startTestApp({ extractor, limits: { ...fast, stepTimeoutMs: 20 } })
    const run = await app.finished(await app.add('Hanging.'))
    expect(run).toMatchObject({
      state: 'failed',
      attempt: 3,
      error: expect.stringMatching(/^extraction failed: .*not finished within 0\.02 s/),
      committed_operations: null,
    })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true])
  })

  test('throws a bug: the run fails, and the answer shows nothing of the inside', async () => {
    const extractor = fakeExtractor(() => {
      throw new TypeError('secret of the inside')
    })
    await using app = await startTestApp({ extractor, limits: fast })
    const run = await app.finished(await app.add('Buggy.'))
    expect(run).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(/^extraction failed: .*an unexpected error/),
    })
    const events = await app.request('GET', `/v1/runs/${run.run_id}/events`)
    expect(events.text).not.toContain('secret of the inside')
  })

  test('names a topic that is none: the run fails and says so', async () => {
    const lost = fakeExtractor((text) => [text])
    const extract: typeof lost.extract = async (request) =>
      (await lost.extract(request)).map((statement) => ({ ...statement, topic: 'Nowhere' }))
    await using app = await startTestApp({ extractor: { ...lost, extract } })
    const run = await app.finished(await app.add('Lost.'))
    expect(run).toMatchObject({
      status: 'failed',
      error: 'extraction failed: topic "Nowhere" not found in group "default"',
    })
    expect(await app.list()).toEqual([])
  })

  test('fails to summarise: the run fails in its transformation, and nothing is committed', async () => {
    const extractor = { ...fakeExtractor((text) => [text]), summarise: refuse }
    await using app = await startTestApp({ extractor, template: 'personalization-with-summary' })
    const items = [
      { content: 'Keeps bees', topic: 'UserKnowledge' },
      { content: 'About bees', topic: 'ConversationSummary' },
    ]
    const runId = await app.add({ pre_extracted: { items } }, { properties: { conversation_id: 'c' } })
    expect(await app.finished(runId)).toMatchObject({
      state: 'failed',
      error: 'transformation failed: the model answered nonsense',
      committed_operations: null,
    })
    expect(await app.list()).toEqual([])
  })
})

test('a stopping server leaves the run in hand to the next start, which finishes it', async () => {
  const stuck = fakeExtractor(
    (_text, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  )
  using folder = temporaryFolder()
  const first = await startTestApp({ extractor: stuck, dataDir: folder.path, limits: { drainMs: 10 } })
  const runId = await first.add('Survives.')
  await first.stop()
  await using second = await startTestApp({
    extractor: fakeExtractor((text) => [text]),
    dataDir: folder.path,
  })
  expect(await second.finished(runId)).toMatchObject({ status: 'completed', error: null })
  expect((await second.list()).map(({ content }) => content)).toEqual(['Survives.'])
})
