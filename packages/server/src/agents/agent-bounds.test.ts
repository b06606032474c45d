import { expect, test } from 'vitest'
import { makeAction, openAgentScene } from '../testing/agent-scene.ts'
import type { ProviderAnswer } from '../testing/provider.ts'

const usage = { input: 100, output: 20 }
const again: ProviderAnswer = {
  text: 'Let me look again.',
  toolCalls: [{ name: 'look', arguments: { where: 'here' } }],
  usage,
}
const rates = { models: { '*': { input: '1', output: '5' } }, action: '0.1' }

test('a model that asks for the same for ever ends at the bound of its agent, with what it said last', async () => {
  const look = makeAction({ name: 'look' })
  await using scene = await openAgentScene({ actions: [look], answers: () => again })
  const run = await scene.answer('Find it.', { agent: { maxSteps: 3 } })
  expect(run).toMatchObject({
    state: 'completed',
    error: null,
    result: { finalOutput: 'Let me look again.', stopReason: 'max_steps' },
  })
  expect(scene.provider.requests).toHaveLength(3)
  expect(look.calls).toHaveLength(3)
  const told = [0, 1, 2].map((call) => scene.messages(call)[0]?.content)
  expect(told.map((text) => String(text).includes('for the last time'))).toEqual([false, false, true])
})

test.each([
  [8, 2, 2],
  [2, 12, 2],
])('an agent of %i steps and a run of %i: %i calls', async (ofAgent, ofRun, calls) => {
  await using scene = await openAgentScene({ actions: [makeAction({ name: 'look' })], answers: () => again })
  await scene.answer('Find it.', { agent: { maxSteps: ofAgent }, bounds: { maxSteps: ofRun } })
  expect(scene.provider.requests).toHaveLength(calls)
})

test('no further call is made when the tokens of the run are used up; few of them bound the output too', async () => {
  await using scene = await openAgentScene({ actions: [makeAction({ name: 'look' })], answers: () => again })
  const run = await scene.answer('Find it.', { bounds: { maxTokens: 240 } })
  expect(run.result).toEqual({ finalOutput: 'Let me look again.', stopReason: 'max_tokens' })
  expect(scene.provider.requests.map(({ body }) => body.max_tokens)).toEqual([240, 120])
  const plenty = await scene.answer('Find it.', { agent: { maxSteps: 1 }, bounds: { maxTokens: 100_000 } })
  expect(plenty.result?.stopReason).toBe('max_steps')
  expect(scene.provider.requests.at(-1)?.body).not.toHaveProperty('max_tokens')
})

test('no further call is made when the credits of the run are used up, those for actions among them', async () => {
  await using scene = await openAgentScene({ actions: [makeAction({ name: 'look' })], answers: () => again })
  await scene.project.agents.setCredits({ rates })
  // A call costs 0.2, an action 0.1.
  const run = await scene.answer('Find it.', { bounds: { maxCredits: '0.55' } })
  expect(run.result?.stopReason).toBe('max_credits')
  expect(scene.provider.requests).toHaveLength(2)
  const { used } = await scene.project.agents.getCredits({ monthStartAt: Date.parse('2026-11-01') })
  expect(used).toEqual({ tokens: 240, actions: 2, credits: '0.6' })
})

test('tokens and credits of attempts that failed count as well', async () => {
  const answers: ProviderAnswer[] = [again, { ...again, ending: 'cut' }]
  await using scene = await openAgentScene({
    ...{ provider: 'anthropic', actions: [makeAction({ name: 'look' })], answers },
  })
  await scene.answer('Find it.', { bounds: { maxTokens: 221 } })
  expect(await scene.again()).toMatchObject({ state: 'completed', result: { stopReason: 'max_tokens' } })
  expect(scene.provider.requests).toHaveLength(2)
})

test('an answer that is cut off at its length is what there is', async () => {
  await using scene = await openAgentScene({ answers: [{ text: 'Once upon a', finish: 'length' }] })
  const run = await scene.answer('Tell a story.')
  expect(run.result).toEqual({ finalOutput: 'Once upon a', stopReason: 'max_tokens' })
})

test('an answer without words is what was said before it', async () => {
  await using scene = await openAgentScene({
    ...{ actions: [makeAction({ name: 'look' })], answers: [again, { text: '' }] },
  })
  const run = await scene.answer('Find it.')
  expect(run.result).toEqual({ finalOutput: 'Let me look again.', stopReason: 'final_answer' })
})

test('a run fails when its time is over, and what was done stays', async () => {
  await using scene = await openAgentScene({
    actions: [makeAction({ name: 'look' })],
    answers: [again, 'hang'],
  })
  const run = await scene.answer('Find it.', { timeoutMs: 300 })
  expect(run).toMatchObject({
    state: 'failed',
    result: null,
    error: { stage: 'model call', code: 'timeout' },
  })
  await scene.provider.requests[2]?.closed
  expect((await scene.steps(run.runId)).map(({ name, status }) => `${name} ${status}`)).toEqual([
    ...['model-1 completed', 'action-1-1 completed', 'model-2 failed'],
  ])
})

test('a run that would begin with nothing left does not', async () => {
  await using scene = await openAgentScene({ answers: [again] })
  const { agents } = scene.project
  await agents.setCredits({ caps: { tokens: 0, actions: null, credits: null } })
  expect(await scene.answer('Find it.')).toMatchObject({
    state: 'failed',
    error: { code: 'insufficient_credits', detail: 'The project has used 0 of its 0 tokens of this month.' },
  })
  expect(scene.provider.requests).toEqual([])
})

test('what the provider withholds is a failure', async () => {
  await using scene = await openAgentScene({ answers: [{ text: 'I', finish: 'content_filter' }] })
  const run = await scene.answer('Tell a story.')
  expect(run).toMatchObject({ state: 'failed', error: { stage: 'model call', code: 'model_refused' } })
  expect(await scene.steps(run.runId)).toMatchObject([
    { status: 'failed', output: { text: 'I' }, charge: {} },
  ])
})
