/** Runs of tools on a real worker: their order, and what goes from step to step. */
import { expect, test } from 'vitest'
import { echoTool, startMcpServer } from '../testing/mcp-server.ts'
import { startReceiver } from '../testing/receiver.ts'
import { httpStep, runOf, stepsOf } from '../testing/tool-factories.ts'
import { openWorkingScene } from '../testing/working-scene.ts'

test('steps run in order with what the input and the steps before have given', async () => {
  await using receiver = await startReceiver(({ path }) => ({
    status: 200,
    body: path === '/find' ? '{"place":{"id":7,"names":["Graz"]}}' : '{"degrees":21.5}',
  }))
  await using scene = await openWorkingScene()
  const run = await runOf(
    scene,
    {
      steps: [
        httpStep(
          'find',
          { url: `${receiver.url}/find`, body: { q: '{{args.q}}', unit: '{{args.unit}}' } },
          { q: '{{input.city}}', unit: '{{input.unit}}' },
        ),
        httpStep(
          'weather',
          { url: `${receiver.url}/weather/{{args.id}}`, body: { place: '{{args.place}}' } },
          {
            id: '{{steps.find.body.place.id}}',
            place: '{{steps.find.body.place}}',
          },
        ),
      ],
      output: {
        text: '{{input.city}}: {{steps.weather.body.degrees}}',
        degrees: '{{steps.weather.body.degrees}}',
      },
      outputSchema: { type: 'object', properties: { degrees: { type: 'number' } }, required: ['degrees'] },
    },
    { city: 'Graz' },
  )
  expect(run).toMatchObject({ state: 'completed', result: { output: { text: 'Graz: 21.5', degrees: 21.5 } } })
  expect(receiver.received.map(({ path, json }) => [path, json])).toEqual([
    ['/find', { q: 'Graz' }],
    ['/weather/7', { place: { id: 7, names: ['Graz'] } }],
  ])
  expect(await stepsOf(scene, run)).toEqual([
    ['find', 'action', 'completed', 1],
    ['weather', 'action', 'completed', 1],
    ['finish run', 'apply', 'completed', 1],
  ])
})

test('memories are searched and kept, and the last output is that of the tool', async () => {
  await using scene = await openWorkingScene()
  const run = await runOf(
    scene,
    {
      steps: [
        {
          name: 'finish',
          action: { type: 'memory_add', name: 'keep', description: 'Keeps.', topic: 'facts' },
          mcpTool: null,
          arguments: { content: 'Ada lives in {{input.city}}.' },
        },
        {
          name: 'search',
          action: { type: 'memory_search', name: 'remember', description: 'Searches.', limit: 5 },
          mcpTool: null,
          arguments: { query: '{{input.city}}' },
        },
      ],
      output: null,
    },
    { city: 'Graz' },
  )
  expect(run).toMatchObject({
    ...{ state: 'completed', outcome: 'committed', counts: { created: 1 } },
    result: { output: { memories: [{ content: 'Ada lives in Graz.' }] } },
  })
  expect(await scene.memories()).toMatchObject([{ sources: [{ runId: run.runId }] }])
  expect((await scene.project.getRun(run.runId))?.operations).toHaveLength(1)
})

test('of an MCP server the named tool is called', async () => {
  await using server = await startMcpServer({
    tools: [echoTool, { ...echoTool, name: 'other' }],
    call: (name) => ({ content: [{ type: 'text', text: name }] }),
  })
  await using scene = await openWorkingScene()
  const action = {
    type: 'mcp',
    name: 'shop',
    description: '',
    url: server.url,
    headers: {},
    tools: null,
  } as const
  const steps = [{ name: 'one', action, mcpTool: 'other', arguments: { text: 'hi' } }]
  expect(await runOf(scene, { steps })).toMatchObject({ result: { output: { text: 'other' } } })
})

test('each action is charged, by the rates of the project', async () => {
  await using receiver = await startReceiver(() => 200)
  await using scene = await openWorkingScene()
  await scene.project.agents.setCredits({ rates: { models: {}, action: '0.25' } })
  const steps = ['one', 'two'].map((name) => httpStep(name, { url: `${receiver.url}/${name}` }))
  const { runId } = await runOf(scene, { steps })
  const { items } = await scene.project.agents.listCreditTransactions({
    runId,
    kind: 'charge',
    limit: 10,
    cursor: null,
  })
  expect(items.map(({ step, amount, actions }) => [step, amount, actions])).toEqual([
    ['two', '-0.25', 1],
    ['one', '-0.25', 1],
  ])
})
