/** What a pipeline may be: each thing that is wrong is told at the step it is wrong with. */
import { describe, expect, test } from 'vitest'
import { Problem } from '../kernel/problem.ts'
import { makeTopic } from '../testing/factories.ts'
import { readPipeline, type StepDraft } from './check-pipeline.ts'
import { defaultPipeline, extractedTopics, pathOf } from './pipeline.ts'

const topics = [makeTopic('Facts'), makeTopic('Digest', { isBounded: true })]
const trigger = { count: 2, ageMs: null, idleMs: null }

/** `extract transform:Facts buffer commit>extract`: types, each a name too; what is behind `:` are topics or inputs, behind `>` the next. */
const drafts = (text: string): StepDraft[] =>
  text.split(' ').map((word) => {
    const [head = '', next] = word.split('>')
    const [name = '', list] = head.split(':')
    const type = name.replace(/\d/, '') as StepDraft['type'] // safety: the tests name types
    const named = list?.split(',') ?? []
    return {
      name,
      type,
      ...(next !== undefined && { next }),
      ...(type === 'buffer' && { trigger }),
      ...(list !== undefined && type === 'transform' && { topics: named }),
      ...(list !== undefined && type === 'extract' && { inputs: named as StepDraft['inputs'] & object }), // safety: as above
    }
  })

const errorsOf = (steps: readonly StepDraft[]): readonly string[] => {
  try {
    readPipeline(steps, topics)
    return []
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    expect(error.code).toBe('invalid_body')
    return (error.members.errors ?? []).map(({ location, message }) => `${location} ${message}`)
  }
}

const names = (text: string, input: 'string' | 'pre_extracted') =>
  pathOf(readPipeline(drafts(text), topics), input).map(({ name }) => name)

test('the default pipeline is a good one', () => {
  expect(readPipeline(drafts('extract transform commit'), topics)).toEqual(defaultPipeline)
})

test.each([
  'extract transform commit buffer transform2:Digest commit2',
  'extract buffer transform commit',
  'extract transform:Digest transform2:Facts commit',
  'commit>buffer buffer>transform2 transform2>commit2 extract>transform transform>commit commit2',
  'extract transform buffer transform2 commit',
  'extract:string buffer transform commit extract2>transform',
  'extract:string transform commit extract2 transform2 commit2',
  'extract:string,conversation transform commit extract2:pre_extracted transform2 commit2',
])('%s is good', (text) => {
  expect(errorsOf(drafts(text))).toEqual([])
})

describe('what follows', () => {
  test('is the next step of the list, but never an extract step', () => {
    const text = 'extract:string transform commit extract2 transform2>commit3 commit3'
    expect(names(text, 'string')).toEqual(['extract', 'transform', 'commit'])
    expect(names(text, 'pre_extracted')).toEqual(['extract2', 'transform2', 'commit3'])
  })

  test('is shared where two ways come together', () => {
    const text = 'extract:string buffer transform commit extract2>transform'
    expect(names(text, 'string')).toEqual(['extract', 'buffer', 'transform', 'commit'])
    expect(names(text, 'pre_extracted')).toEqual(['extract2', 'transform', 'commit'])
  })
})

test.each([
  ['extract transform transform commit', 'steps[2].name is the name of an earlier step'],
  ['extract transform>nowhere commit', 'steps[1].next names no step'],
  ['extract transform commit>transform', 'steps[2].next leads back'],
  ['extract transform>transform commit', 'steps[1].next leads back'],
  ['extract transform buffer>transform commit', 'steps[2].next leads back'],
  ['extract transform commit>extract', 'steps[2].next leads back'],
  ['extract>extract2 extract2:string transform commit', 'steps[0].next leads to an extract step'],
  ['extract>commit transform commit', 'steps[1] is reached by no step'],
  ['transform commit', 'steps[0] is reached by no step'],
  [
    'extract transform commit extract2 transform2 commit2',
    'steps[3].inputs is required of all extract steps but one',
  ],
  [
    'extract:string transform commit extract2:string,conversation transform2 commit2',
    'steps[3].inputs string enters by',
  ],
  ['extract:string transform commit', 'steps no extract step takes conversation, pre_extracted'],
  ['extract commit', 'steps[1] commits nothing'],
  ['extract transform buffer commit', 'steps[3] commits nothing'],
  ['extract transform commit commit2', 'steps[3] commits nothing'],
  ['extract transform', 'steps[1] ends the pipeline'],
  ['extract transform commit buffer', 'steps[3] ends the pipeline'],
  ['extract transform:Facts,Nothing commit', 'steps[1].topics[1] names no topic'],
  [
    'extract transform:Facts commit',
    'steps no transform step that conversation comes to decides about the topic "Digest"',
  ],
])('%s: %s', (text, wrong) => {
  expect(errorsOf(drafts(text)).map((error) => error.replace('body.pipeline.', ''))).toContainEqual(
    expect.stringContaining(wrong),
  )
})

test.each<[string, Partial<StepDraft>, string]>([
  ['a trigger anywhere else', { trigger }, 'steps[1].trigger is for buffer steps only'],
  ['a buffer without a trigger', { type: 'buffer' }, 'steps[1].trigger is required of a buffer'],
  [
    'a buffer with an empty trigger',
    { type: 'buffer', trigger: { count: null, ageMs: null, idleMs: null } },
    'steps[1].trigger is required of a buffer',
  ],
  ['inputs anywhere else', { inputs: ['string'] }, 'steps[1].inputs is for extract steps only'],
  [
    'topics anywhere else',
    { type: 'commit', topics: ['Facts'] },
    'steps[1].topics is for transform steps only',
  ],
])('%s', (_what, members, wrong) => {
  const [first, ...rest] = drafts('extract transform commit')
  const steps = [first, { name: 'x', type: 'transform', ...members }, ...rest] as StepDraft[] // safety: the first is there
  expect(errorsOf(steps).join()).toContain(wrong)
})

test('all that is wrong is told at once', () => {
  expect(errorsOf(drafts('extract transform:A transform2:B commit>nowhere'))).toHaveLength(3)
})

test('nothing is extracted for a bounded topic that is made of what was committed', () => {
  const steps = readPipeline(drafts('extract transform:Facts commit transform2:Digest commit2'), topics)
  expect(extractedTopics(topics, pathOf(steps, 'string'))).toEqual([topics[0]])
  expect(extractedTopics(topics, pathOf(defaultPipeline, 'string'))).toEqual(topics)
})
