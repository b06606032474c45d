import { expect, test } from 'vitest'
import { ACTION_JSON_LENGTH_MAX } from '../kernel/limits.ts'
import { compileSchema } from './json-schema.ts'

test('a value is held against its schema, and what is wrong is told with its place', async () => {
  const check = await compileSchema({
    type: 'object',
    properties: {
      city: { type: 'string', minLength: 1 },
      days: { type: 'array', items: { type: 'integer' } },
    },
    required: ['city'],
    additionalProperties: false,
  })
  expect(check({ city: 'Graz', days: [1] })).toEqual([])
  expect(check({})).toEqual([{ message: "must have required property 'city'", path: '' }])
  expect(check({ city: 'Graz', days: [1, 'two'] })).toEqual([{ message: 'must be integer', path: 'days.1' }])
  expect(check({ city: 'Graz', town: '' })).toEqual([{ message: 'has an unexpected town', path: '' }])
})

test.each([
  [{ type: 'objekt' }, 'must be'],
  [{ $ref: 'https://a.example/schema' }, "can't resolve reference"],
  [{ type: 'string', pattern: '(' }, 'Invalid regular expression'],
  [{ $async: true, type: 'object' }, 'asynchronous'],
  [{ description: 'x'.repeat(ACTION_JSON_LENGTH_MAX) }, 'characters as JSON'],
])('%j is refused', async (schema, reason) => {
  await expect(compileSchema(schema)).rejects.toThrow(reason)
})

test('two schemas may have the same name', async () => {
  await compileSchema({ $id: 'https://a.example/one', type: 'string' })
  const check = await compileSchema({ $id: 'https://a.example/one', type: 'number' })
  expect(check(1)).toEqual([])
})

test('a pattern that backtracks for ever is given up', async () => {
  const check = await compileSchema({ type: 'string', pattern: '^(a+)+$' })
  expect(check('aaa')).toEqual([])
  expect(check('b')).toMatchObject([{ message: expect.stringContaining('must match pattern') }])
  const before = performance.now()
  expect(check(`${'a'.repeat(40)}b`)).toMatchObject([{ message: expect.stringContaining('takes too long') }])
  expect(performance.now() - before).toBeLessThan(5_000)
})
