import { expect, test } from 'vitest'
import { transcriptOf } from './transcript.ts'

test.each([
  ['User: I live in Graz.\nAssistant: Nice!', ['User', 'Assistant']],
  ['USER: hi\nAI: hello', ['User', 'AI']],
  ['Anna: I got it!\nBen: what?\nAnna: the job', ['Anna', 'Ben', 'Anna']],
  ['[10:05] Anna: hi\n[10:06] Ben: hey\n[10:07] Anna: in Rome', ['Anna', 'Ben', 'Anna']],
  [
    '12/03/2024, 10:05 - Anna: hi\n12/03/2024, 10:06 - Ben: hey\n12/03/2024, 10:07 - Ben: ok',
    ['Anna', 'Ben', 'Ben'],
  ],
  ['**User:** hello', ['User']],
])('a dialogue: %s', (text, speakers) => {
  expect(transcriptOf(text)?.map(({ speaker }) => speaker)).toEqual(speakers)
})

test.each([
  'Name: Anna\nAge: 5\nCity: Graz',
  'ERROR: a\nWARN: b\nERROR: c',
  'Note: buy milk',
  'See this:\nUser: hi\nAssistant: hello',
  'I live in Graz.',
  '',
])('no dialogue: %s', (text) => {
  expect(transcriptOf(text)).toBeNull()
})

test('lines without a name go on with the one before', () => {
  expect(transcriptOf('User: one\n\ntwo\nAssistant: three')?.[0]).toEqual({
    speaker: 'User',
    text: 'one\n\ntwo',
  })
})
