import { expect, test } from 'vitest'
import { field, inOrder, type PublishedDocument } from './document.ts'
import { createWitness } from './witness.ts'

const document: PublishedDocument = {
  name: 'Postal',
  objects: {
    letter: {
      place: 'the only table',
      statuses: { sent: 'first row', lost: 'second row' },
      fields: {
        status: field('text', 'first column'),
        weight: field('count', 'second column'),
        excuse: field('text', 'third column', { set: { only: ['lost'] }, unset: 'absent' }),
        readAt: field('instant', 'fourth column', { set: { within: ['sent'] } }),
      },
      rules: { 'it weighs something': ({ weight }) => weight !== 0 },
      cases: { heavy: ({ weight }) => Number(weight) > 100 },
      isClosed: true,
    },
  },
  errors: {
    'no stamp': { place: 'errors', status: 402, body: { Error: 'No stamp' }, raises: 'StampError' },
  },
  promises: { 'comes once': 'last sentence' },
  choices: {
    colour: { ...{ place: 'errors', documented: '', here: '', page: '', says: '' }, answer: null },
    teapot: {
      ...{ place: 'errors', documented: '', here: '', page: '', says: '' },
      answer: { status: 418, body: 'tea', headers: { 'retry-after': /^\d+$/ } },
    },
  },
}
const sent = { status: 'sent', weight: 20, readAt: '2026-11-01T08:00:00Z' }
const lost = { status: 'lost', weight: 200, excuse: 'rain', readAt: null }
const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => ({
  ...{ status, body: typeof body === 'string' ? undefined : body, headers: new Headers(headers) },
  text: typeof body === 'string' ? body : JSON.stringify(body),
})

test('tells by name what never came', () => {
  const witness = createWitness(document, () => 'StampError')
  expect(witness.unseen()).toEqual([
    'Postal: field letter.status was never seen',
    'Postal: field letter.weight was never seen',
    'Postal: field letter.excuse was never seen',
    'Postal: field letter.excuse unset was never seen',
    'Postal: field letter.readAt was never seen',
    'Postal: field letter.readAt unset was never seen',
    'Postal: status letter sent was never seen',
    'Postal: status letter lost was never seen',
    'Postal: case letter: heavy was never seen',
    'Postal: error no stamp was never seen',
    'Postal: promise comes once was never seen',
    'Postal: choice teapot was never seen',
  ])
  witness.see('letter', sent)
  witness.refused('no stamp', answer(402, { Error: 'No stamp' }))
  expect(witness.unseen()).toEqual([
    'Postal: field letter.excuse was never seen',
    'Postal: field letter.readAt unset was never seen',
    'Postal: status letter lost was never seen',
    'Postal: case letter: heavy was never seen',
    'Postal: promise comes once was never seen',
    'Postal: choice teapot was never seen',
  ])
  witness.see('letter', lost)
  witness.chose('teapot', answer(418, 'tea', { 'retry-after': '7' }))
  expect(() => witness.held('comes once', 2, 1)).toThrow(/comes once/)
  witness.held('comes once', 1, 1)
  expect(witness.unseen()).toEqual([])
})

test.each<[string, object]>([
  ['a missing field', { status: 'sent', readAt: null }],
  ['null for one that is always there', { ...sent, weight: null }],
  ['another type', { ...sent, weight: '20' }],
  ['a time in another form', { ...sent, readAt: '2026-11-01 08:00' }],
  ['a value in another status', { ...sent, excuse: 'rain' }],
  ['none in the status that has one', { status: 'lost', weight: 200, readAt: null }],
  ['null for one that is absent', { ...sent, excuse: null }],
  ['an absent one that is null', { status: 'sent', weight: 20 }],
  ['a value outside its statuses', { ...lost, readAt: '2026-11-01T08:00:00Z' }],
  ['an unknown status', { ...sent, status: 'eaten' }],
  ['a rule that does not hold', { ...sent, weight: 0 }],
  ['a field that is not documented', { ...sent, colour: 'red' }],
])('sees %s', (_what, body) => {
  expect(() => createWitness(document).see('letter', body)).toThrow(/Postal: letter/)
})

test.each([
  ['another status', answer(400, { Error: 'No stamp' }), 'StampError'],
  ['another body', answer(402, { Error: 'No stamps' }), 'StampError'],
  ['a member more', answer(402, { Error: 'No stamp', code: 1 }), 'StampError'],
  ['another exception', answer(402, { Error: 'No stamp' }), 'ValueError'],
])('sees an error with %s', (_what, given, raised) => {
  expect(() => createWitness(document, () => raised).refused('no stamp', given)).toThrow(/no stamp/)
})

test('sees a missing header, and knows no other names than those of the document', () => {
  const witness = createWitness(document)
  expect(() => witness.chose('teapot', answer(418, 'tea'))).toThrow(/teapot/)
  expect(() => witness.chose('colour', answer(418, 'tea'))).toThrow(/nothing to be seen/)
  expect(() => witness.see('parcel', sent)).toThrow(/no parcel/)
})

test('instants that are there stand in order', () => {
  expect(inOrder('2026-11-01T08:00:00Z', null, '2026-11-01T08:00:01Z')).toBe(true)
  expect(inOrder('2026-11-01T08:00:02Z', null, '2026-11-01T08:00:01Z')).toBe(false)
})
