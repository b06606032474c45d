import { expect, test } from 'vitest'
import { StepError } from '../../kernel/step-error.ts'
import { fakeExtractor } from '../../testing/fake-extractor.ts'
import { openPipelineScene } from '../../testing/pipeline-scene.ts'

const texts = (...content: readonly string[]) => ({ type: 'string', content }) as const
const overloaded = () => new StepError('rate_limited', 'too many requests', { retryable: true })
const refused = () => new StepError('invalid_output', 'nonsense', { retryable: false })

/** An extractor that fails as told, by text, and remembers what it was asked. */
const failing = (failures: Record<string, readonly unknown[]>) => {
  const asked: string[] = []
  const left = new Map(Object.entries(failures).map(([text, errors]) => [text, [...errors]]))
  const extractor = fakeExtractor((text) => {
    asked.push(text)
    const error = left.get(text)?.shift()
    if (error !== undefined) throw error
    return [text]
  })
  return { asked, extractor }
}

test('a failure that may pass is tried again from the input that failed', async () => {
  const { asked, extractor } = failing({ two: [overloaded()] })
  await using scene = await openPipelineScene({ extractor })
  await scene.add(texts('one', 'two', 'three'))
  expect(await scene.attempt()).toMatchObject({
    state: 'running',
    failures: 1,
    error: { stage: 'extraction', code: 'rate_limited', detail: 'too many requests' },
  })
  scene.clock.advance(scene.limits.retryMaxMs)
  expect(await scene.attempt()).toMatchObject({
    state: 'completed',
    attempt: 2,
    error: null,
    counts: { created: 3 },
  })
  expect(asked).toEqual(['one', 'two', 'two', 'three'])
})

test('an unforeseen error is tried again from the input it came from as well', async () => {
  const { asked, extractor } = failing({ two: [new TypeError('undefined is not a function')] })
  await using scene = await openPipelineScene({ extractor })
  await scene.add(texts('one', 'two'))
  expect(await scene.attempt()).toMatchObject({
    error: { code: 'internal_error', detail: 'an unexpected error' },
  })
  scene.clock.advance(scene.limits.retryMaxMs)
  expect(await scene.attempt()).toMatchObject({ state: 'completed' })
  expect(asked).toEqual(['one', 'two', 'two'])
})

test('an input that takes too long is tried again; what was extracted before it is kept', async () => {
  const asked: string[] = []
  const extractor = fakeExtractor((text) => {
    const isFirst = !asked.includes(text)
    asked.push(text)
    return text === 'slow' && isFirst ? new Promise(() => {}) : [text]
  })
  await using scene = await openPipelineScene({ extractor, limits: { stepTimeoutMs: 20 } })
  await scene.add(texts('one', 'slow', 'three'))
  expect(await scene.attempt()).toMatchObject({ state: 'running', error: { code: 'timeout' } })
  scene.clock.advance(scene.limits.retryMaxMs)
  expect(await scene.attempt()).toMatchObject({ state: 'completed', counts: { created: 3 } })
  expect(asked).toEqual(['one', 'slow', 'slow', 'three'])
})

test('a batch may take longer than one input may', async () => {
  const extractor = fakeExtractor((text) => new Promise((resolve) => setTimeout(() => resolve([text]), 30)))
  await using scene = await openPipelineScene({ extractor, limits: { stepTimeoutMs: 100 } })
  await scene.add(texts('one', 'two', 'three', 'four', 'five'))
  expect(await scene.attempt()).toMatchObject({ state: 'completed', counts: { created: 5 } })
})

test('an input that fails for good does not take the others with it', async () => {
  const { extractor } = failing({ two: [refused()] })
  await using scene = await openPipelineScene({ extractor })
  await scene.add(texts('one', 'two', 'three'))
  expect(await scene.attempt()).toMatchObject({
    state: 'partial',
    outcome: 'committed',
    error: { stage: 'extraction', code: 'invalid_output', detail: 'input 1: nonsense' },
    counts: { failedInputs: 1, created: 2 },
  })
  expect((await scene.memories()).map(({ content }) => content)).toEqual(['one', 'three'])
})

test('what still fails at the last attempt fails for good, and only that', async () => {
  const { asked, extractor } = failing({ two: Array.from({ length: 9 }, overloaded) })
  await using scene = await openPipelineScene({ extractor, limits: { runFailureCountMax: 3 } })
  await scene.add(texts('one', 'two', 'three'))
  for (let attempt = 0; attempt < 2; attempt++) {
    await scene.attempt()
    scene.clock.advance(scene.limits.retryMaxMs)
  }
  expect(await scene.attempt()).toMatchObject({
    state: 'partial',
    attempt: 3,
    error: { code: 'rate_limited' },
  })
  expect(asked).toEqual(['one', 'two', 'two', 'two', 'three'])
})

test('a run whose inputs have all failed has failed', async () => {
  const { extractor } = failing({ one: [refused()] })
  await using scene = await openPipelineScene({ extractor })
  await scene.add(texts('one'))
  expect(await scene.attempt()).toMatchObject({
    state: 'failed',
    outcome: null,
    error: { stage: 'extraction', code: 'invalid_output', detail: 'nonsense' },
    counts: { failedInputs: 1 },
  })
})

test('finding nothing is no failure', async () => {
  await using scene = await openPipelineScene({ extractor: fakeExtractor(() => []) })
  await scene.add(texts('hello'))
  expect(await scene.attempt()).toMatchObject({ state: 'completed', outcome: 'no_facts', error: null })
})

test('a statement keeps where it was said: input, message, its id, role and name', async () => {
  const extractor = {
    ...fakeExtractor(() => []),
    extract: async () => [{ topic: 'facts', content: 'Ada keeps bees.', message: 1, saidAt: 7 }],
  }
  await using scene = await openPipelineScene({ extractor })
  const message = { role: 'user', content: 'I keep bees.', id: 'm-2', name: 'Ada' } as const
  const runId = await scene.add({
    type: 'conversation',
    messages: [{ role: 'assistant', content: 'Hi' }, message],
  })
  await scene.attempt()
  expect((await scene.memories())[0]?.sources).toEqual([
    { runId, input: 0, message: 1, messageId: 'm-2', role: 'user', name: 'Ada', saidAt: 7 },
  ])
})
