import { expect, test } from 'vitest'
import { blocksOf } from './blocks.ts'

const shape = (text: string) =>
  blocksOf(text).map(({ kind, text: own, headings, lead }) => [kind, own, [...headings, ...lead].join(' › ')])

test('headings, leads and nested items', () => {
  expect(shape('# A\n\n## B\nHello there.\n\nBuy:\n- milk\n- eggs\n  - ten\n1) go\n\n# Bare')).toEqual([
    ['prose', 'Hello there.', 'A › B'],
    ['item', 'milk', 'A › B › Buy:'],
    ['item', 'ten', 'A › B › Buy: › eggs'],
    ['item', 'go', 'A › B › Buy:'],
    ['prose', 'Bare', ''],
  ])
})

test('code, tables, quotes, records, logs and JSON stay whole', () => {
  const blocks = [
    '```js\nlet a\n\n# no heading\n```',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    '> said\n> so',
    'Name: Anna\nAge: 5',
    'Error: bad\n    at f (a.js:1:2)\n    at g (a.js:3:4)',
    '2026-01-02 10:00:00 up\n2026-01-02 10:00:01 down',
  ]
  expect(blocksOf(blocks.join('\n\n')).map(({ text }) => text)).toEqual(blocks)
  expect(blocksOf('{"a": [1,\n2]}').map(({ kind }) => kind)).toEqual(['verbatim'])
})

test('a fence that is never closed holds the rest', () => {
  expect(shape('~~~\nx\n\n- y')).toEqual([['fence', '~~~\nx\n\n- y', '']])
})

test('wrapped lines are one, short lines are each their own', () => {
  expect(
    shape('The budget for the new office was approved yesterday, and\nwe have 20k for plants.'),
  ).toHaveLength(1)
  expect(shape('Standup at 10\nAnna on vacation\nBen writes the migration')).toHaveLength(3)
})

test('lines after program text are prose again', () => {
  expect(shape('Error: bad\n    at f (a.js:1:2)\nI am on Node 24.')).toEqual([
    ['verbatim', 'Error: bad\n    at f (a.js:1:2)', ''],
    ['prose', 'I am on Node 24.', ''],
  ])
})
