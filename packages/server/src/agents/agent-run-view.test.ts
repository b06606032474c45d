import { expect, test } from 'vitest'
import type { RecordedStep, Run, RunView } from '../runs/run.ts'
import { makeCharge } from '../testing/agent-factories.ts'
import { startAt, stepRecord, runError as timeout } from '../testing/storage-factories.ts'
import { toAgentRunView, toToolRunView } from './agent-run-view.ts'

const runError = { ...timeout, code: 'model_unavailable' }

const view = (run: Partial<Run>): RunView => {
  // safety: the members that the view looks at
  return { run: { state: 'running', result: null, error: null, ...run } } as RunView
}
const completed = view({
  state: 'completed',
  result: { finalOutput: 'It is sunny.', stopReason: 'final_answer' },
})

const model = (n: number, text: string, over: Partial<RecordedStep> = {}): RecordedStep => ({
  ...stepRecord({ name: `model-${n}`, type: 'model', startedAt: startAt, completedAt: startAt + 100 }),
  output: { text, toolCalls: [], usage: { inputTokens: 100, outputTokens: 10, cachedTokens: 40 } },
  use: { model: 'small-1', inputTokens: 100, outputTokens: 10, cost: 0 },
  charge: makeCharge({ amount: '0.1', tokens: 110 }),
  isVoid: false,
  ...over,
})
const action = (iteration: number, n: number, over: Partial<RecordedStep> = {}): RecordedStep => ({
  ...stepRecord({
    name: `action-${iteration}-${n}`,
    type: 'action',
    startedAt: startAt,
    completedAt: startAt + 7,
  }),
  output: { iteration, name: `act${n}`, input: { n }, output: 'done', isError: false },
  charge: makeCharge({ amount: '0.05', tokens: 0, actions: 1 }),
  isVoid: false,
  ...over,
})

test('a completed run: every call to the model is a step, every action is listed, credits add up exactly', () => {
  const steps = [
    model(1, 'I look.'),
    action(1, 2),
    action(1, 1),
    model(2, 'And again.'),
    action(2, 1),
    model(3, 'It is sunny.'),
  ]
  const told = toAgentRunView(completed, steps)
  expect(told).toMatchObject({
    ...{ stepsExecuted: 3, actionsUsed: 3, inputTokens: 300, outputTokens: 30, tokensUsed: 330 },
    ...{ cachedTokens: 120, creditsUsed: '0.45', finalOutput: 'It is sunny.', partialOutput: null },
    ...{ stopReason: 'final_answer', error: null },
  })
  expect(told.actions).toMatchObject([
    {
      number: 1,
      iteration: 1,
      name: 'act1',
      reasoning: 'I look.',
      inputTokens: 100,
      outputTokens: 10,
      durationMs: 7,
    },
    { number: 2, iteration: 1, name: 'act2', reasoning: 'I look.', inputTokens: 0, outputTokens: 0 },
    { number: 3, iteration: 2, name: 'act1', reasoning: 'And again.', inputTokens: 100 },
  ])
})

test('steps are in the order of their numbers, not of the alphabet', () => {
  const numbers = Array.from({ length: 11 }, (_, n) => n + 1)
  const steps = numbers.toReversed().flatMap((n) => [model(n, `${n}`), action(n, 1)])
  expect(toAgentRunView(completed, steps).actions.map(({ iteration }) => iteration)).toEqual(numbers)
})

test('failed attempts cost, and are no steps; what was done again counts once', () => {
  const failed = { status: 'failed', error: runError, output: null } as const
  const told = toAgentRunView(view({ state: 'failed', error: runError }), [
    model(1, '', failed),
    model(1, 'Half an answer.', { attempt: 2 }),
    action(1, 1, { ...failed, attempt: 2 }),
    action(1, 1, { attempt: 3 }),
    action(1, 1, { attempt: 4 }),
    model(2, '', { ...failed, attempt: 4 }),
  ])
  expect(told).toMatchObject({
    ...{ stepsExecuted: 1, actionsUsed: 1, tokensUsed: 330, creditsUsed: '0.45' },
    ...{ finalOutput: null, partialOutput: 'Half an answer.', stopReason: 'error', error: runError },
  })
})

test('what a call had said that broke off is told, but of a run that has completed', () => {
  const steps = [
    model(1, 'Let me see.'),
    model(2, 'Mara keeps', { status: 'failed', error: runError, attempt: 2 }),
  ]
  expect(toAgentRunView(view({ state: 'cancelled' }), steps).partialOutput).toBe('Mara keeps')
  expect(toAgentRunView(completed, steps).partialOutput).toBeNull()
})

test('what was declared void is not gone on from, and was paid all the same', () => {
  const told = toAgentRunView(view({}), [model(1, 'Old.', { isVoid: true }), action(1, 1, { isVoid: true })])
  expect(told).toMatchObject({
    ...{ stepsExecuted: 0, actionsUsed: 0, tokensUsed: 110, creditsUsed: '0.15' },
    ...{ partialOutput: null, stopReason: null },
  })
})

test.each([
  [{ state: 'cancelled', error: { ...runError, code: 'cancelled' } }, 'cancelled'],
  [{ state: 'failed', error: { ...runError, code: 'timeout' } }, 'timeout'],
  [{ state: 'partial', error: runError }, 'error'],
  [{ state: 'running', error: runError }, null],
  [{ state: 'queued' }, null],
] as const)('the reason why %j ended is %s', (run, stopReason) => {
  expect(toAgentRunView(view(run), []).stopReason).toBe(stopReason)
})

test('between two attempts there is no error yet', () => {
  expect(toAgentRunView(view({ state: 'running', error: runError }), []).error).toBeNull()
})

test('a run that was erased tells its costs and nothing that was said', () => {
  const told = toAgentRunView(view({ state: 'completed' }), [
    model(1, '', { output: null }),
    action(1, 1, { output: null }),
  ])
  expect(told).toMatchObject({ finalOutput: '', stepsExecuted: 0, actions: [], creditsUsed: '0.15' })
})

test('a tool run tells its actions as they were done, and its output when it has completed', () => {
  const of = (name: string, startedAt: number) =>
    action(0, 1, {
      name,
      startedAt,
      completedAt: startedAt + 1,
      output: { iteration: 0, name, input: {}, output: name, isError: false },
    })
  const steps = [of('fetch-2', startAt), of('fetch-1', startAt + 5)]
  const told = toToolRunView(view({ state: 'completed', result: { output: { n: 1 } } }), steps)
  expect(told).toMatchObject({
    output: { n: 1 },
    actionsUsed: 2,
    tokensUsed: 0,
    creditsUsed: '0.1',
    error: null,
  })
  expect(told.actions.map(({ name }) => name)).toEqual(['fetch-2', 'fetch-1'])
  expect(toToolRunView(view({ state: 'failed', result: { output: 1 } }), []).output).toBeNull()
})
