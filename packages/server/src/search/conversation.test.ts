import { describe, expect, test } from 'vitest'
import { conversationsOf } from './conversation.ts'
import type { Hit } from './document.ts'

const minute = 60_000

const hit = (position: number, over: Partial<Hit> = {}): Hit => ({
  memoryId: String(position),
  partition: 0,
  position,
  weights: [1],
  length: 1,
  speaker: '',
  session: 'a',
  turn: 0,
  saidAt: 0,
  ...over,
})

/** Conversations as lists of messages, each the place and the ids of its statements. */
const shape = (hits: readonly Hit[]) =>
  conversationsOf(hits).map((messages) =>
    messages.map(
      ({ place, documents }) => `${place}: ${documents.map(({ memoryId }) => memoryId).join(' ')}`,
    ),
  )

describe('conversationsOf', () => {
  test('statements of one turn are one message, and turns without a statement count as distance', () => {
    expect(shape([hit(2, { turn: 3 }), hit(0), hit(1)])).toEqual([['0: 0 1', '3: 2']])
  })

  test('a long message is taken in passages that are neighbours', () => {
    const hits = Array.from({ length: 17 }, (_, position) => hit(position))
    expect(shape(hits)).toEqual([['0: 0 1 2 3 4 5 6 7', '1: 8 9 10 11 12 13 14 15', '2: 16']])
  })

  test('messages of a conversation added piece by piece under its name are told apart by time', () => {
    expect(shape([hit(0), hit(1, { saidAt: minute }), hit(4, { saidAt: 600 * minute })])).toEqual([
      ['0: 0', '1: 1', '4: 4'],
    ])
  })

  test('a session continues the one right before it', () => {
    const hits = [
      hit(0),
      hit(1, { session: 'b', saidAt: minute }),
      hit(2, { session: 'c', saidAt: 2 * minute }),
    ]
    expect(shape(hits)).toEqual([['0: 0', '1: 1', '2: 2']])
  })

  test('sessions apart in time, and partitions, are apart', () => {
    expect(shape([hit(0), hit(1, { session: 'b', saidAt: 31 * minute })])).toEqual([['0: 0'], ['0: 1']])
    expect(shape([hit(0), hit(0, { partition: 1 })])).toEqual([['0: 0'], ['0: 0']])
  })
})
