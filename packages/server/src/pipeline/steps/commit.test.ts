/** What the index and the run know once a run is committed. */
import { expect, test } from 'vitest'
import { StepError } from '../../kernel/step-error.ts'
import { fakeExtractor } from '../../testing/fake-extractor.ts'
import { openPipelineScene, type PipelineScene } from '../../testing/pipeline-scene.ts'
import { topics } from '../../testing/storage-factories.ts'

const find = async (scene: PipelineScene, terms: readonly string[], topic = 'facts') => {
  const partitions = [{ groupId: scene.groupId, userKey: 'ada' }]
  const filter = { partitions, topics: [{ topic, properties: {} }] }
  return (await scene.project.findDocuments({ ...filter, terms, window: 0 })).documents
}

test('a completed run is searchable, by what is said and what it answers', async () => {
  const statement = {
    topic: 'facts',
    content: 'Yes, since 2020.',
    context: 'Do you keep bees?',
    message: 1,
    saidAt: 7,
  }
  const extractor = { ...fakeExtractor(() => []), extract: async () => [statement] }
  await using scene = await openPipelineScene({ extractor })
  const messages = [
    { role: 'assistant', content: 'Do you keep bees?' },
    { role: 'user', content: 'Yes, since 2020.', name: 'Ada Łukasiewicz' },
  ] as const
  await scene.add({ type: 'conversation', messages }, { properties: { conversation_id: 'talk' } })
  await scene.attempt()
  const place = { session: 'talk', turn: 1, saidAt: 7, position: 0 }
  expect(await find(scene, ['2020', 'bee'])).toMatchObject([{ ...place, weights: [1, 0.5] }])
  expect((await find(scene, ['2020']))[0]?.speaker).toMatch(/^ada /)
})

test('without a conversation id the run is the session, and the inputs are its turns', async () => {
  await using scene = await openPipelineScene()
  const runId = await scene.add({ type: 'string', content: ['Ada keeps bees.', 'Ada sails boats.'] })
  const { createdAt } = await scene.attempt()
  const [bees, boats] = [await find(scene, ['bee']), await find(scene, ['boat'])]
  expect(bees).toMatchObject([{ session: runId, turn: 0, speaker: '', saidAt: createdAt }])
  expect(boats).toMatchObject([{ session: runId, turn: 1 }])
})

test('a rewritten memory is found by its new words and not by its old ones', async () => {
  const summaries = ['So far: bees.', 'So far: boats.']
  const extractor = { ...fakeExtractor(() => []), summarise: async () => summaries.shift() ?? '' }
  await using scene = await openPipelineScene({ extractor, topics })
  for (const content of ['one', 'two']) {
    await scene.add({ type: 'pre_extracted', items: [{ content, topic: 'summary' }] })
    await scene.attempt()
  }
  expect(await find(scene, ['bee'], 'summary')).toEqual([])
  expect(await find(scene, ['boat'], 'summary')).toHaveLength(1)
})

test('a project-wide memory names no user', async () => {
  await using scene = await openPipelineScene({ topics })
  await scene.add({ type: 'pre_extracted', items: [{ content: 'The sun is out.', topic: 'news' }] })
  await scene.attempt()
  expect(await scene.memories('news', null)).toMatchObject([{ userId: null, scope: { userKey: null } }])
})

test('the error of a partial run names every input that failed, in bounded length', async () => {
  const extractor = fakeExtractor((text) => {
    if (text === 'good') return [text]
    throw new StepError('invalid_output', `nonsense ${'x'.repeat(50)}`)
  })
  await using scene = await openPipelineScene({ extractor })
  const bad = Array.from({ length: 100 }, (_, index) => `bad ${index}`)
  await scene.add({ type: 'string', content: ['good', ...bad] })
  const { state, error, counts } = await scene.attempt()
  expect([state, counts.failedInputs]).toEqual(['partial', 100])
  expect(error?.detail).toMatch(/^input 1: nonsense x+; input 2: nonsense/)
  expect(error?.detail).toHaveLength(2_000)
})
