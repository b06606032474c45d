import { expect, test } from 'vitest'
import type { Group } from '../projects/group.ts'
import { defaultPipeline } from '../projects/pipeline.ts'
import { makeTopic } from '../testing/factories.ts'
import { givenProperties, memoryFilter, refuseUnknownProperties } from './filter.ts'

const group: Group = {
  groupId: 'g',
  name: 'house',
  version: 1,
  pipeline: defaultPipeline,
  createdAt: 0,
  topics: [
    makeTopic('Rules'),
    makeTopic('Diary', { scoping: { userScoped: true, scopeProperties: ['day', 'mood'] } }),
    makeTopic('Plans', { scoping: { userScoped: true, scopeProperties: ['day', 'conversation_id'] } }),
  ],
}
const select = (selection: Partial<Parameters<typeof memoryFilter>[1]>) =>
  memoryFilter(group, { topics: null, properties: {}, userId: 'Mara', ...selection })

test('without a selection it is every topic of the group, of the user and of nobody', () => {
  expect(select({})).toEqual({
    partitions: [
      { groupId: 'g', userKey: 'mara' },
      { groupId: 'g', userKey: null },
    ],
    topics: ['Rules', 'Diary', 'Plans'].map((topic) => ({ topic, properties: {} })),
  })
})

test('only partitions that a selected topic needs are looked into', () => {
  expect(select({ topics: ['Rules'] }).partitions).toEqual([{ groupId: 'g', userKey: null }])
  expect(select({ topics: ['Diary'] }).partitions).toEqual([{ groupId: 'g', userKey: 'mara' }])
})

test.each([
  ['a global property narrows the topics scoped by it', { day: 'mon' }, {}, { day: 'mon' }],
  ['a topic adds its own', { day: 'mon' }, { mood: 'good' }, { day: 'mon', mood: 'good' }],
  ['a topic overrides', { day: 'mon' }, { day: 'tue' }, { day: 'tue' }],
  ['null clears', { day: 'mon', mood: 'good' }, { day: null }, { mood: 'good' }],
  ['null without anything to clear is nothing', {}, { day: null }, {}],
  ['an empty value is a value', {}, { day: '' }, { day: '' }],
])('%s', (_name, properties, own, expected) => {
  const { topics } = select({ properties, topics: ['Rules', { name: 'Diary', properties: own }] })
  expect(topics).toEqual([
    { topic: 'Rules', properties: {} },
    { topic: 'Diary', properties: expected },
  ])
})

test.each([
  ['unknown_topic', { topics: ['diary'] }],
  ['unknown_property', { properties: { colour: 'red' } }],
  ['unknown_property', { topics: [{ name: 'Plans', properties: { mood: 'good' } }] }],
  ['unknown_property', { topics: [{ name: 'Plans', properties: { mood: null } }] }],
])('%s for %j', (code, selection) => {
  expect(() => select(selection)).toThrow(expect.objectContaining({ code }))
})

test('a user is needed as soon as one selected topic is user-scoped', () => {
  const select = (topics: string[]) => () => memoryFilter(group, { topics, properties: {} })
  expect(select(['Rules'])).not.toThrow()
  expect(select(['Rules', 'Diary'])).toThrow(expect.objectContaining({ code: 'missing_user' }))
})

test('the conversation_id of older clients counts where a topic is scoped by it, after a property of that name', () => {
  expect(givenProperties(group, { properties: {}, conversationId: 'c' })).toEqual({ conversation_id: 'c' })
  const both = { properties: { conversation_id: 'p' }, conversationId: 'c' }
  expect(givenProperties(group, both)).toEqual({ conversation_id: 'p' })
  const plain = { ...group, topics: [makeTopic('Rules')] }
  expect(givenProperties(plain, { properties: {}, conversationId: 'c' })).toEqual({})
})

test('a property is unknown when no topic of the group is scoped by it, whatever every object inherits', () => {
  expect(() => refuseUnknownProperties(group, { day: 'mon', mood: 'good' })).not.toThrow()
  for (const key of ['Day', 'constructor', 'toString', ''])
    expect(() => refuseUnknownProperties(group, { [key]: 'x' })).toThrow(
      expect.objectContaining({ code: 'unknown_property' }),
    )
})
