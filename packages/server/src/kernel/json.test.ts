import { describe, expect, test } from 'vitest'
import { canonicalJson, parseBody } from './json.ts'
import { JSON_DEPTH_MAX } from './limits.ts'

const parse = (text: string) => parseBody(Buffer.from(text))
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

describe('canonicalJson', () => {
  test('is the same whatever the order of members, at every depth', () => {
    const one = { b: [{ y: 1, x: null }], a: { d: 'text', c: true } }
    const two = { a: { c: true, d: 'text' }, b: [{ x: null, y: 1 }] }
    expect(canonicalJson(one)).toBe(canonicalJson(two))
    expect(canonicalJson(one)).toBe('{"a":{"c":true,"d":"text"},"b":[{"x":null,"y":1}]}')
  })

  test('is another for another value', () => {
    const values = [
      {},
      [],
      [[]],
      null,
      'null',
      { a: 1 },
      { a: '1' },
      { a: [1] },
      { a: 1, b: 1 },
      [1, 2],
      [2, 1],
    ]
    expect(new Set(values.map(canonicalJson)).size).toBe(values.length)
  })

  test('leaves out what is undefined, as JSON does', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}')
  })
})

describe('parseBody', () => {
  test.each(['{}', '[]', 'null', '0', '"text"', '{"a":[1,{"b":null}]}', '{"constructor":1,"toString":2}'])(
    'reads %s',
    (text) => expect(JSON.stringify(parse(text))).toBe(text),
  )

  test('reads nesting up to its bound, and says where one level more begins', () => {
    expect(parse(nested(JSON_DEPTH_MAX))).toBeInstanceOf(Array)
    expect(() => parse(nested(JSON_DEPTH_MAX + 1))).toThrow(`deeper than ${JSON_DEPTH_MAX} levels`)
  })

  test.each([
    ['', 'malformed_json'],
    ['{', 'malformed_json'],
    ['{"a":1}x', 'malformed_json'],
    ['\ufeff{}', 'malformed_json'],
    ['{"a":"\\u0000"}', 'invalid_body'],
    ['{"\\u0000":1}', 'invalid_body'],
    ['["\\ud800"]', 'invalid_body'],
    ['"\\udc00"', 'invalid_body'],
    ['{"a":{"__proto__":1}}', 'invalid_body'],
  ])('refuses %j as %s', (text, code) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ name: 'Problem', code }))
  })

  test('refuses bytes that are not UTF-8', () => {
    expect(() => parseBody(Buffer.from([0x22, 0xff, 0x22]))).toThrow('not valid UTF-8')
  })

  test('names the place of what it refuses', () => {
    expect(() => parse('{"a":[{},{"b":"\\ud800"}]}')).toThrow(
      'The text at body.a[1].b holds a lone surrogate',
    )
  })

  test('keeps what it says short, however long the names are', () => {
    const name = 'x'.repeat(100_000)
    for (const text of [`{"${name}":"\\ud800"}`, `{"${name}\\ud800":1}`, `{"${name}":{"__proto__":1}}`])
      expect(() => parse(text)).toThrow(
        expect.objectContaining({
          message: expect.stringMatching(/^.{1,400}$/u),
          members: {
            errors: [{ message: expect.any(String), location: expect.stringMatching(/^.{1,200}$/u) }],
          },
        }),
      )
  })
})
