import { expect, test } from 'vitest'
import { seededRandom } from '../testing/seeded-random.ts'
import { cutText } from './cut-text.ts'

test('a text that fits stays whole', () => {
  expect(cutText('Mara keeps bees.', 16)).toEqual(['Mara keeps bees.'])
  expect(cutText('  \n ', 16)).toEqual([])
})

test('it is cut between paragraphs, else lines, else sentences, else words, else anywhere', () => {
  expect(cutText('One two.\n\nThree four.\n\nFive.', 22)).toEqual(['One two.\n\nThree four.', 'Five.'])
  expect(cutText('One two.\nThree four.\nFive.', 22)).toEqual(['One two.\nThree four.', 'Five.'])
  expect(cutText('One two. Three four. Five six.', 24)).toEqual(['One two. Three four.', 'Five six.'])
  expect(cutText('one two three four', 9)).toEqual(['one two', 'three', 'four'])
  expect(cutText('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij'])
})

test('a cut goes through no character', () => {
  const pieces = cutText('😀'.repeat(10), 5)
  expect(pieces.join('')).toBe('😀'.repeat(10))
  expect(pieces.every((piece) => piece.isWellFormed() && piece.length <= 5)).toBe(true)
})

test('nothing but white space is lost, and no piece is too long', () => {
  const random = seededRandom(7)
  for (let round = 0; round < 200; round += 1) {
    const text = Array.from(
      { length: 300 },
      () => ['word', ' ', '\n', '\n\n', '. ', 'x'][Math.floor(random() * 6)],
    ).join('')
    const lengthMax = 1 + Math.floor(random() * 80)
    const pieces = cutText(text, lengthMax)
    expect(pieces.every((piece) => piece.length <= lengthMax && piece.trim() === piece)).toBe(true)
    expect(pieces.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
  }
})
