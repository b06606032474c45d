import { expect, test } from 'vitest'
import { COMPACTION_LENGTH_MAX } from '../kernel/limits.ts'
import { beginCompaction, finishCompaction, foldMessages } from './compact-messages.ts'
import type { CompactionStrategy, RecordedMessage } from './conversation.ts'

const signal = new AbortController().signal

const message = (content: string, seq: number, over: Partial<RecordedMessage> = {}): RecordedMessage => ({
  ...{ seq, messageId: `m${seq}`, role: seq % 2 === 1 ? 'user' : 'assistant', content, saidAt: seq },
  ...{ speaker: null, sessionId: null, metadata: null, recordedAt: seq },
  ...over,
})

const compactAll = async (
  contents: readonly string[],
  strategy: CompactionStrategy = 'balanced',
  targetTokens: number | null = null,
) => {
  let state = beginCompaction(null)
  for (const [index, content] of contents.entries())
    state = await foldMessages(state, [message(content, index + 1)], signal)
  return finishCompaction(state, { strategy, targetTokens })
}

const grey = Array.from(
  { length: 400 },
  (_, n) => `On day ${n} the weather over the hills was rather grey and hardly worth a word of mine.`,
)

test('keeps the strategies’ shares of a long conversation, or the tokens asked for', async () => {
  const tokens = async (strategy: CompactionStrategy, targetTokens: number | null = null) => {
    const { originalTokens, compactedTokens } = await compactAll(grey, strategy, targetTokens)
    return [compactedTokens, originalTokens] as const
  }
  const [whole] = await tokens('conservative')
  const [, original] = await tokens('balanced')
  expect(whole).toBeLessThanOrEqual(original * 0.5)
  expect(whole).toBeGreaterThan(original * 0.4)
  for (const [strategy, share] of [
    ['balanced', 0.25],
    ['aggressive', 0.1],
  ] as const) {
    const [kept] = await tokens(strategy)
    expect(kept).toBeLessThanOrEqual(original * share)
    expect(kept).toBeGreaterThan(original * share * 0.8)
  }
  expect((await tokens('adaptive'))[0]).toBeLessThanOrEqual(2_000)
  expect((await tokens('balanced', 40))[0]).toBeLessThanOrEqual(40)
})

test('tells facts, decisions and preferences apart, each statement in one list, word for word', async () => {
  const compaction = await compactAll([
    'Hello!',
    'Thanks, how are you?',
    'I keep four hives in Graz.',
    'We decided to sell the honey in April.',
    'I prefer glass jars.',
  ])
  expect(compaction).toMatchObject({
    facts: [expect.stringContaining('I keep four hives in Graz.')],
    decisions: [expect.stringContaining('We decided to sell the honey in April.')],
    preferences: [expect.stringContaining('I prefer glass jars.')],
    ...{ validationScore: 1, throughSeq: 5 },
  })
  expect(compaction.text.split('\n')).toHaveLength(3)
  expect(compaction.currentState).toContain('I prefer glass jars.')
})

test('the score is the share of names and numbers that are left', async () => {
  const told = grey.map((line, n) => `${line} I met Person${n} in Town${n}.`)
  const loose = await compactAll(told, 'aggressive')
  const close = await compactAll(told, 'conservative')
  expect(loose.validationScore).toBeGreaterThan(0)
  expect(loose.validationScore).toBeLessThan(close.validationScore)
  expect(close.validationScore).toBeLessThan(1)
  expect((await compactAll(['hm', 'ok'])).validationScore).toBe(1)
})

test('it says the same each time, and page by page what it says at once', async () => {
  const once = finishCompaction(
    await foldMessages(
      beginCompaction(null),
      grey.slice(0, 20).map((line, n) => message(line, n + 1)),
      signal,
    ),
    { strategy: 'balanced', targetTokens: null },
  )
  expect(await compactAll(grey.slice(0, 20))).toEqual(once)
  expect(await compactAll(grey)).toEqual(await compactAll(grey))
})

test('what waits to be thinned out is bounded, however much is said', async () => {
  let state = beginCompaction(null)
  for (let page = 0; page < 12; page++) {
    const lines = Array.from({ length: 50 }, (_, n) =>
      message(`${page} ${n} ${'word and word '.repeat(15)}.`, n + 1),
    )
    state = await foldMessages(state, lines, signal)
    expect(state.lines.join('\n').length).toBeLessThanOrEqual(3 * COMPACTION_LENGTH_MAX)
  }
  expect(
    finishCompaction(state, { strategy: 'conservative', targetTokens: null }).text.length,
  ).toBeLessThanOrEqual(COMPACTION_LENGTH_MAX)
})
