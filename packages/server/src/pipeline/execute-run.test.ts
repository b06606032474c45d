/** One attempt: where it starts, how it fails, what it may not repeat. */
import { expect, test } from 'vitest'
import { COMMIT_CONFLICT_COUNT_MAX } from '../kernel/limits.ts'
import type { SignalPoint } from '../kernel/signals.ts'
import { StepError } from '../kernel/step-error.ts'
import type { Storage } from '../storage/storage.ts'
import { fakeExtractor } from '../testing/fake-extractor.ts'
import { openPipelineScene, type PipelineScene } from '../testing/pipeline-scene.ts'
import { topics } from '../testing/storage-factories.ts'

const counted = () => {
  const asked: string[] = []
  const extractor = fakeExtractor((text) => {
    asked.push(text)
    return [text]
  })
  return { asked, extractor }
}

const stepsOf = async (scene: PipelineScene, runId: string) =>
  (await scene.project.listSteps(runId)).map(({ attempt, name, status }) => `${attempt} ${name} ${status}`)

/** Executes an attempt that ends at a moment as if its process had died there. */
const interruptAt = async (point: SignalPoint, times = 1) => {
  const interruption = new AbortController()
  let left = times
  const { asked, extractor } = counted()
  const signals = {
    reached: (reached: SignalPoint) => {
      if (reached === point && --left === 0) interruption.abort(new Error('the process died'))
    },
  }
  const scene = await openPipelineScene({ extractor, signals })
  const runId = await scene.add('Ada keeps bees.')
  await scene.attempt(interruption.signal)
  await scene.restart()
  return { asked, scene, runId }
}

test('a run goes through its steps, each recorded', async () => {
  await using scene = await openPipelineScene()
  const runId = await scene.add('Ada keeps bees.')
  expect(await scene.attempt()).toMatchObject({ state: 'completed', attempt: 1, failures: 0 })
  expect(await stepsOf(scene, runId)).toEqual([
    '1 extract completed',
    '1 transform completed',
    '1 commit completed',
  ])
  const events = await scene.project.listEvents({ runId, after: 0, limit: 10 })
  expect(events.map(({ type }) => type)).toEqual([
    'run.accepted',
    'run.started',
    'step.completed',
    'step.completed',
    'memory.created',
    'step.completed',
    'run.completed',
  ])
})

test.each<[string, SignalPoint, number, number, readonly string[]]>([
  [
    'before extraction',
    'mid_step',
    1,
    1,
    ['2 extract completed', '2 transform completed', '2 commit completed'],
  ],
  [
    'after extraction',
    'after_step',
    1,
    1,
    ['1 extract completed', '2 transform completed', '2 commit completed'],
  ],
  [
    'before transformation',
    'mid_step',
    2,
    1,
    ['1 extract completed', '2 transform completed', '2 commit completed'],
  ],
  [
    'after transformation',
    'after_step',
    2,
    1,
    ['1 extract completed', '1 transform completed', '2 commit completed'],
  ],
])(
  'an attempt interrupted %s goes on at the first unfinished step',
  async (_when, point, times, extractions, steps) => {
    const { asked, scene, runId } = await interruptAt(point, times)
    await using _scene = scene
    expect(await scene.run(runId)).toMatchObject({ state: 'running', attempt: 1, failures: 0 })
    expect(await scene.attempt()).toMatchObject({
      state: 'completed',
      attempt: 2,
      failures: 0,
      counts: { created: 1 },
    })
    expect(asked).toHaveLength(extractions)
    expect(await stepsOf(scene, runId)).toEqual(steps)
  },
)

test('a run that is interrupted again and again fails in the end, and frees its lane', async () => {
  await using scene = await openPipelineScene({ limits: { runInterruptionCountMax: 3 } })
  const runId = await scene.add('Ada keeps bees.')
  const next = await scene.add('Ada sails.')
  for (let interruption = 1; interruption <= 3; interruption++) {
    expect(await scene.attempt(AbortSignal.abort(new Error('the process died')))).toMatchObject({
      state: 'running',
    })
    await scene.restart()
  }
  expect(await scene.attempt()).toMatchObject({
    runId,
    state: 'failed',
    error: { stage: 'processing', code: 'interrupted', detail: 'interrupted 3 times without finishing' },
  })
  expect(await scene.attempt()).toMatchObject({ runId: next, state: 'completed' })
})

test('failures are no interruptions', async () => {
  const extractor = fakeExtractor(() => {
    throw new StepError('rate_limited', 'too many requests', { retryable: true })
  })
  await using scene = await openPipelineScene({
    extractor,
    limits: { runInterruptionCountMax: 1, runFailureCountMax: 4 },
  })
  await scene.add('Ada keeps bees.')
  for (let failures = 1; failures <= 3; failures++) {
    expect(await scene.attempt()).toMatchObject({ state: 'running', failures })
    scene.clock.advance(scene.limits.retryMaxMs)
  }
  expect(await scene.attempt()).toMatchObject({ state: 'failed', error: { code: 'rate_limited' } })
})

test('a retry waits as long as the failing side asks for', async () => {
  const extractor = fakeExtractor(() => {
    throw new StepError('rate_limited', 'too many requests', { retryable: true, retryAfterMs: 30_000 })
  })
  await using scene = await openPipelineScene({ extractor })
  const runId = await scene.add('Ada keeps bees.')
  const { retryAt, updatedAt } = await scene.attempt()
  expect((retryAt ?? 0) - updatedAt).toBe(30_000)
  await expect(scene.attempt()).rejects.toThrow('there is no run to claim')
  expect(await stepsOf(scene, runId)).toEqual(['1 extract failed'])
})

/** A scene in which the memories have moved under every plan, `times` times. */
const contended = (times: number) => {
  let left = times
  const wrap = (storage: Storage): Storage => ({
    ...storage,
    project: (projectId) => ({
      ...storage.project(projectId),
      commitRun: async (params) =>
        left-- > 0
          ? { kind: 'conflict', memoryId: params.operations[0]?.memoryId ?? '' }
          : storage.project(projectId).commitRun(params),
    }),
  })
  return openPipelineScene({ wrap })
}

test('when the memories moved under a run it transforms again, without extracting again', async () => {
  await using scene = await contended(COMMIT_CONFLICT_COUNT_MAX)
  const runId = await scene.add('Ada keeps bees.')
  expect(await scene.attempt()).toMatchObject({ state: 'completed', failures: 0 })
  const events = await scene.project.listEvents({ runId, after: 0, limit: 100 })
  const steps = events.flatMap(({ type, data }) => (type === 'step.completed' ? [data.step] : []))
  expect(steps.filter((step) => step === 'extract')).toHaveLength(1)
  expect(steps.filter((step) => step === 'transform')).toHaveLength(1 + COMMIT_CONFLICT_COUNT_MAX)
})

test('memories that keep moving are a failure that is tried again later', async () => {
  await using scene = await contended(COMMIT_CONFLICT_COUNT_MAX + 1)
  await scene.add('Ada keeps bees.')
  expect(await scene.attempt()).toMatchObject({
    state: 'running',
    failures: 1,
    error: { stage: 'commit', code: 'conflict', detail: 'the memories kept changing' },
  })
  scene.clock.advance(scene.limits.retryMaxMs)
  expect(await scene.attempt()).toMatchObject({ state: 'completed', error: null })
})

test('32 users who say the same of everybody at once make one memory, and all runs complete', async () => {
  await using scene = await openPipelineScene({ topics, limits: { runConcurrencyMax: 32 } })
  const item = { content: 'The sun is out.', topic: 'news' }
  const users = Array.from({ length: 32 }, (_, n) => `user ${n}`)
  const runIds = await Promise.all(
    users.map((userKey) => scene.add({ type: 'pre_extracted', items: [item] }, { userKey })),
  )
  scene.startWork()
  const runs = await Promise.all(
    runIds.map((runId) => scene.until(runId, ({ completedAt }) => completedAt !== null)),
  )
  expect(runs.filter(({ outcome }) => outcome === 'committed')).toHaveLength(1)
  expect(runs.filter(({ outcome }) => outcome === 'unchanged')).toHaveLength(31)
  const [memory, ...others] = await scene.memories('news', null)
  expect(others).toEqual([])
  expect(memory?.sources).toHaveLength(32)
})

test('a transform that takes too long is tried again', async () => {
  const extractor = { ...fakeExtractor((text) => [text]), summarise: () => new Promise<string>(() => {}) }
  await using scene = await openPipelineScene({ extractor, topics, limits: { stepTimeoutMs: 20 } })
  const items = [{ content: 'Ada keeps bees.', topic: 'summary' }]
  const runId = await scene.add({ type: 'pre_extracted', items })
  expect(await scene.attempt()).toMatchObject({
    state: 'running',
    error: { stage: 'transformation', code: 'timeout' },
  })
  expect(await stepsOf(scene, runId)).toEqual(['1 extract completed', '1 transform failed'])
})
