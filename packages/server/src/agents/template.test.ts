/** Places in texts: what they are filled with, and what they must never reach. */
import { expect, test } from 'vitest'
import { FILLED_LENGTH_MAX } from '../kernel/limits.ts'
import { asScalar, fill, fillText, placesOf, type Values } from './template.ts'

const values: Values = {
  args: {
    city: 'Graz',
    days: 3,
    isLong: true,
    tags: ['a', 'b'],
    nothing: null,
    optional: undefined,
    'a b': 1,
  },
  steps: { find: { status: 200, body: { items: [{ id: 'x' }] } } },
}

test.each([
  ['Weather in {{args.city}}!', 'Weather in Graz!'],
  ['{{args.city}}', 'Graz'],
  ['{{ args.days }}', 3],
  ['{{args.isLong}}', true],
  ['{{args.tags}}', ['a', 'b']],
  ['{{args.tags.1}}', 'b'],
  ['{{args.nothing}}', null],
  ['{{args.a b}}', 1],
  ['{{steps.find.body.items.0.id}}', 'x'],
  ['{{args.days}} days, {{args.tags}}', '3 days, ["a","b"]'],
  ['{"id":{{args.days}}}', '{"id":3}'],
  ['}} and { stay', '}} and { stay'],
  ['', ''],
  [7, 7],
  [null, null],
])('%j gives %j', (template, filled) => {
  expect(fill(template, values)).toEqual(filled)
})

test('members and entries are filled, their names are not, and what was not given is left out', () => {
  const template = {
    '{{args.city}}': ['{{args.days}}', '{{args.optional}}'],
    gone: '{{args.optional}}',
    n: [1],
  }
  expect(fill(template, values)).toEqual({ '{{args.city}}': [3], n: [1] })
  expect(fill('{{args.optional}}', values)).toBeNull()
  expect(() => fill('to {{args.optional}}', values)).toThrow('{{args.optional}} is not given')
})

test.each([
  '{{args.town}}',
  '{{argz.city}}',
  '{{}}',
  '{{args.}}',
  '{{args.city.length}}',
  '{{args.tags.length}}',
  '{{args.tags.map}}',
  '{{args.tags.-1}}',
  '{{args.tags.2}}',
  '{{args.__proto__}}',
  '{{args.constructor}}',
  '{{args.toString}}',
  '{{__proto__.polluted}}',
  '{{args.city + 1}}',
  'before {{args.town}}',
])('%s names nothing', (template) => {
  expect(() => fill(template, values)).toThrow(/names nothing: there is no/)
})

test.each(['{{args.city', 'a {{ b', '{{a{{b}}', '{{args.{city}}'])('%s is no place', (template) => {
  expect(() => fill(template, values)).toThrow('does not end with }}')
})

test('what was filled in is not a template', () => {
  const sly = { args: { city: '{{secrets.KEY}}' }, secrets: { KEY: 'hidden' } }
  expect(fill({ text: 'to {{args.city}}', whole: '{{args.city}}' }, sly)).toEqual({
    text: 'to {{secrets.KEY}}',
    whole: '{{secrets.KEY}}',
  })
})

test('a member named __proto__ stays a member', () => {
  const template = JSON.parse('{"__proto__": {"admin": "{{args.isLong}}"}}')
  const filled = fill(template, values) as object // safety: an object gives one
  expect(Object.getPrototypeOf(filled)).toBe(Object.prototype)
  expect(JSON.stringify(filled)).toBe('{"__proto__":{"admin":true}}')
  expect(fill('{{args.__proto__}}', { args: JSON.parse('{"__proto__": 1}') })).toBe(1)
})

test('what is filled in has a bound, however often it is', () => {
  const long = { args: { text: 'x'.repeat(FILLED_LENGTH_MAX / 2), list: [1] } }
  expect(fillText('{{args.text}}', long)).toHaveLength(FILLED_LENGTH_MAX / 2)
  for (const template of ['{{args.text}}{{args.text}}x', ['{{args.text}}', '{{args.text}}']])
    expect(() => fill(template, long)).toThrow('longer than')
})

test('where there is no room for structure only scalars are written', () => {
  expect(fillText('{{args.city}}/{{args.days}}/{{args.isLong}}', values, asScalar)).toBe('Graz/3/true')
  for (const path of ['args.tags', 'args.nothing', 'steps.find'])
    expect(() => fillText(`{{${path}}}`, values, asScalar)).toThrow('must be a text')
  expect(() => fillText('{{args.x}}', { args: { x: '\ud800' } }, asScalar)).toThrow('must be a text')
})

test('the places of a template are told', () => {
  expect(placesOf({ a: ['{{args.x}} {{ secrets.KEY }}'], b: 1, c: null, d: 'none' })).toEqual([
    'args.x',
    'secrets.KEY',
  ])
})
