import { expect, test } from 'vitest'
import { makeAction, makeKeeper, openAgentScene } from '../testing/agent-scene.ts'
import type { ProviderAnswer } from '../testing/provider.ts'

const call = (name: string, args: object | string = {}): ProviderAnswer => ({
  toolCalls: [{ name, arguments: args }],
})
const usage = { input: 100, output: 20 }

test('an agent answers: one call to the model, recorded, and the run has completed', async () => {
  await using scene = await openAgentScene({ actions: [], answers: [{ text: 'Bees.', usage }] })
  const run = await scene.answer('What does Mara keep?', { agent: { instructions: 'Be brief.' } })
  expect(run).toMatchObject({
    state: 'completed',
    outcome: 'done',
    error: null,
    result: { finalOutput: 'Bees.', stopReason: 'final_answer' },
  })
  expect(await scene.steps(run.runId)).toMatchObject([
    {
      name: 'model-1',
      type: 'model',
      status: 'completed',
      output: { text: 'Bees.', toolCalls: [], usage: { inputTokens: 100, outputTokens: 20 } },
      use: { model: 'small', inputTokens: 100, outputTokens: 20 },
      charge: { amount: '0', tokens: 120, actions: 0 },
    },
    { name: 'finish run', type: 'apply' },
  ])
  const [system, ...said] = scene.messages(0)
  expect(system?.content).toMatch(/^Be brief\.\n\nAbout this run:\n- Today is 2026-11-01 \(UTC\)\.\n.*"ada"/)
  expect(said).toEqual([{ role: 'user', content: 'What does Mara keep?' }])
  expect(scene.closedCount()).toBe(1)
})

test('calls of actions are done in their order, and their outputs told to the model', async () => {
  const order: unknown[] = []
  const weather = makeAction({ name: 'weather' }, ({ city }) => order.push(city) && `rain in ${city}`)
  await using scene = await openAgentScene({
    actions: [weather],
    answers: [
      {
        text: 'Let me see.',
        toolCalls: [
          { name: 'weather', arguments: { city: 'Graz' } },
          { name: 'weather', arguments: { city: 'Rovinj' } },
        ],
      },
      'It rains.',
    ],
  })
  const run = await scene.answer('How is the weather?')
  expect(run.result).toEqual({ finalOutput: 'It rains.', stopReason: 'final_answer' })
  expect(order).toEqual(['Graz', 'Rovinj'])
  expect((await scene.steps(run.runId)).map(({ name }) => name)).toEqual([
    ...['model-1', 'action-1-1', 'action-1-2', 'model-2', 'finish run'],
  ])
  expect((await scene.steps(run.runId))[1]).toMatchObject({
    type: 'action',
    output: {
      iteration: 1,
      name: 'weather',
      input: { city: 'Graz' },
      output: 'rain in Graz',
      isError: false,
    },
    charge: { tokens: 0, actions: 1 },
  })
  expect(scene.messages(1).slice(2)).toMatchObject([
    { role: 'assistant', content: 'Let me see.', tool_calls: [{ id: 'call_0' }, { id: 'call_1' }] },
    { role: 'tool', tool_call_id: 'call_0', content: 'rain in Graz' },
    { role: 'tool', tool_call_id: 'call_1', content: 'rain in Rovinj' },
  ])
})

test('unknown names and wrong or malformed arguments are told to the model, and cost nothing', async () => {
  const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
  const weather = makeAction({ name: 'weather', parameters })
  await using scene = await openAgentScene({
    actions: [weather],
    answers: [
      call('whether'),
      call('weather', '{"city": "Gr'),
      call('weather', { city: 7 }),
      call('weather', {}),
      'I cannot.',
    ],
  })
  const run = await scene.answer('How is the weather?')
  expect(run.state).toBe('completed')
  expect(weather.calls).toEqual([])
  const actions = (await scene.steps(run.runId)).filter(({ type }) => type === 'action')
  expect(actions.map(({ output }) => output)).toMatchObject([
    { name: 'whether', isError: true, output: { error: 'there is no action "whether"' } },
    { name: 'weather', isError: true, output: { error: expect.stringContaining('no valid JSON') } },
    { name: 'weather', isError: true, output: { error: 'the arguments are wrong: city must be string' } },
    { name: 'weather', isError: true, output: { error: expect.stringContaining("property 'city'") } },
  ])
  expect(actions.some((step) => 'charge' in step)).toBe(false)
  expect(JSON.stringify(scene.messages(1))).toContain('there is no action')
})

test('more calls than an answer may hold are not made, and the model is told', async () => {
  const weather = makeAction({ name: 'weather' })
  const toolCalls = Array.from({ length: 20 }, (_, n) => ({ name: 'weather', arguments: { n } }))
  await using scene = await openAgentScene({ actions: [weather], answers: [{ toolCalls }, 'Done.'] })
  const run = await scene.answer('How is the weather?')
  expect(run.state).toBe('completed')
  expect(weather.calls).toHaveLength(16)
  expect(scene.messages(1).at(-1)).toMatchObject({
    role: 'user',
    content: expect.stringMatching(/^4 more calls were not made/),
  })
})

test('what an action comes to is bounded before it is kept', async () => {
  const long = makeAction({ name: 'long' }, () => ({ text: '"'.repeat(200_000) }))
  await using scene = await openAgentScene({ actions: [long], answers: [call('long'), 'Long.'] })
  const { runId } = await scene.answer('Read it.')
  const step = (await scene.steps(runId)).find(({ type }) => type === 'action')
  expect(step?.output).toMatchObject({
    output: { truncated: true, beginning: expect.stringMatching(/^\{"text":"/) },
  })
  expect(JSON.stringify(step?.output).length).toBeLessThan(70_000)
})

test('memories are committed with the record of the action, as operations of the run', async () => {
  const keeper = makeKeeper()
  await using scene = await openAgentScene({
    actions: [keeper],
    answers: [
      call('keep', { content: 'Mara keeps bees.' }),
      { status: 503 },
      call('keep', { content: 'Mara rows.' }),
      call('keep', { content: 'Mara keeps bees.' }),
      'Kept.',
    ],
  })
  const first = await scene.answer('Keep this.')
  expect(first).toMatchObject({ state: 'running', counts: { created: 1 } })
  const run = await scene.again()
  expect(run).toMatchObject({
    ...{ state: 'completed', outcome: 'committed' },
    counts: { inputs: 1, candidates: 3, created: 2, unchanged: 1 },
  })
  expect(keeper.calls).toHaveLength(3)
  expect((await scene.project.getRun(run.runId))?.operations).toMatchObject([
    ...[{ kind: 'create' }, { kind: 'create' }],
  ])
  expect((await scene.memories()).map(({ content }) => content)).toEqual(['Mara keeps bees.', 'Mara rows.'])
})
