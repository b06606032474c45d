import { expect, test } from 'vitest'
import { StepError } from '../kernel/step-error.ts'
import { makeAction, openAgentScene } from '../testing/agent-scene.ts'
import type { ProviderAnswer } from '../testing/provider.ts'

const call = (name: string): ProviderAnswer => ({ toolCalls: [{ name, arguments: {} }] })
const usage = { input: 100, output: 20 }

test('what the provider cannot do now is tried again, and nothing that is recorded is done again', async () => {
  const weather = makeAction({ name: 'weather' })
  await using scene = await openAgentScene({
    actions: [weather],
    answers: [
      call('weather'),
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 500 },
      { raw: 'data: nonsense\n\n' },
      'Rain.',
    ],
  })
  const first = await scene.answer('How is the weather?')
  expect(first).toMatchObject({ state: 'running', failures: 1, error: { code: 'model_rate_limited' } })
  expect((first.retryAt ?? 0) - first.updatedAt).toBeGreaterThanOrEqual(7_000)
  expect(await scene.again()).toMatchObject({ attempt: 2, failures: 2, error: { code: 'model_unavailable' } })
  expect(await scene.again()).toMatchObject({
    attempt: 3,
    failures: 3,
    error: { code: 'model_answer_invalid' },
  })
  expect(await scene.again()).toMatchObject({
    state: 'completed',
    attempt: 4,
    result: { finalOutput: 'Rain.' },
  })
  expect(weather.calls).toHaveLength(1)
  // The first call and the four tries of the second one.
  expect(scene.provider.requests).toHaveLength(5)
  const steps = await scene.steps(first.runId)
  expect(steps.map(({ name, attempt, status }) => `${name} ${attempt} ${status}`)).toEqual([
    ...['model-1 1 completed', 'action-1-1 1 completed', 'model-2 1 failed', 'model-2 2 failed'],
    ...['model-2 3 failed', 'model-2 4 completed', 'finish run 4 completed'],
  ])
})

test('a model that does not answer in its time is asked again', async () => {
  await using scene = await openAgentScene({
    answers: ['hang', { text: 'Ra', ending: 'hang' }, 'Rain.'],
    limits: { modelTimeoutMs: 400 },
  })
  const first = await scene.answer('How is the weather?')
  expect(first).toMatchObject({ state: 'running', error: { stage: 'model call', code: 'model_timeout' } })
  await scene.provider.requests[0]?.closed
  expect(await scene.again()).toMatchObject({ failures: 2, error: { code: 'model_timeout' } })
  await scene.provider.requests[1]?.closed
  expect(await scene.again()).toMatchObject({ state: 'completed', result: { finalOutput: 'Rain.' } })
})

test('a refusal of the provider is the end, and so is a model that nobody provides', async () => {
  await using refusing = await openAgentScene({ answers: [{ status: 401 }] })
  expect(await refusing.answer('Hello?')).toMatchObject({
    state: 'failed',
    result: null,
    error: { stage: 'model call', code: 'model_unauthorized' },
  })
  await using none = await openAgentScene({ provider: 'none' })
  expect(await none.answer('Hello?', { agent: { model: 'large' } })).toMatchObject({
    state: 'failed',
    error: { stage: 'model call', code: 'model_not_configured' },
  })
})

test('a call that breaks off keeps what was said, what it took and what that costs', async () => {
  await using scene = await openAgentScene({
    provider: 'anthropic',
    answers: [
      { text: 'Mara keeps bees', usage, ending: 'cut' },
      { text: 'Bees.', usage },
    ],
  })
  await scene.project.agents.setCredits({
    rates: { models: { small: { input: '1', output: '1' } }, action: '0' },
  })
  const { runId } = await scene.answer('What does Mara keep?')
  expect(await scene.steps(runId)).toMatchObject([
    {
      status: 'failed',
      output: { text: 'Mara keeps bees', toolCalls: [] },
      use: { inputTokens: 100, outputTokens: 1 },
      charge: { amount: '0.101', tokens: 101, actions: 0 },
    },
  ])
  expect(await scene.again()).toMatchObject({ state: 'completed', result: { finalOutput: 'Bees.' } })
  const { used } = await scene.project.agents.getCredits({ monthStartAt: Date.parse('2026-11-01') })
  expect(used).toEqual({ tokens: 221, actions: 0, credits: '0.221' })
})

test('an action that cannot work now is tried again, one that never will ends the run', async () => {
  let failuresLeft = 1
  const shop = makeAction({ name: 'shop' }, () => {
    if (failuresLeft-- > 0) throw new StepError('unreachable', 'no connection', { retryable: true })
    return 'open'
  })
  const lost = makeAction({ name: 'lost' }, () => {
    throw new StepError('unknown_topic', 'gone')
  })
  await using scene = await openAgentScene({ actions: [shop, lost], answers: [call('shop'), call('lost')] })
  const run = await scene.answer('Is the shop open?')
  expect(run).toMatchObject({ state: 'running', error: { stage: 'action', code: 'unreachable' } })
  expect(await scene.again()).toMatchObject({
    state: 'failed',
    error: { stage: 'action', code: 'unknown_topic' },
  })
  expect(scene.provider.requests).toHaveLength(2)
})

test('an action has the time of a step, and is told when it is over', async () => {
  let wasAborted = false
  const slow = makeAction({
    name: 'slow',
    perform: ({ signal }) =>
      new Promise(() => signal.addEventListener('abort', () => (wasAborted = true), { once: true })),
  })
  await using scene = await openAgentScene({
    ...{ actions: [slow], answers: [call('slow')] },
    limits: { stepTimeoutMs: 30, runFailureCountMax: 1 },
  })
  expect(await scene.answer('Wait.')).toMatchObject({
    state: 'failed',
    error: { stage: 'action', code: 'action_timeout' },
  })
  expect(wasAborted).toBe(true)
})
