/** What becomes of a step whose record is refused. */
import { expect, test } from 'vitest'
import { type AgentScene, makeAction, makeKeeper, openAgentScene } from '../testing/agent-scene.ts'
import { topics } from '../testing/storage-factories.ts'
import type { Action, ActionAnswer } from './actions/action.ts'

const keepIt = { toolCalls: [{ name: 'keep', arguments: { content: 'Mara keeps bees.' } }] }

/** A keeper that does something before its answer is committed. */
const keeperWith = (before: (answer: ActionAnswer, count: number) => Promise<ActionAnswer>): Action => {
  const keeper = makeKeeper()
  let count = 0
  return {
    ...keeper,
    perform: async (call) => {
      call.attempt.used?.({ model: 'small', inputTokens: 10, outputTokens: 0, cost: 0 })
      return before(await keeper.perform(call), ++count)
    },
  }
}

/** Says the same in another run that goes by. */
const sayFirst = async (scene: AgentScene) => {
  await scene.add('Mara keeps bees.')
  const { leaseMs, runTimeoutMs } = scene.limits
  const params = { limit: 1, leaseMs, runTimeoutMs, now: scene.clock.now() }
  const [claimed] = await scene.storage.claimRuns(params)
  if (claimed === undefined) throw new Error('nothing was said')
  await scene.execute(claimed, new AbortController().signal)
}

test('an action whose memory has moved is decided again, and paid for once with all that it took', async () => {
  const place: { scene?: AgentScene } = {}
  let performed = 0
  const keep = keeperWith(async (answer, count) => {
    performed = count
    if (count === 1 && place.scene !== undefined) await sayFirst(place.scene)
    return answer
  })
  await using scene = await openAgentScene({ actions: [keep], answers: [keepIt, 'Kept.'] })
  place.scene = scene
  const runId = await scene.ask('Keep it.')
  const { leaseMs, runTimeoutMs } = scene.limits
  const [claimed] = await scene.storage.claimRuns({
    ...{ limit: 1, leaseMs, runTimeoutMs, now: scene.clock.now() },
  })
  if (claimed === undefined) throw new Error('there is no run')
  await scene.execute(claimed, new AbortController().signal)
  expect(performed).toBe(2)
  expect(await scene.run(runId)).toMatchObject({
    ...{ state: 'completed', outcome: 'done', counts: { created: 0, unchanged: 1 } },
  })
  expect(await scene.memories()).toHaveLength(1)
  const actions = (await scene.steps(runId)).filter(({ type }) => type === 'action')
  expect(actions).toMatchObject([{ use: { inputTokens: 20 }, charge: { tokens: 20, actions: 1 } }])
})

test('memories that keep changing are tried again later', async () => {
  const keep = makeAction({
    name: 'keep',
    perform: async ({ attempt: { run } }) => ({
      output: null,
      isError: false,
      change: {
        operations: [{ kind: 'delete', memoryId: run.runId, expectedVersion: 7 }],
        confirmations: [],
        counts: run.counts,
      },
    }),
  })
  await using scene = await openAgentScene({ actions: [keep], answers: [keepIt] })
  expect(await scene.answer('Keep it.')).toMatchObject({
    ...{ state: 'running', failures: 1, error: { stage: 'action', code: 'conflict' } },
  })
})

test('what would be kept in a topic that is gone fails the run', async () => {
  const place: { scene?: AgentScene } = {}
  const keep = keeperWith(async (answer) => {
    const { scene } = place
    if (scene !== undefined)
      await scene.project.putGroup({
        ...{ groupId: scene.groupId, name: 'default', topics: topics.slice(1, 2), now: scene.clock.now() },
      })
    return answer
  })
  await using scene = await openAgentScene({ actions: [keep], answers: [keepIt] })
  place.scene = scene
  const run = await scene.answer('Keep it.')
  expect(run).toMatchObject({ state: 'failed', error: { stage: 'action', code: 'unknown_topic' } })
  expect((await scene.steps(run.runId)).at(-1)).toMatchObject({ status: 'failed', charge: { tokens: 10 } })
  expect(await scene.memories()).toEqual([])
})

test.each(['an action', 'a memory'])(
  'a worker that has lost its claim writes nothing more of %s',
  async (kind) => {
    const place: { scene?: AgentScene } = {}
    const loseClaim = async () => {
      const { scene } = place
      if (scene === undefined) return
      scene.clock.advance(scene.limits.leaseMs)
      const { leaseMs, runTimeoutMs } = scene.limits
      const now = scene.clock.now()
      expect(await scene.storage.claimRuns({ limit: 1, leaseMs, runTimeoutMs, now })).toHaveLength(1)
    }
    const keep =
      kind === 'a memory'
        ? keeperWith(async (answer) => {
            await loseClaim()
            return answer
          })
        : makeAction({ name: 'keep' }, loseClaim)
    await using scene = await openAgentScene({ actions: [keep], answers: [keepIt, 'Kept.'] })
    place.scene = scene
    const run = await scene.answer('Keep it.')
    expect(run).toMatchObject({ state: 'running', attempt: 2, failures: 0, error: null })
    expect((await scene.steps(run.runId)).map(({ name }) => name)).toEqual(['model-1'])
    expect(await scene.memories()).toEqual([])
    expect(scene.provider.requests).toHaveLength(1)
  },
)
