import { expect, test } from 'vitest'
import { createRandomIds, deterministicId, isUuid } from './ids.ts'

test('random ids are UUIDs of version 7, all different, and ordered by when they were made', () => {
  const ids = createRandomIds()
  const made = Array.from({ length: 1_000 }, () => ids.next())
  expect(new Set(made).size).toBe(1_000)
  expect(made).toEqual([...made].sort())
  for (const id of made)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('the same parts give the same id, others another, however they are joined', () => {
  expect(deterministicId(['a', 'b'])).toBe(deterministicId(['a', 'b']))
  const ids = [['a', 'b'], ['b', 'a'], ['ab'], ['a,b'], ['a', 'b', ''], ['a","b']].map(deterministicId)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.every(isUuid)).toBe(true)
})

test.each([
  '',
  'x',
  '01a206d6-b94d-7475-acf8-b2edeb3ff0b',
  '01a206d6b94d7475acf8b2edeb3ff0bc',
  ' 01a206d6-b94d-7475-acf8-b2edeb3ff0bc',
])('"%s" is no UUID', (text) => expect(isUuid(text)).toBe(false))

test('a UUID may be written in capitals', () => {
  expect(isUuid('01A206D6-B94D-7475-ACF8-B2EDEB3FF0BC')).toBe(true)
})
