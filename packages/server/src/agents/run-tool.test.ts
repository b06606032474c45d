/** Runs of tools on a real worker: order, templates, failures, and what is never done twice. */
import { expect, test } from 'vitest'
import { retryRun } from '../runs/steer-runs.ts'
import { echoTool, startMcpServer } from '../testing/mcp-server.ts'
import { type Reply, startReceiver } from '../testing/receiver.ts'
import { openWorkingScene, type WorkingScene } from '../testing/working-scene.ts'
import type { HttpRequestTemplate } from './action-spec.ts'
import type { Tool, ToolStep } from './tool.ts'

const text = { type: 'string' }

const http = (
  name: string,
  request: Partial<HttpRequestTemplate> & { url: string },
  given: object = {},
): ToolStep => ({
  name,
  action: {
    ...{ type: 'http', name: `call_${name}`, description: 'Calls.', timeoutMs: 5_000 },
    parameters: {
      type: 'object',
      properties: Object.fromEntries(Object.keys(given).map((key) => [key, {}])),
    },
    request: { method: 'POST', headers: {}, query: {}, body: null, ...request },
  },
  mcpTool: null,
  arguments: { ...given },
})

const runOf = async (
  scene: WorkingScene,
  tool: Partial<Tool>,
  input: Readonly<Record<string, unknown>> = {},
) => {
  await scene.putTool({
    toolId: 'tool',
    parameters: { type: 'object', properties: { city: text, unit: text } },
    ...tool,
  })
  return scene.ended(await scene.startTool('tool', input))
}

const stepsOf = async (scene: WorkingScene, { runId }: { runId: string }) =>
  (await scene.project.listSteps(runId)).map(({ name, type, status, attempt }) => [
    name,
    type,
    status,
    attempt,
  ])

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
        http(
          'find',
          { url: `${receiver.url}/find`, body: { q: '{{args.q}}', unit: '{{args.unit}}' } },
          { q: '{{input.city}}', unit: '{{input.unit}}' },
        ),
        http(
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

test.each<[string, Partial<Tool>, object]>([
  [
    'a step that a server refuses',
    {},
    { stage: 'action', code: 'action_failed', detail: 'step "two": the server answered 404' },
  ],
  [
    'a place without a value',
    { steps: [http('one', { url: 'http://127.0.0.1:1/' }, { q: '{{steps.zero.body}}' })] },
    {
      stage: 'action',
      code: 'invalid_template',
      detail: 'step "one": {{steps.zero.body}} names nothing: there is no "zero"',
    },
  ],
  [
    'a target that is out of reach',
    { steps: [http('one', { url: 'http://10.0.0.1/' })] },
    {
      stage: 'action',
      code: 'action_failed',
      detail: expect.stringContaining('step "one": the address 10.0.0.1 is private'),
    },
  ],
  [
    'an output that does not match its schema',
    {
      steps: [],
      output: { n: 'x' },
      outputSchema: { type: 'object', properties: { n: { type: 'number' } } },
    },
    {
      stage: 'processing',
      code: 'output_invalid',
      detail: 'the output is not what its schema asks for: n must be number',
    },
  ],
  [
    'an output with a place without a value',
    { steps: [], output: '{{steps.one}}' },
    { stage: 'processing', code: 'invalid_template' },
  ],
])('%s fails the run', async (_what, tool, error) => {
  await using receiver = await startReceiver(({ path }) => (path === '/two' ? 404 : 200))
  await using scene = await openWorkingScene()
  const steps = [http('one', { url: `${receiver.url}/one` }), http('two', { url: `${receiver.url}/two` })]
  const run = await runOf(scene, { steps: [...steps, http('three', { url: receiver.url })], ...tool })
  expect(run).toMatchObject({ state: 'failed', error, result: null })
  expect(receiver.received.map(({ path }) => path)).toEqual('steps' in tool ? [] : ['/one', '/two'])
})

test('what may pass is tried again by itself, and finished steps are not repeated', async () => {
  let broken = 2
  await using receiver = await startReceiver(
    ({ path }): Reply => (path === '/two' && broken-- > 0 ? 503 : 200),
  )
  await using scene = await openWorkingScene({ limits: { retryBaseMs: 1, retryMaxMs: 1 } })
  const steps = ['one', 'two', 'three'].map((name) => http(name, { url: `${receiver.url}/${name}` }))
  await scene.putTool({ toolId: 'tool', parameters: { type: 'object' }, steps })
  const runId = await scene.startTool('tool')
  const ended = await scene.until(runId, (run) => {
    scene.clock.advance(10)
    return run.completedAt !== null
  })
  expect(ended).toMatchObject({ state: 'completed', attempt: 3, failures: 2 })
  expect(receiver.received.map(({ path }) => path)).toEqual(['/one', '/two', '/two', '/two', '/three'])
  const keys = receiver.received.map(({ headers }) => headers['idempotency-key'])
  expect(new Set(keys)).toEqual(new Set(['one', 'two', 'three'].map((name) => `${runId}/${name}`)))
  expect(await stepsOf(scene, ended)).toEqual([
    ['one', 'action', 'completed', 1],
    ['two', 'action', 'failed', 1],
    ['two', 'action', 'failed', 2],
    ['two', 'action', 'completed', 3],
    ['three', 'action', 'completed', 3],
    ['finish run', 'apply', 'completed', 3],
  ])
})

test('tried again by hand, it goes on with the step that did not work', async () => {
  let isBroken = true
  await using receiver = await startReceiver(({ path }): Reply => (path === '/two' && isBroken ? 404 : 200))
  await using scene = await openWorkingScene()
  const steps = ['one', 'two'].map((name) => http(name, { url: `${receiver.url}/${name}` }))
  const failed = await runOf(scene, { steps })
  expect(failed.state).toBe('failed')
  isBroken = false
  await retryRun(scene.starter(), scene.storage.findRunProject, { runId: failed.runId, startingStep: null })
  expect(await scene.until(failed.runId, ({ state }) => state === 'completed')).toMatchObject({ error: null })
  expect(receiver.received.map(({ path }) => path)).toEqual(['/one', '/two', '/two'])
})

test('each action is charged, by the rates of the project', async () => {
  await using receiver = await startReceiver(() => 200)
  await using scene = await openWorkingScene()
  await scene.project.agents.setCredits({ rates: { models: {}, action: '0.25' } })
  const steps = ['one', 'two'].map((name) => http(name, { url: `${receiver.url}/${name}` }))
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

test('a run that is cancelled in a step ends, and does no more', async () => {
  await using receiver = await startReceiver(({ path }) => (path === '/one' ? 'hang' : 200))
  await using scene = await openWorkingScene()
  const steps = ['one', 'two'].map((name) => http(name, { url: `${receiver.url}/${name}` }))
  await scene.putTool({ toolId: 'tool', parameters: { type: 'object' }, steps })
  const runId = await scene.startTool('tool')
  await receiver.until(1)
  await scene.cancel(runId)
  expect(await scene.ended(runId)).toMatchObject({ state: 'cancelled' })
  expect(receiver.received).toHaveLength(1)
})
