/** Agents that ask agents: on a worker with few places, over crashes of the work, and when somebody wants it to end. */
import { expect, test } from 'vitest'
import { AGENT_DEPTH_MAX } from '../../kernel/limits.ts'
import type { Run } from '../../runs/run.ts'
import { everyRun } from '../../runs/run-filter.ts'
import type { ProviderAnswer, ProviderRequest } from '../../testing/provider.ts'
import { openWorkingScene, type WorkingScene, type WorkingSceneOptions } from '../../testing/working-scene.ts'
import type { ActionSpec } from '../action-spec.ts'

type Body = {
  readonly model: string
  readonly messages: readonly { readonly role: string; readonly content: unknown }[]
  readonly tools?: readonly { readonly function: { readonly name: string } }[]
}

/** A model that asks whoever it may ask, once, and says what it heard; one that may ask nobody answers. */
const passOn = ({ body }: ProviderRequest): ProviderAnswer => {
  const { model, messages, tools = [] } = body as unknown as Body // safety: the wire of this provider
  const last = messages.at(-1)
  if (last?.role === 'tool') return `${model} heard ${String(last.content)}`
  const [tool] = tools
  return tool === undefined
    ? `${model} knows`
    : { toolCalls: [{ name: tool.function.name, arguments: { message: `from ${model}` } }] }
}

const ask = (agentId: string): ActionSpec => ({
  type: 'agent',
  name: 'ask',
  description: 'Asks another.',
  agentId,
})

const open = async (options: WorkingSceneOptions = {}): Promise<WorkingScene> => {
  const scene = await openWorkingScene({ answers: passOn, ...options })
  for (const [agentId, other] of [
    ['one', 'two'],
    ['two', 'three'],
    ['three', 'four'],
    ['four', null],
    ['circle', 'circle'],
  ] as const)
    await scene.putAgent({ agentId, model: agentId, actions: other === null ? [] : [ask(other)] })
  return scene
}

const childrenOf = async (
  scene: WorkingScene,
  { runId }: { readonly runId: string },
): Promise<readonly Run[]> => {
  const filter = { ...everyRun, parentRunId: runId }
  const { items } = await scene.project.listRuns({ filter, limit: 100, cursor: null })
  return items.map(({ run }) => run)
}

test('with one place, agents that ask agents three deep come to an end', async () => {
  await using scene = await open({ limits: { runConcurrencyMax: 1 } })
  const run = await scene.ended(await scene.startAgent('one'))
  expect(run).toMatchObject({
    state: 'completed',
    result: { finalOutput: 'one heard two heard three heard four knows', stopReason: 'final_answer' },
  })
  const [child] = await childrenOf(scene, run)
  expect(child).toMatchObject({
    ...{ state: 'completed', parentRunId: run.runId, subjectId: 'two' },
    userKey: 'ada',
  })
  const payload = await scene.project.readPayload(child?.runId ?? '')
  expect(payload?.input).toMatchObject({ depth: 1, trigger: 'agent', userMessage: 'from one' })
})

test('fifty that wait at once leave room for those they wait for', async () => {
  await using scene = await open({ limits: { runConcurrencyMax: 2 } })
  const runIds = await Promise.all(Array.from({ length: 50 }, () => scene.startAgent('three')))
  for (const runId of runIds)
    expect(await scene.ended(runId)).toMatchObject({ result: { finalOutput: 'three heard four knows' } })
})

test('no more runs are worked on at once than may be, whoever waits', async () => {
  let [now, most] = [0, 0]
  await using scene = await open({
    limits: { runConcurrencyMax: 2 },
    answers: async (request) => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 2))
      now--
      return passOn(request)
    },
  })
  const runIds = await Promise.all(Array.from({ length: 12 }, () => scene.startAgent('two')))
  for (const runId of runIds) await scene.ended(runId)
  expect(most).toBe(2)
})

test('a circle ends at the greatest depth, with an answer for whoever asked there', async () => {
  await using scene = await open({ limits: { runConcurrencyMax: 1 } })
  const run = await scene.ended(await scene.startAgent('circle'))
  expect(run.state).toBe('completed')
  let [deepest, depth] = [run, 0]
  for (let next: Run | undefined = run; next !== undefined; [next] = await childrenOf(scene, next)) {
    deepest = next
    depth++
  }
  expect(depth).toBe(AGENT_DEPTH_MAX + 1)
  const [step] = (await scene.project.listSteps(deepest.runId)).filter(({ type }) => type === 'action')
  expect(step?.output).toMatchObject({
    isError: true,
    output: { error: expect.stringContaining('levels deep') },
  })
})

test('a server that stops and starts again goes on waiting for the same run', async () => {
  const asked = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  await using scene = await open({
    limits: { drainMs: 0 },
    answers: async (request) => {
      if (request.body.model === 'four') {
        asked.resolve()
        await gate.promise
      }
      return passOn(request)
    },
  })
  const runId = await scene.startAgent('two')
  await asked.promise
  await scene.restartWork()
  gate.resolve()
  scene.clock.advance(scene.limits.leaseMs)
  const run = await scene.ended(runId)
  expect(run).toMatchObject({ state: 'completed', attempt: 2, failures: 0 })
  const children = await childrenOf(scene, run)
  expect(children).toMatchObject([{ state: 'completed', subjectId: 'three' }])
  expect(await childrenOf(scene, children[0] ?? run)).toHaveLength(1)
})

test('when the first is cancelled all that wait and all that work end', async () => {
  await using scene = await open({
    limits: { runConcurrencyMax: 1 },
    answers: (request) => (request.body.model === 'four' ? 'hang' : passOn(request)),
  })
  const runId = await scene.startAgent('one')
  const asking = (await scene.provider.until(4)).at(-1)
  await scene.cancel(runId)
  const run = await scene.ended(runId)
  expect(run.state).toBe('cancelled')
  await asking?.closed
  const [two] = await childrenOf(scene, run)
  const [three] = await childrenOf(scene, two ?? run)
  const [four] = await childrenOf(scene, three ?? run)
  for (const one of [two, three, four])
    expect(await scene.ended(one?.runId ?? '')).toMatchObject({ state: 'cancelled' })
})

test('a child that was cancelled, or failed, is told of as an error', async () => {
  await using scene = await open({
    answers: (request, index) =>
      request.body.model === 'four'
        ? index === 1
          ? 'hang'
          : { status: 400, message: 'no' }
        : passOn(request),
  })
  const first = await scene.startAgent('three')
  await scene.provider.until(2)
  const [child] = await childrenOf(scene, { runId: first })
  await scene.cancel(child?.runId ?? '')
  const answerOf = async (runId: string) => {
    expect(await scene.ended(runId)).toMatchObject({ state: 'completed' })
    return (await scene.project.listSteps(runId)).find(({ type }) => type === 'action')?.output
  }
  expect(await answerOf(first)).toMatchObject({
    isError: true,
    output: { error: `its run ${child?.runId} was cancelled: enough` },
  })
  expect(await answerOf(await scene.startAgent('three'))).toMatchObject({
    isError: true,
    output: { error: expect.stringMatching(/ended without an answer: model call failed: /) },
  })
})

test('an agent that does not run, or does not exist, is told of as an error', async () => {
  await using scene = await open()
  await scene.putAgent({ agentId: 'idle', status: 'inactive' })
  for (const [agentId, other] of [
    ['asks idle', 'idle'],
    ['asks nobody', 'nobody'],
  ] as const) {
    await scene.putAgent({ agentId, model: agentId, actions: [ask(other)] })
    const run = await scene.ended(await scene.startAgent(agentId))
    const step = (await scene.project.listSteps(run.runId)).find(({ type }) => type === 'action')
    expect(step?.output).toMatchObject({ isError: true, output: { error: expect.stringContaining(other) } })
    expect(await childrenOf(scene, run)).toEqual([])
  }
})

test('a tool may ask an agent', async () => {
  await using scene = await open({ limits: { runConcurrencyMax: 1 } })
  await scene.putTool({
    toolId: 'tool',
    parameters: { type: 'object' },
    steps: [{ name: 'ask', action: ask('four'), mcpTool: null, arguments: { message: 'hello' } }],
  })
  expect(await scene.ended(await scene.startTool('tool'))).toMatchObject({ result: { output: 'four knows' } })
})
