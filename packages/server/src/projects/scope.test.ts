import { expect, test } from 'vitest'
import { makeTopic } from '../testing/factories.ts'
import { boundedMemoryId, laneIdOf, type Scope, scopeKeyOf, scopeOf, userKeyOf } from './scope.ts'

const scope = (members: Partial<Scope> = {}): Scope => ({
  groupId: 'g',
  topic: 'T',
  userKey: 'mara',
  properties: {},
  ...members,
})

test.each([
  ['Mara', 'mara', true],
  ['MARA@Example.org', 'mara@example.ORG', true],
  ['Ren\u00e9', 'RENE\u0301', true],
  ['ΜΆΡΑ', 'μάρα', true],
  ['mara', 'mara ', false],
  ['mara', 'mára', false],
  ['straße', 'strasse', false],
])('"%s" and "%s" are the same user: %s', (one, two, same) => {
  expect(userKeyOf(one) === userKeyOf(two)).toBe(same)
})

test('a scope holds the user of a user-scoped topic, and exactly the properties of the topic', () => {
  const caller = { userKey: 'mara', properties: { day: 'mon', repo: 'x' } }
  const own = makeTopic('Own', { scoping: { userScoped: true, scopeProperties: ['day'] } })
  expect(scopeOf('g', own, caller)).toEqual(scope({ topic: 'Own', properties: { day: 'mon' } }))
  const shared = makeTopic('Shared', { scoping: { userScoped: false, scopeProperties: ['repo', 'day'] } })
  expect(scopeOf('g', shared, caller)).toEqual(
    scope({ topic: 'Shared', userKey: null, properties: { day: 'mon', repo: 'x' } }),
  )
})

test('what a caller did not give is left out, whatever every object inherits', () => {
  const topic = makeTopic('T', { scoping: { userScoped: false, scopeProperties: ['day', 'constructor'] } })
  expect(scopeOf('g', topic, { userKey: null, properties: {} }).properties).toEqual({})
})

test('scopes are equal when all their parts are, whatever the order of properties', () => {
  const one = scope({ properties: { a: '1', b: '2' } })
  const two = scope({ properties: { b: '2', a: '1' } })
  expect(scopeKeyOf(one)).toBe(scopeKeyOf(two))
  expect(boundedMemoryId('p', one)).toBe(boundedMemoryId('p', two))
})

test('each part of a scope, and the project, makes another bounded memory', () => {
  const scopes = [
    scope(),
    scope({ groupId: 'h' }),
    scope({ topic: 'U' }),
    scope({ userKey: 'jon' }),
    scope({ userKey: null }),
    scope({ properties: { a: '' } }),
    scope({ properties: { a: '1' } }),
  ]
  const ids = [...scopes.map((one) => boundedMemoryId('p', one)), boundedMemoryId('q', scope())]
  expect(new Set(ids).size).toBe(ids.length)
})

test('users of a group, and nobody in particular, stand in lanes of their own', () => {
  const lanes = [laneIdOf('g', null), laneIdOf('g', 'mara'), laneIdOf('g', 'jon'), laneIdOf('h', 'mara')]
  expect(new Set(lanes).size).toBe(4)
})
