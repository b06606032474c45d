/** What a run brings along for the instructions of its agent. */
import { expect, test } from 'vitest'
import { FILLED_LENGTH_MAX } from '../kernel/limits.ts'
import { makeAction, openAgentScene } from '../testing/agent-scene.ts'
import { openWorkingScene } from '../testing/working-scene.ts'
import { fillInputs, misfits, nameMistakes } from './run-inputs.ts'

const inputs = {
  city: 'Graz',
  days: 3,
  isFormal: false,
  'a-b_1': 'x',
  nested: '{{inputs.city}}',
  money: '$& $1',
}

test.each([
  ['In {{inputs.city}} for {{ inputs.days }} days.', 'In Graz for 3 days.'],
  ['{{inputs.isFormal}}{{inputs.a-b_1}}', 'falsex'],
  ['{{inputs.city}} and {{inputs.city}}', 'Graz and Graz'],
  // What was filled in is text.
  ['{{inputs.nested}}', '{{inputs.city}}'],
  ['{{inputs.money}}', '$& $1'],
  // Instructions are prose.
  ['Write {{name}}, {{ input.city }}, {{inputs.}} and {{inputs.city', null],
  ['{{inputs.city.length}} {{Inputs.city}} {{args.city}}', null],
  ['{{inputs.toString}} {{inputs.__proto__}} {{inputs.constructor}}', null],
])('%j becomes %j', (instructions, filled) => {
  expect(fillInputs(instructions, inputs)).toBe(filled ?? instructions)
})

test('names that are missing, no names, and too much text are told', () => {
  expect(
    misfits('{{inputs.city}}, {{inputs.land}}, {{inputs.land}}, {{inputs.toString}}', inputs),
  ).toMatchObject([{ location: 'body.inputs.land' }, { location: 'body.inputs.toString' }])
  expect(misfits('{{inputs.city}} {{land}}', inputs)).toEqual([])
  const often = '{{inputs.long}}'.repeat(200)
  expect(misfits(often, { long: 'x'.repeat(FILLED_LENGTH_MAX / 200) })).toEqual([])
  expect(misfits(often, { long: 'x'.repeat(FILLED_LENGTH_MAX / 200 + 1) })).toMatchObject([
    { location: 'body.inputs' },
  ])
  expect(nameMistakes({ ok: 1, 'a b': 2, ä: 3 }).map(({ location }) => location)).toEqual([
    ...['body.inputs.a b', 'body.inputs.ä'],
  ])
})

test('the model is told the instructions with them, at each call; without any, as they are', async () => {
  const instructions = 'You are in {{inputs.city}}.'
  await using scene = await openAgentScene({
    actions: [makeAction({ name: 'look' })],
    answers: [{ toolCalls: [{ name: 'look', arguments: {} }] }, 'Rain.', 'Rain.'],
  })
  await scene.answer('How is the weather?', {
    agent: { instructions },
    inputs: { city: '{{inputs.city}} Graz' },
  })
  for (const call of [0, 1])
    expect(scene.messages(call)[0]?.content).toMatch(/^You are in \{\{inputs\.city\}\} Graz\.\n/)
  // As a run may be that was accepted before there were inputs.
  await scene.answer('How is the weather?', { agent: { instructions } })
  expect(scene.messages(2)[0]?.content).toMatch(/^You are in \{\{inputs\.city\}\}\.\n/)
})

test('an agent that needs some cannot be asked by another, which is told so', async () => {
  const ask = { type: 'agent', name: 'ask', description: 'Asks.', agentId: 'needy' } as const
  const call = { toolCalls: [{ name: 'ask', arguments: { message: 'Where?' } }] }
  await using scene = await openWorkingScene({ answers: [call, 'I cannot.'] })
  await scene.putAgent({ agentId: 'needy', instructions: 'You are in {{inputs.city}}.' })
  await scene.putAgent({ agentId: 'asking', actions: [ask] })
  const runId = await scene.startAgent('asking')
  expect(await scene.ended(runId)).toMatchObject({ state: 'completed' })
  const step = (await scene.project.listSteps(runId)).find(({ type }) => type === 'action')
  expect(step?.output).toMatchObject({ isError: true })
  expect(JSON.stringify(step?.output)).toContain('body.inputs.city is missing')
})
