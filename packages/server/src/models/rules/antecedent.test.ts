import { expect, test } from 'vitest'
import { withAntecedent } from './antecedent.ts'

test.each([
  ['Mara keeps bees.', 'She moved to Graz in 2025.', 'She [Mara] moved to Graz in 2025.'],
  ['She [Mara] moved to Graz in 2025.', 'She has two kids.', 'She [Mara] has two kids.'],
  ['Mara lives in Graz.', 'Her brother Ben is a cook.', "Her [Mara's] brother Ben is a cook."],
  ['My sister Clara is a vet.', 'She lives in Rome.', 'She [My sister Clara] lives in Rome.'],
  ['My best friend works at ACME.', 'He loves it.', 'He [My best friend] loves it.'],
  ['Anna Maria Berg plays the cello.', "She's been on tour.", "She's [Anna Maria Berg] been on tour."],
])('%s | %s', (before, sentence, expected) => {
  expect(withAntecedent(sentence, before)).toBe(expected)
})

test.each([
  ['two people', 'Anna called Ben.', 'He was late.'],
  ['two subjects', 'Anna and Ben met.', 'She was late.'],
  ['somebody with someone', 'Anna went out with Ben.', 'He paid.'],
  ['no person', 'Yesterday was hard.', 'She cried.'],
  ['a function word', 'The doctor came.', 'He was kind.'],
  ['a thing of mine', 'My favourite colour is green.', 'She likes it too.'],
  ['another pronoun', 'Mara keeps bees.', 'They make honey.'],
  ['the first person', 'I met Anna.', 'She is nice.'],
  ['a possessive', "Anna's brother came.", 'He was late.'],
  ['a pronoun within a word', 'Mara keeps bees.', 'Hers are the best.'],
])('in doubt nobody is named: %s', (_why, before, sentence) => {
  expect(withAntecedent(sentence, before)).toBeNull()
})
