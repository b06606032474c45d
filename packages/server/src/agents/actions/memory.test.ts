/** Searching and keeping memories in the scope of a run, and in no other. */
import { expect, test } from 'vitest'
import { StepError } from '../../kernel/step-error.ts'
import type { ModelUse } from '../../models/model.ts'
import type { CommitStepParams } from '../../storage/storage.ts'
import { type ActionScene, openActionScene } from '../../testing/action-scene.ts'
import { fakeExtractor } from '../../testing/fake-extractor.ts'
import { runCounts, stepRecord, topics } from '../../testing/storage-factories.ts'
import type { ActionSpec } from '../action-spec.ts'
import type { ActionAnswer } from './action.ts'
import { createActions } from './index.ts'

const search: ActionSpec = { type: 'memory_search', name: 'remember', description: 'Searches.', limit: 5 }
const add = (topic: string | null = null): ActionSpec => ({
  ...{ type: 'memory_add', name: 'keep', description: 'Keeps.', topic },
})

const remember = async (scene: ActionScene) => {
  const worker = scene.startWork()
  const runs = [
    await scene.add('Ada keeps bees in Graz.', { userKey: 'ada' }),
    await scene.add('Ben keeps bees in Rome.', { userKey: 'ben' }),
  ]
  for (const runId of runs) await scene.until(runId, ({ completedAt }) => completedAt !== null)
  await worker.stop()
}

test('a search sees the memories of its user, and nobody else`s', async () => {
  await using scene = await openActionScene()
  await remember(scene)
  const [memory] = await scene.memories()
  expect(await scene.perform(search, { query: 'bees' })).toEqual({
    output: {
      memories: [
        {
          memory_id: memory?.memoryId,
          content: 'Ada keeps bees in Graz.',
          topic: 'facts',
          score: expect.any(Number),
          created_at: expect.stringMatching(/^20.*Z$/),
        },
      ],
    },
    isError: false,
  })
  for (const userKey of ['cleo', null])
    expect(await scene.perform(search, { query: 'bees' }, { userKey })).toMatchObject({
      output: { memories: [] },
    })
})

test('a search answers no more than its spec and its arguments say', async () => {
  await using scene = await openActionScene()
  const worker = scene.startWork()
  for (let number = 0; number < 8; number++) await scene.add(`Ada keeps hive number ${number}.`)
  await expect.poll(async () => (await scene.memories()).length).toBe(8)
  await worker.stop()
  const found = async (given: object) => {
    const { output } = await scene.perform(search, { query: 'hive', ...given })
    return (output as { memories: unknown[] }).memories.length // safety: the search answers that
  }
  expect([await found({}), await found({ limit: 2 }), await found({ limit: 50 })]).toEqual([5, 2, 5])
})

test('topics of which the run does not name the scope are neither searched nor added to', async () => {
  await using scene = await openActionScene({ topics: topics.slice(0, 3) })
  const trip = { properties: { trip: 'Rome' } }
  await commit(scene, await performed(scene, { content: 'Ada liked the pizza.', topic: 'trips' }, trip))
  const searched = (options: object) => scene.perform(search, { query: 'pizza' }, options)
  expect(await searched(trip)).toMatchObject({ output: { memories: [{ topic: 'trips' }] } })
  expect(await searched({})).toMatchObject({ output: { memories: [] } })
  expect(await searched({ properties: { trip: 'Oslo' } })).toMatchObject({ output: { memories: [] } })
  for (const topic of ['trips', 'nothing'])
    expect(await scene.perform(add(), { content: 'Ada liked it.', topic })).toEqual({
      output: { error: `there is no topic "${topic}" in this scope; there is facts, news` },
      isError: true,
    })
})

/** What an add answers, with the attempt it was asked in. */
const performed = async (
  scene: ActionScene,
  given: Readonly<Record<string, unknown>>,
  options: Parameters<ActionScene['startAttempt']>[0] = {},
) => {
  const attempt = await scene.startAttempt(options)
  await using actions = await createActions(scene.actionDependencies(), attempt, [add()])
  const [action] = actions.list
  if (action === undefined) throw new Error('there is no action')
  const call = { arguments: given, stepName: 'action-1-1', attempt, signal: attempt.signal }
  return { attempt, action, call, answer: await action.perform(call) }
}

const commit = (
  scene: ActionScene,
  { attempt, answer }: { attempt: { claim: CommitStepParams['claim'] }; answer: ActionAnswer },
) => {
  if (answer.change === undefined) throw new Error(`nothing changes: ${JSON.stringify(answer)}`)
  return scene.project.commitStep({
    ...{ claim: attempt.claim, ...answer.change, now: scene.clock.now() },
    step: stepRecord({ name: 'action-1-1', type: 'action', output: answer.output }),
  })
}

test('what is added is an operation of the run itself, and says so in its sources', async () => {
  await using scene = await openActionScene()
  const done = await performed(scene, { content: 'Ada sails.' })
  const { runId } = done.attempt.run
  expect(done.answer).toMatchObject({
    output: { run_id: runId, created: 1, updated: 0, unchanged: 0 },
    change: { counts: runCounts({ inputs: 0, candidates: 1, created: 1 }) },
  })
  expect(await scene.memories()).toEqual([])
  expect(await commit(scene, done)).toEqual({ kind: 'committed' })
  expect(await scene.memories()).toMatchObject([{ content: 'Ada sails.', sources: [{ runId, input: 0 }] }])
  expect((await scene.project.getRun(runId))?.operations).toMatchObject([{ kind: 'create' }])
})

test('what is known already is not added again, and what says more replaces it', async () => {
  await using scene = await openActionScene()
  await remember(scene)
  const known = await performed(scene, { content: 'Ada keeps bees in Graz.', topic: 'facts' })
  expect(known.answer).toMatchObject({ output: { created: 0, updated: 0, unchanged: 1 } })
  expect(await commit(scene, known)).toEqual({ kind: 'committed' })
  const more = await performed(scene, { content: 'Ada keeps bees in Graz since 2020.' })
  expect(more.answer).toMatchObject({ output: { created: 0, updated: 1, unchanged: 0 } })
  expect(await commit(scene, more)).toEqual({ kind: 'committed' })
  expect(await scene.memories()).toMatchObject([
    { content: 'Ada keeps bees in Graz since 2020.', version: 2 },
  ])
})

test('a user-scoped memory has no place in a run of nobody', async () => {
  await using scene = await openActionScene()
  expect(await scene.perform(add('facts'), { content: 'Somebody sails.' }, { userKey: null })).toEqual({
    output: { error: 'there is no topic "facts" in this scope; there is none' },
    isError: true,
  })
})

test('the extractor is asked unless the topic is named, metered, and only once for a step', async () => {
  const asked: string[] = []
  const use: ModelUse = { model: 'm', inputTokens: 10, outputTokens: 2, cost: 0 }
  const extractor = fakeExtractor((text, { used }) => {
    asked.push(text)
    used?.(use)
    return text.split('\n')
  })
  const uses: ModelUse[] = []
  await using scene = await openActionScene({ extractor })
  const done = await performed(
    scene,
    { content: 'Ada sails.\nAda sings.' },
    { used: (one) => uses.push(one) },
  )
  expect(done.answer).toMatchObject({ output: { created: 2 } })
  expect(await done.action.perform(done.call)).toMatchObject({ output: { created: 2 } })
  expect([asked.length, uses]).toEqual([1, [use]])
  await performed(scene, { content: 'Ada sails.', topic: 'facts' })
  expect(asked).toHaveLength(1)
})

test('a failing extractor fails the step if that may pass, and is an answer if not', async () => {
  let retryable = true
  const extractor = fakeExtractor(() => {
    throw new StepError('invalid_output', 'nonsense', { retryable })
  })
  await using scene = await openActionScene({ extractor })
  await expect(scene.perform(add(), { content: 'Ada sails.' })).rejects.toMatchObject({
    code: 'invalid_output',
    retryable: true,
  })
  retryable = false
  expect(await scene.perform(add(), { content: 'Ada sails.' })).toEqual({
    output: { error: 'nonsense' },
    isError: true,
  })
})
