import { expect, test } from 'vitest'
import { indexDocument } from './index-document.ts'

const place = { session: 's', turn: 3, saidAt: 5 }

test('counts what is said, and less what is only in the context', () => {
  const document = indexDocument({
    content: 'Zoë: Tea, green tea.',
    context: 'Which tea or coffee? Coffee?',
    speaker: 'Zoë',
    ...place,
  })
  expect(Object.fromEntries(document.terms)).toEqual({ zoe: 1, tea: 2.5, green: 1, coffe: 0.5 })
  expect(document).toMatchObject({ length: 5, speaker: 'zoe', ...place })
})

test('nobody known is an empty speaker', () => {
  expect(indexDocument({ content: 'and', speaker: null, ...place })).toMatchObject({
    terms: [],
    length: 0,
    speaker: '',
  })
})
