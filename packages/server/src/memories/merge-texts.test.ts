import { expect, test } from 'vitest'
import { mergeTexts } from './merge-texts.ts'

const merge = (known: string, added: string) => mergeTexts(known, added, 'smart-merge')

test.each([
  ['what is said anew gives way', 'Mara lives in Graz.', 'Mara lives in Linz.', 'Mara lives in Linz.'],
  ['what is said again is there once', 'Mara keeps bees.', 'Mara keeps bees.', 'Mara keeps bees.'],
  [
    'what the new text says nothing about stays',
    'Mara lives in Graz. Her cat is called Miso.',
    'Mara lives in Linz.',
    'Her cat is called Miso. Mara lives in Linz.',
  ],
  [
    'case and order make no difference',
    'BEES are kept by Mara.',
    'Mara keeps bees, and they are kept well.',
    'Mara keeps bees, and they are kept well.',
  ],
  ['a sentence without words goes', '!!! Mara sails.', 'Mara rows a boat.', 'Mara rows a boat.'],
  ['other scripts have words too', '私は猫が好きです。', '私は犬が好きです。', '私は犬が好きです。'],
])('%s', (_what, known, added, expected) => expect(merge(known, added)).toBe(expected))

test('to replace and to append know nothing of what is said', () => {
  expect(mergeTexts('Mara keeps bees.', ' Mara keeps bees. ', 'append')).toBe(
    'Mara keeps bees. Mara keeps bees.',
  )
  expect(mergeTexts('Mara keeps bees.', ' So. ', 'replace')).toBe('So.')
})
