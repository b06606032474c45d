import { expect, test } from 'vitest'
import { makeAction, openAgentScene } from '../testing/agent-scene.ts'

const outputSchema = {
  type: 'object',
  properties: { animal: { type: 'string' } },
  required: ['animal'],
  additionalProperties: false,
}
const good = '{"animal": "bee"}'

test('an answer of the schema is the output as it is, also out of a fence', async () => {
  await using scene = await openAgentScene({ answers: [good, `\`\`\`json\n${good}\n\`\`\``] })
  for (const call of [0, 1]) {
    const run = await scene.answer('What does Mara keep?', { outputSchema })
    expect(run.result).toEqual({ finalOutput: good, stopReason: 'final_answer' })
    expect(scene.messages(call)[0]?.content).toContain(JSON.stringify(outputSchema))
    expect(scene.provider.requests[call]?.body).toHaveProperty('response_format')
  }
})

test.each(['Bees.', '{"animal": 7}', '{"animal": "bee", "count": 3}', '{}'])(
  'the answer %s is told to be wrong, and the next one is taken',
  async (wrong) => {
    await using scene = await openAgentScene({ answers: [wrong, good] })
    const run = await scene.answer('What does Mara keep?', { outputSchema })
    expect(run.result).toEqual({ finalOutput: good, stopReason: 'final_answer' })
    expect(scene.messages(1).slice(2)).toMatchObject([
      { role: 'assistant', content: wrong },
      { role: 'user', content: expect.stringContaining('cannot be read by the program') },
    ])
  },
)

test('wrong twice is a failure, and a retry asks once more', async () => {
  await using scene = await openAgentScene({ answers: ['Bees.', '{"animal": 7}', good] })
  const run = await scene.answer('What does Mara keep?', { outputSchema })
  expect(run).toMatchObject({
    state: 'failed',
    error: {
      code: 'answer_invalid',
      detail: 'the answer is not what the schema asks for: animal must be string',
    },
  })
  await scene.project.requeueRun({
    ...{ runId: run.runId, voidSteps: [], queueDepthMax: 10, now: scene.clock.now() },
  })
  expect(await scene.attempt()).toMatchObject({ state: 'completed', result: { finalOutput: good } })
  expect(scene.provider.requests).toHaveLength(3)
})

test('a wrong answer at the last step is a failure, calls of actions there are not', async () => {
  const call = { text: 'Bees?', toolCalls: [{ name: 'look', arguments: {} }] }
  await using scene = await openAgentScene({
    ...{ actions: [makeAction({ name: 'look' })], answers: ['Bees.', call] },
  })
  const asked = { outputSchema, bounds: { maxSteps: 1 } }
  expect(await scene.answer('What?', asked)).toMatchObject({ error: { code: 'answer_invalid' } })
  expect(await scene.answer('What?', asked)).toMatchObject({ result: { stopReason: 'max_steps' } })
})

test('a schema that is none ends the run', async () => {
  await using scene = await openAgentScene({ answers: [good] })
  const run = await scene.answer('What?', { outputSchema: { type: 'no such type' } })
  expect(run).toMatchObject({ state: 'failed', error: { code: 'invalid_schema' } })
})

test('patterns of a schema that go on for ever are not waited for', async () => {
  const slow = { type: 'string', pattern: '^(a+)+$' }
  await using scene = await openAgentScene({ answers: () => `"${'a'.repeat(60)}!"` })
  const run = await scene.answer('What?', { outputSchema: slow })
  expect(run).toMatchObject({ state: 'failed', error: { code: 'answer_invalid' } })
})
