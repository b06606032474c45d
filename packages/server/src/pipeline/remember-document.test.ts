/** Documents: read once, remembered portion by portion, in order, and never twice. */
import { expect, test } from 'vitest'
import { DOCUMENT_PART_LENGTH_MAX, DOCUMENT_PORTION_COUNT_MAX } from '../kernel/limits.ts'
import type { SignalPoint } from '../kernel/signals.ts'
import { StepError } from '../kernel/step-error.ts'
import { defaultPipeline, type Pipeline } from '../projects/pipeline.ts'
import type { DocumentInput } from '../runs/input.ts'
import { fakeExtractor } from '../testing/fake-extractor.ts'
import {
  openPipelineScene,
  type PipelineScene,
  type PipelineSceneOptions,
} from '../testing/pipeline-scene.ts'

/** A part of its own for each of the statements. */
const textOf = (statements: readonly string[]): string =>
  statements.map((statement) => `* ${statement}\n${'x'.repeat(DOCUMENT_PART_LENGTH_MAX - 100)}`).join('\n\n')

const documentOf = (statements: readonly string[], members: Partial<DocumentInput> = {}): DocumentInput => ({
  ...{ type: 'document', content: { text: textOf(statements) } },
  ...members,
})

const fileOf = (text: string, filename: string) => ({
  file: { base64: Buffer.from(text, 'latin1').toString('base64'), filename, mediaType: null },
})

/** Finds the lines that are marked, and remembers what it was asked; the errors of a statement are thrown one by one before it is found. */
const marked = (errors: Record<string, readonly StepError[]> = {}) => {
  const asked: string[] = []
  const left = new Map(Object.entries(errors).map(([statement, list]) => [statement, [...list]]))
  const extractor = fakeExtractor((text) => {
    const found = text.split('\n').flatMap((line) => (line.startsWith('* ') ? [line.slice(2)] : []))
    asked.push(...found)
    const error = found.map((statement) => left.get(statement)?.shift()).find(Boolean)
    if (error !== undefined) throw error
    return found
  })
  return { asked, extractor }
}

const trees = ['alder', 'birch', 'cedar', 'doum', 'elm', 'fir', 'ginkgo', 'hazel', 'ilex', 'juniper']
const statements = trees.map((tree) => `Ada planted the ${tree} herself.`)

const contentsOf = async (scene: PipelineScene) => (await scene.memories()).map(({ content }) => content)
const stepsOf = async (scene: PipelineScene, runId: string) =>
  (await scene.project.listSteps(runId))
    .filter(({ status }) => status === 'completed')
    .map(({ attempt, name }) => `${attempt} ${name}`)

const open = (options: PipelineSceneOptions = {}) => openPipelineScene({ ...marked(), ...options })

test('a long document is read and goes portion by portion to its commit, in order', async () => {
  await using scene = await open()
  const runId = await scene.add(documentOf(statements, { createdAt: 5 }))
  expect(await scene.attempt()).toMatchObject({
    state: 'completed',
    outcome: 'committed',
    error: null,
    counts: { inputs: 10, failedInputs: 0, candidates: 10, created: 10 },
  })
  expect(await stepsOf(scene, runId)).toEqual([
    '1 read document',
    ...[1, 2, 3].flatMap((portion) =>
      ['extract', 'transform', 'commit'].map((name) => `1 ${name} [${portion}]`),
    ),
    '1 end of document',
  ])
  expect(await contentsOf(scene)).toEqual(statements)
  const sources = (await scene.memories()).flatMap((memory) => memory.sources)
  expect(sources.map(({ input, saidAt }) => [input, saidAt])).toEqual(trees.map((_, index) => [index, 5]))
})

test('what was committed is there, and told by the run, while the rest is still worked on', async () => {
  const seen: unknown[] = []
  const { extractor } = marked()
  const looking = fakeExtractor(async (text, request) => {
    const [runId] = [seen.length === 0 ? '' : String(seen[0])]
    if (runId !== '') {
      const view = await scene.project.getRun(runId)
      seen.push([view?.run.state, view?.operations.length, view?.run.counts.created])
    }
    return (await extractor.extract({ ...request, passage: { type: 'text', text, saidAt: 0 } })).map(
      ({ content }) => content,
    )
  })
  await using scene = await open({ extractor: looking })
  seen.push(await scene.add(documentOf(statements)))
  await scene.attempt()
  expect(seen[1]).toEqual(['running', 0, 0])
  expect(seen[DOCUMENT_PORTION_COUNT_MAX + 1]).toEqual(['running', 4, 4])
  expect(seen.at(-1)).toEqual(['running', 8, 8])
})

test('a short document goes through as any other text', async () => {
  await using scene = await open()
  const runId = await scene.add(documentOf(statements.slice(0, 2)))
  expect(await scene.attempt()).toMatchObject({ state: 'completed', counts: { inputs: 2, created: 2 } })
  expect(await stepsOf(scene, runId)).toEqual(['1 read document', '1 extract', '1 transform', '1 commit'])
})

test.each<[SignalPoint, number]>([
  ['after_step', 1],
  ['after_step', 2],
  ['after_step', 3],
  ['after_step', 6],
  ['mid_step', 4],
  ['mid_step', 7],
])('interrupted at %s, time %i, it goes on where it was and does nothing twice', async (point, times) => {
  const interruption = new AbortController()
  let left = times
  const { asked, extractor } = marked()
  const signals = {
    reached: (reached: SignalPoint) => {
      if (reached === point && --left === 0) interruption.abort(new Error('the process died'))
    },
  }
  await using scene = await open({ extractor, signals })
  const runId = await scene.add(documentOf(statements))
  await scene.attempt(interruption.signal)
  expect((await scene.run(runId)).state).toBe('running')
  await scene.restart()
  scene.clock.advance(scene.limits.leaseMs + 1)
  expect(await scene.attempt()).toMatchObject({
    ...{ state: 'completed', attempt: 2 },
    counts: { inputs: 10, candidates: 10, created: 10, unchanged: 0 },
  })
  expect(await contentsOf(scene)).toEqual(statements)
  const names = (await stepsOf(scene, runId)).map((step) => step.slice(2))
  expect(new Set(names).size).toBe(names.length)
  // The part in hand may have been asked about again, nothing else.
  expect(asked.length).toBeLessThanOrEqual(statements.length + DOCUMENT_PORTION_COUNT_MAX)
})

test('a part that fails for good fails alone, and only its portion is worked on again when somebody asks for it', async () => {
  const refused = new StepError('invalid_output', 'nonsense', { retryable: false })
  const { asked, extractor } = marked({ 'Ada planted the birch herself.': [refused] })
  await using scene = await open({ extractor })
  const runId = await scene.add(documentOf(statements))
  expect(await scene.attempt()).toMatchObject({
    state: 'partial',
    error: { stage: 'extraction', code: 'invalid_output', detail: 'input 1: nonsense' },
    counts: { inputs: 10, failedInputs: 1, created: 9 },
  })
  asked.length = 0
  await scene.project.requeueRun({ runId, voidSteps: [], queueDepthMax: 10, now: scene.clock.now() })
  expect(await scene.attempt()).toMatchObject({
    ...{ state: 'completed', error: null },
    counts: { inputs: 10, failedInputs: 0, candidates: 10, created: 10, unchanged: 0 },
  })
  expect(asked).toEqual(['Ada planted the birch herself.'])
  expect(new Set(await contentsOf(scene))).toEqual(new Set(statements))
})

test('a document whose every part fails has failed', async () => {
  const extractor = fakeExtractor(() => {
    throw new StepError('invalid_output', 'nonsense', { retryable: false })
  })
  await using scene = await open({ extractor })
  await scene.add(documentOf(statements))
  expect(await scene.attempt()).toMatchObject({ state: 'failed', counts: { inputs: 10, failedInputs: 10 } })
})

test('a failure that may pass is tried again from the part that failed', async () => {
  const busy = new StepError('rate_limited', 'too many requests', { retryable: true })
  const { asked, extractor } = marked({ 'Ada planted the fir herself.': [busy] })
  await using scene = await open({ extractor })
  await scene.add(documentOf(statements))
  expect(await scene.attempt()).toMatchObject({ state: 'running', failures: 1, counts: { created: 4 } })
  scene.clock.advance(scene.limits.retryMaxMs)
  expect(await scene.attempt()).toMatchObject({ state: 'completed', counts: { created: 10 } })
  expect(asked.length).toBe(statements.length + 1)
})

test('a cancelled document keeps what it had committed', async () => {
  const { extractor } = marked()
  const cancelling = fakeExtractor(async (text, request) => {
    const found = await extractor.extract({ ...request, passage: { type: 'text', text, saidAt: 0 } })
    if (text.includes('fir'))
      await scene.project.cancelRun({ runId, reason: 'enough', now: scene.clock.now() })
    return found.map(({ content }) => content)
  })
  await using scene = await open({ extractor: cancelling })
  const runId = await scene.add(documentOf(statements))
  expect(await scene.attempt()).toMatchObject({ state: 'cancelled', counts: { created: 4 } })
  expect(await contentsOf(scene)).toEqual(statements.slice(0, 4))
})

test('a dry run shows all of a document and commits nothing', async () => {
  await using scene = await open()
  await scene.add(documentOf(statements), { options: { dryRun: true } })
  expect(await scene.attempt()).toMatchObject({
    ...{ state: 'completed', outcome: 'planned' },
    result: { operation_count: 10 },
  })
  expect(await contentsOf(scene)).toEqual([])
})

test('behind a buffer a document waits with all it has', async () => {
  const pipeline: Pipeline = {
    steps: [
      { name: 'extract', type: 'extract', next: 'gather', inputs: null },
      { name: 'gather', type: 'buffer', next: 'transform', trigger: { count: 2, ageMs: null, idleMs: null } },
      ...defaultPipeline.steps.slice(1),
    ],
  }
  await using scene = await open({ pipeline })
  const first = await scene.add(documentOf(statements.slice(0, 6)))
  expect((await scene.attempt()).state).toBe('buffered')
  await scene.add(documentOf(statements.slice(6)))
  await scene.attempt()
  await scene.attempt()
  expect(await scene.run(first)).toMatchObject({ state: 'completed', counts: { created: 6 } })
  expect(await contentsOf(scene)).toEqual(statements)
})

test('a file is read; one that cannot be says why, and is not tried again', async () => {
  const { extractor } = marked()
  await using scene = await open({ extractor })
  await scene.add({ type: 'document', content: fileOf('# Trees\n\n* Ada planted the yew.\n', 'trees.txt') })
  expect(await scene.attempt()).toMatchObject({ state: 'completed', counts: { created: 1 } })
  const runId = await scene.add({ type: 'document', content: fileOf('\x89PNG\r\n\x1a\n\0\0', 'tree.png') })
  expect(await scene.attempt()).toMatchObject({
    state: 'failed',
    failures: 0,
    error: { stage: 'reading', code: 'unsupported_document', detail: expect.stringContaining('PNG image') },
  })
  expect((await scene.project.listSteps(runId)).map(({ name, status }) => [name, status])).toEqual([
    ['read document', 'failed'],
  ])
})

test('a long conversation is cut between turns, so that every part says who speaks', async () => {
  const firsts: string[] = []
  const extractor = fakeExtractor((text) => {
    firsts.push(text.slice(0, 6))
    return []
  })
  await using scene = await open({ extractor })
  const answer = `Assistant: ${'Some words.\n\n'.repeat(600)}`
  const text = Array.from({ length: 10 }, (_, turn) => `User: Question ${turn}?\n${answer}`).join('\n')
  await scene.add({ type: 'document', content: { text } })
  await scene.attempt()
  expect(firsts.length).toBeGreaterThan(2)
  expect(firsts.every((first) => first === 'User: ' || first === 'Assist')).toBe(true)
})
