import { expect, test } from 'vitest'
import { messagesOf, type Turn } from './transcript.ts'

const usage = { inputTokens: 1, outputTokens: 1, cachedTokens: 0 }

/** A turn with as many calls as outputs. */
const turn = (iteration: number, outputs: readonly unknown[]): Turn => ({
  said: {
    ...{ text: `I look, ${iteration}.`, usage },
    toolCalls: outputs.map((_, index) => ({
      ...{ id: `${iteration}-${index}`, name: 'look', arguments: {} },
    })),
  },
  outputs: outputs.map((output) => ({ iteration, name: 'look', input: {}, output, isError: false })),
  mistake: null,
})

test('what was said and done is told in its order', () => {
  expect(messagesOf([turn(1, ['a', 'b']), turn(2, ['c'])])).toMatchObject([
    { role: 'assistant', content: 'I look, 1.', toolCalls: [{ id: '1-0' }, { id: '1-1' }] },
    { role: 'tool', toolCallId: '1-0', output: 'a' },
    { role: 'tool', toolCallId: '1-1', output: 'b' },
    { role: 'assistant', content: 'I look, 2.' },
    { role: 'tool', toolCallId: '2-0', output: 'c' },
  ])
})

test('when all outputs are too long the earliest are left out, and every call keeps an output', () => {
  const long = 'x'.repeat(60_000)
  const turns = [1, 2, 3, 4].map((iteration) => turn(iteration, [long, long]))
  const told = messagesOf(turns).filter((message) => message.role === 'tool')
  expect(told.map(({ toolCallId }) => toolCallId)).toEqual([
    ...['1-0', '1-1', '2-0', '2-1', '3-0', '3-1', '4-0', '4-1'],
  ])
  expect(told.map(({ output }) => output === long)).toEqual([
    ...[false, false, true, true, true, true, true, true],
  ])
  expect(told[0]?.output).toContain('left out')
})
