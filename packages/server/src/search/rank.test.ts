import { describe, expect, test } from 'vitest'
import { analyse } from './analyse.ts'
import type { Hits } from './document.ts'
import { indexDocument } from './index-document.ts'
import { rank } from './rank.ts'

type Said = {
  readonly content: string
  readonly speaker?: string
  readonly session?: string
  readonly turn?: number
  readonly saidAt?: number
  readonly context?: string
}

const day = 86_400_000

/** What a store answers for these statements, all of one partition: ids are their contents. */
const search = (statements: readonly Said[], text: string, matchingOnly = false) => {
  const terms = [...new Set(analyse(text))]
  const documents = statements.map(({ content, speaker, session, turn, saidAt, context }, position) => {
    const { terms: weighted, ...document } = indexDocument({
      content,
      ...(context !== undefined && { context }),
      speaker: speaker ?? null,
      session: session ?? `session ${position}`,
      turn: turn ?? position,
      saidAt: saidAt ?? position * day,
    })
    const weights = new Map(weighted)
    return {
      ...document,
      memoryId: content,
      partition: 0,
      position,
      weights: terms.map((term) => weights.get(term) ?? 0),
    }
  })
  const hits: Hits = {
    documents,
    documentCount: documents.length,
    averageLength: documents.reduce((sum, { length }) => sum + length, 0) / documents.length,
    documentFrequencies: terms.map(
      (_, term) => documents.filter(({ weights }) => (weights[term] ?? 0) > 0).length,
    ),
  }
  return rank(hits, { text, terms, matchingOnly })
}

const order = (statements: readonly Said[], text: string) =>
  search(statements, text).map(({ memoryId }) => memoryId)

const filler: readonly Said[] = ['apples', 'bridges', 'clouds', 'drums'].map((content) => ({ content }))

describe('rank', () => {
  test('a rare term counts more than a common one, and all terms more than some', () => {
    const statements = [{ content: 'red bike' }, { content: 'red kite' }, { content: 'red coat' }, ...filler]
    expect(order(statements, 'red kite')[0]).toBe('red kite')
    expect(order(statements, 'kite, red or not')).toHaveLength(3)
  })

  test('an answer is found by its question, though it shares no word with the query', () => {
    const statements = [
      ...filler,
      { content: 'Ben: Any pets?', speaker: 'Ben', session: 'a', turn: 0, saidAt: 9 * day },
      { content: 'Ada: Two terriers.', speaker: 'Ada', session: 'a', turn: 1, saidAt: 9 * day },
    ]
    expect(order(statements, 'pets of Ada')[0]).toBe('Ada: Two terriers.')
    expect(search(statements, 'pets', true).map(({ memoryId }) => memoryId)).toEqual(['Ben: Any pets?'])
  })

  test('turns added one by one are neighbours when they are close in time, and not after a pause', () => {
    const turns = (pauseMs: number) => [
      { content: 'Any pets?', session: 'run 1', turn: 0, saidAt: 0 },
      { content: 'Two terriers.', session: 'run 2', turn: 0, saidAt: pauseMs },
      ...filler,
    ]
    expect(order(turns(60_000), 'pets')).toEqual(['Any pets?', 'Two terriers.'])
    expect(order(turns(day), 'pets')).toEqual(['Any pets?'])
  })

  test('the person named is the speaker rather than the one spoken to', () => {
    const statements = [
      { content: 'Ben: Painting is great, Ada', speaker: 'Ben' },
      { content: 'Ada: Painting is great, Ben', speaker: 'Ada' },
      ...filler,
    ]
    expect(order(statements, 'What does Ada think of painting?')[0]).toContain('Ada: ')
    expect(order(statements, 'What does Ben think of painting?')[0]).toContain('Ben: ')
  })

  test('a date in the query prefers what was said about then', () => {
    const statements = ['2022-03-02', '2023-07-08'].map((date) => ({
      content: `hiked again (${date})`,
      saidAt: Date.parse(date),
    }))
    expect(order(statements, 'hikes in March 2022')[0]).toContain('2022')
    expect(order(statements, 'hikes on 7 July 2023')[0]).toContain('2023')
  })

  test('statements of one message: the one that holds the words comes first', () => {
    const message = { session: 'a', turn: 0, saidAt: 0 }
    const statements = [
      { content: 'The weather was mild.', ...message },
      { content: 'We saw an opera.', ...message },
      ...filler,
    ]
    expect(order(statements, 'opera')).toEqual(['We saw an opera.', 'The weather was mild.'])
  })

  test('scores lie between 0 and 1, fall with rank, and say how much of the query is met', () => {
    const statements = [{ content: 'blue opera house' }, { content: 'opera' }, ...filler]
    const scores = search(statements, 'blue opera house').map(({ score }) => score)
    expect(scores).toHaveLength(2)
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
    for (const score of scores) expect(score > 0 && score < 1).toBe(true)
    const partly = search(statements, 'opera quartet rehearsal hall')[0]?.score ?? 1
    expect(partly).toBeLessThan(scores[0] ?? 0)
  })

  test('nothing found gives nothing', () => {
    expect(search(filler, 'zebra')).toEqual([])
    expect(
      rank(
        { documents: [], documentCount: 0, averageLength: 0, documentFrequencies: [] },
        { text: '', terms: [], matchingOnly: false },
      ),
    ).toEqual([])
  })
})
