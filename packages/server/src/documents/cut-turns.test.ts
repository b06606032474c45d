import { expect, test } from 'vitest'
import { cutTurns } from './cut-turns.ts'

const chat = 'User: I keep bees.\n\nAssistant: How many?\nTell me more.\nUser: Three hives.\nAssistant: Fine.'

test('a conversation is cut between turns, and nothing of it is lost', () => {
  expect(cutTurns(chat, 1_000)).toEqual([chat])
  const pieces = cutTurns(chat, 60) ?? []
  expect(pieces).toEqual([
    'User: I keep bees.\nAssistant: How many?\nTell me more.',
    'User: Three hives.\nAssistant: Fine.',
  ])
})

test('a turn that is too long by itself says in each piece who speaks', () => {
  const pieces = cutTurns(`User: ${'word '.repeat(30)}\nAssistant: Yes.\nUser: So.\nAssistant: No.`, 60) ?? []
  expect(pieces.length).toBeGreaterThan(2)
  for (const piece of pieces) {
    expect(piece).toMatch(/^(User|Assistant): /)
    expect(piece.length).toBeLessThanOrEqual(60)
  }
  expect(pieces.join(' ').match(/word/g)).toHaveLength(30)
})

test('times before names belong to the turn', () => {
  const text = '[10:00] Mara: Hello.\n[10:01] Ben: Hi.\n[10:02] Mara: Bees?\n[10:03] Ben: Bees.'
  expect(cutTurns(text, 45)).toEqual([
    '[10:00] Mara: Hello.\n[10:01] Ben: Hi.',
    '[10:02] Mara: Bees?\n[10:03] Ben: Bees.',
  ])
})

test.each([
  ['prose', 'I keep bees. They are well.'],
  ['a conversation that begins otherwise', `Notes\n${chat}`],
  ['fields that come once', 'Name: Mara\nCity: Graz\nWork: bees'],
])('%s is none', (_what, text) => expect(cutTurns(text, 20)).toBeNull())
