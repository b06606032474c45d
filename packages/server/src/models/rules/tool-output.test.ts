import { expect, test } from 'vitest'
import { factsOf, shortOutput } from './tool-output.ts'

test('what is no JSON is prose', () => {
  expect(factsOf('Done. 3 files changed.')).toBeNull()
  expect(factsOf('{"broken": ')).toBeNull()
  expect(shortOutput('Done. 3 files changed.')).toBe('Done. 3 files changed.')
  expect(shortOutput('word '.repeat(20_000)).length).toBeLessThanOrEqual(4_002)
})

test('a record is one fact, a list of records one each', () => {
  expect(factsOf('{"a": 1, "b": {"c": [2, 3], "d": null, "e": ""}}')).toEqual(['a: 1, b.c: 2, 3'])
  expect(factsOf('[{"t": "x"}, {"t": "y"}]')).toEqual(['t: x', 't: y'])
})

test('a large record is a fact per member', () => {
  const output = JSON.stringify({ a: 'x'.repeat(250), b: 'y'.repeat(250) })
  expect(factsOf(output)).toEqual([`a: ${'x'.repeat(250)}`, `b: ${'y'.repeat(250)}`])
})

test.each([
  ['records', JSON.stringify(Array.from({ length: 5_000 }, (_, id) => ({ id, text: 'x'.repeat(50) })))],
  ['one value', JSON.stringify({ a: 'x'.repeat(90_000) })],
  ['nesting', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
])('huge outputs are bounded: %s', (_, output) => {
  const facts = factsOf(output) ?? []
  expect(facts.length).toBeLessThanOrEqual(50)
  expect(facts.join('').length).toBeLessThanOrEqual(4_100)
})
