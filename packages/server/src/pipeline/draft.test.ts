import { expect, test } from 'vitest'
import type { Scope } from '../projects/scope.ts'
import { source } from '../testing/storage-factories.ts'
import { createDraft, type Decision } from './draft.ts'

const scope: Scope = { groupId: 'group', topic: 'facts', userKey: 'ada', properties: {} }
const decision = (memoryId: string, content: string, over: Partial<Decision> = {}): Decision => ({
  memoryId,
  version: null,
  scope,
  content,
  sources: [source()],
  ...over,
})
const bounds = { share: 0.7, limit: 8 }

test('decisions are planned in the order they were first made, each once, as last made', () => {
  const draft = createDraft()
  draft.decide(decision('a', 'Ada keeps bees'))
  draft.decide(decision('b', 'Ben sails boats'))
  draft.decide(decision('a', 'Ada keeps bees in Graz'))
  const { decisions } = draft.plan()
  expect(decisions.map(({ memoryId, content }) => [memoryId, content])).toEqual([
    ['a', 'Ada keeps bees in Graz'],
    ['b', 'Ben sails boats'],
  ])
  expect(draft.decided('b')?.content).toBe('Ben sails boats')
  expect(draft.decided('c')).toBeUndefined()
})

test('a confirmation of what the run writes itself becomes a source of it, any other one is planned', () => {
  const draft = createDraft()
  draft.decide(decision('a', 'Ada keeps bees'))
  draft.confirm('a', [source({ input: 1 })])
  draft.confirm('stored', [source({ input: 2 })])
  draft.skip([source({ input: 3 })])
  const { decisions, confirmations, unchangedCount } = draft.plan()
  expect(decisions[0]?.sources.map(({ input }) => input)).toEqual([0, 1])
  expect(confirmations).toEqual([{ memoryId: 'stored', source: source({ input: 2 }) }])
  expect(unchangedCount).toBe(3)
})

test('similar are those that share enough terms, most shared first, within the scope', () => {
  const draft = createDraft()
  draft.decide(decision('few', 'Ada keeps bees'))
  draft.decide(decision('many', 'Ada keeps bees in Graz since 2020'))
  draft.decide(decision('other', 'Ada keeps geese in Rome'))
  draft.decide(decision('elsewhere', 'Ada keeps bees in Graz', { scope: { ...scope, userKey: 'ben' } }))
  const similar = (limit: number) =>
    draft
      .similar({ scope, content: 'Ada keeps bees in Graz', share: 0.7, limit })
      .map(({ memoryId }) => memoryId)
  expect(similar(8)).toEqual(['many', 'few'])
  expect(similar(1)).toEqual(['many'])
})

test('a statement without terms is found by being the same', () => {
  const draft = createDraft()
  draft.decide(decision('a', 'It is what it is'))
  const similar = (content: string) =>
    draft.similar({ scope, content, ...bounds }).map(({ memoryId }) => memoryId)
  expect(similar('it is what  it is.')).toEqual(['a'])
  expect(similar('It was what it was')).toEqual([])
})

test('a rewritten decision is found by its new words only', () => {
  const draft = createDraft()
  draft.decide(decision('a', 'Ada keeps bees'))
  draft.decide(decision('a', 'Ben sails boats'))
  const similar = (content: string) => draft.similar({ scope, content, ...bounds })
  expect(similar('Ada keeps bees')).toEqual([])
  expect(similar('Ben sails boats')).toHaveLength(1)
})
