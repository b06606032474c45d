/** Who waits for whom, and what a run is accepted with: on a real store, whose claims show what may begin. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { defaultLimits } from '../kernel/limits.ts'
import { laneIdOf } from '../projects/scope.ts'
import { openSqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import type { ProjectStorage, Storage } from '../storage/storage.ts'
import { makeAgent, makeTool } from '../testing/agent-factories.ts'
import { countedIds, leaseMs, runTimeoutMs, startAt, topics } from '../testing/storage-factories.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { type AgentRunRequest, type Starter, startAgentRun, startToolRun } from './run-agent.ts'

const ids = countedIds()
let folder: ReturnType<typeof temporaryFolder>
let storage: Storage
let project: ProjectStorage
let access: Starter
const [groupId, agentId, toolId] = [ids.next(), ids.next(), ids.next()]
beforeEach(async () => {
  folder = temporaryFolder()
  storage = openSqliteStorage({ dataDir: folder.path })
  const projectId = ids.next()
  await storage.createProject({ projectId, name: projectId, createdAt: startAt })
  project = storage.project(projectId)
  await project.putGroup({ groupId, name: 'default', topics, now: startAt })
  const put = { expectedVersion: 0, countMax: 9, now: startAt }
  await project.agents.agents.put({ value: makeAgent({ agentId }), ...put })
  await project.agents.tools.put({ value: makeTool({ toolId }), ...put })
  access = {
    storage: project,
    clock: { now: () => startAt, sleep: async () => {} },
    ids,
    limits: defaultLimits,
    wakeWorker: () => {},
    abortRun: () => {},
    traceparent: null,
    wire: 'native',
  }
})
afterEach(async () => {
  await storage[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

const begin = async (over: Partial<AgentRunRequest> = {}) =>
  (await startAgentRun(access, { agentId, userMessage: 'Hello?', trigger: 'api', ...over })).runId
const claimed = async () =>
  (await storage.claimRuns({ limit: 10, leaseMs, runTimeoutMs, now: startAt })).map(({ run }) => run.runId)

test('runs of one conversation go in order, others beside them, and none behind adds of the user', async () => {
  const userLane = { userId: 'ada', userKey: 'ada', laneId: laneIdOf(groupId, 'ada') }
  const add = { runId: ids.next(), groupId, ...userLane, inputCount: 1, idempotency: null, queueDepthMax: 9 }
  await project.acceptRun({
    ...{ ...add, inputType: 'string', now: startAt },
    payload: { input: { type: 'string', content: ['text'] }, properties: {} },
  })
  const talk = [await begin({ conversationId: 'c' }), await begin({ conversationId: 'c', userId: 'ada' })]
  const alone = [await begin({ userId: 'ada' }), await begin({ userId: 'ada' })]
  const { runId: tool } = await startToolRun(access, {
    toolId,
    input: { query: 'x' },
    userId: 'ada',
    trigger: 'api',
  })
  expect((await claimed()).sort()).toEqual([add.runId, talk[0], ...alone, tool].sort())
})

test('an agent that is asked by another of its conversation does not wait for who waits for it', async () => {
  const parent = await begin({ conversationId: 'c' })
  expect(await claimed()).toEqual([parent])
  const child = await begin({ conversationId: 'c', trigger: 'agent', parent: { runId: parent, depth: 0 } })
  expect(await claimed()).toEqual([child])
  expect((await project.getRun(child))?.run).toMatchObject({ parentRunId: parent, conversationId: 'c' })
})

test('a user called like the line of a conversation does not stand in it', async () => {
  const talk = await begin({ conversationId: 'c' })
  const run = (await project.getRun(talk))?.run
  expect(run?.laneId).not.toBe(run?.laneId.toLowerCase())
})

test('a run keeps the agent it was accepted with', async () => {
  const runId = await begin({ bounds: { maxSteps: 2, maxCredits: '0.5' }, properties: { trip: 'rome' } })
  const changed = makeAgent({ agentId, name: 'changed' })
  await project.agents.agents.put({ value: changed, expectedVersion: 1, countMax: 9, now: startAt })
  const payload = await project.readPayload(runId)
  expect(payload).toMatchObject({
    input: {
      ...{
        agent: makeAgent({ agentId }),
        userMessage: 'Hello?',
        trigger: 'api',
        depth: 0,
        outputSchema: null,
      },
      bounds: { maxSteps: 2, maxTokens: null, maxCredits: '0.5' },
    },
    properties: { trip: 'rome' },
  })
})

test('each agent is one level deeper than who asked for it, down to a bound', async () => {
  const parent = ids.next()
  const runId = await begin({ parent: { runId: parent, depth: 3 } })
  expect(await project.readPayload(runId)).toMatchObject({ input: { depth: 4 } })
  await expect(begin({ parent: { runId: parent, depth: 4 } })).rejects.toMatchObject({ code: 'conflict' })
})
