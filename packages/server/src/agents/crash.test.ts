/**
 * Killed between the steps of tools and within them, the real server goes on with what was not recorded: an action that was is never done
 * again, one that was not is asked for under the same key, and what changes memories happens once.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { systemClock } from '../kernel/clock.ts'
import { createRandomIds } from '../kernel/ids.ts'
import { defaultLimits } from '../kernel/limits.ts'
import type { RecordedStep, RunEvent } from '../runs/run.ts'
import { everyRun } from '../runs/run-filter.ts'
import { examineDatabase } from '../storage/sqlite/doctor/examine.ts'
import { openSqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import type { ProjectStorage } from '../storage/storage.ts'
import { makeAgent, makeTool } from '../testing/agent-factories.ts'
import { startServer } from '../testing/crash/server-process.ts'
import { type Receiver, startReceiver } from '../testing/receiver.ts'
import { topics } from '../testing/storage-factories.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { httpStep } from '../testing/tool-factories.ts'
import { type Starter, startToolRun } from './run-agent.ts'
import type { ToolStep } from './tool.ts'

const RUN_COUNT = 6
const projectId = createRandomIds().next()

/** The store while no server has it. */
const inStore = async <Result>(
  dataDir: string,
  work: (project: ProjectStorage) => Promise<Result>,
): Promise<Result> => {
  await using storage = openSqliteStorage({ dataDir, signals: {} })
  await storage.createProject({ projectId, name: 'tools', createdAt: Date.now() }).catch(() => {})
  return await work(storage.project(projectId))
}

/** As another process sees it. */
const openRunCount = (dataDir: string): unknown => {
  const db = new DatabaseSync(join(dataDir, 'remanence.db'), { readOnly: true })
  try {
    return db.prepare('SELECT count(*) AS n FROM runs WHERE completed_at IS NULL').get()?.n
  } finally {
    db.close()
  }
}

const prepare = (dataDir: string, steps: readonly ToolStep[]): Promise<readonly string[]> =>
  inStore(dataDir, async (project) => {
    const ids = createRandomIds()
    const now = Date.now()
    await project.putGroup({ groupId: ids.next(), name: 'default', topics: topics.slice(0, 1), now })
    const put = { expectedVersion: 0, countMax: 1, now }
    const parameters = { type: 'object', properties: { n: {} } }
    await project.agents.tools.put({ ...put, value: makeTool({ toolId: 'tool', parameters, steps }) })
    await project.agents.agents.put({ ...put, value: makeAgent({ agentId: 'agent', model: 'recall' }) })
    const access: Starter = {
      ...{ storage: project, ids, limits: defaultLimits, traceparent: null, wire: 'native' },
      ...{ clock: systemClock, wakeWorker: () => {}, abortRun: () => {} },
    }
    const started: string[] = []
    for (let n = 0; n < RUN_COUNT; n++) {
      const request = { toolId: 'tool', input: { n }, userId: 'ada', trigger: 'api' } as const
      started.push((await startToolRun(access, request)).runId)
    }
    return started
  })

/** What became of the runs of a tool while the server was killed at each of the points, and then left alone. */
const runThrough = async (steps: readonly ToolStep[], failPoints: readonly string[]) => {
  using folder = temporaryFolder()
  const dataDir = join(folder.path, 'data')
  const runIds = await prepare(dataDir, steps)
  const start = (failPoint?: string) =>
    startServer({
      ...{ dataDir, apiKey: 'rem_key_of_the_crash_test' },
      ...(failPoint !== undefined && { failPoint }),
      env: {
        REMANENCE_WEBHOOK_ALLOW: '127.0.0.1',
        REMANENCE_RUN_CONCURRENCY_MAX: '1',
        REMANENCE_LEASE_MS: '1000',
      },
    })
  for (const failPoint of failPoints) expect(await start(failPoint).ended).toBe('SIGKILL')
  const last = start()
  await expect.poll(() => openRunCount(dataDir), { timeout: 30_000 }).toBe(0)
  await last.listening
  last.kill('SIGTERM')
  expect(await last.ended).toBe(0)

  const examined = examineDatabase(join(dataDir, 'remanence.db'))
  expect(examined.filter(({ wrongCount }) => wrongCount > 0)).toEqual([])
  return inStore(dataDir, async (project) => {
    const views = await Promise.all(
      runIds.map(async (runId) => {
        const filter = { ...everyRun, parentRunId: runId }
        return {
          ...(await project.getRun(runId)),
          runId,
          steps: await project.listSteps(runId),
          events: await project.listEvents({ runId, after: 0, limit: 1_000 }),
          children: (await project.listRuns({ filter, limit: 10, cursor: null })).items,
        }
      }),
    )
    for (const { run, steps: recorded, events } of views) {
      expectTruthfulBeginnings(events, recorded)
      expect(run).toMatchObject({ state: 'completed', failures: 0 })
      expect(recorded.map(({ name, status }) => [name, status])).toEqual(
        [...steps.map(({ name }) => name), 'finish run'].map((name) => [name, 'completed']),
      )
    }
    return views
  })
}

/** What is recorded was told of before, in the same attempt; what was recorded by then begins no more. */
const expectTruthfulBeginnings = (events: readonly RunEvent[], recorded: readonly RecordedStep[]) => {
  const begun = events.filter(({ type }) => type === 'step.started')
  for (const { name, attempt } of recorded.filter(({ type }) => type === 'action')) {
    const end = events.find(({ type, data }) => type === 'step.completed' && data.step === name)
    expect(
      begun.some(({ seq, data }) => data.step === name && data.attempt === attempt && seq < Number(end?.seq)),
    ).toBe(true)
    expect(begun.filter(({ seq, data }) => data.step === name && seq > Number(end?.seq))).toEqual([])
  }
}

const threeSteps = ({ url }: Receiver): readonly ToolStep[] => [
  httpStep('one', { url }),
  {
    name: 'two',
    action: { type: 'memory_add', name: 'keep', description: 'Keeps.', topic: 'facts' },
    mcpTool: null,
    arguments: { content: 'Ada has hive number {{input.n}} in her garden.' },
  },
  httpStep('three', { url }),
]

/** The keys of all requests that came. Each memory was made once. */
const askedThrough = async (failPoints: readonly string[]): Promise<readonly string[]> => {
  await using receiver = await startReceiver(() => 200)
  const views = await runThrough(threeSteps(receiver), failPoints)
  for (const { run, operations } of views) {
    expect(run?.counts.created).toBe(1)
    expect(operations).toHaveLength(1)
  }
  const keys = receiver.received.map(({ headers }) => String(headers['idempotency-key']))
  expect(new Set(keys)).toEqual(new Set(views.flatMap(({ runId }) => [`${runId}/one`, `${runId}/three`])))
  return keys
}

test('killed between steps, it does none of them again', async () => {
  const betweenSteps = ['after_step:1', 'after_step:1', 'after_step:2', 'after_step:1', 'after_step:3']
  expect(await askedThrough([...betweenSteps, 'before_commit:2'])).toHaveLength(2 * RUN_COUNT)
}, 60_000)

test('killed within a step, it asks for that one again, under the same key', async () => {
  // What is done and not recorded is done once more, at most once for each kill; a memory is kept with its record.
  const withinSteps = ['before_record:1', 'before_record:2', 'before_record:2', 'before_record:1']
  const keys = await askedThrough([...withinSteps, 'mid_step:2'])
  const repeatedCount = keys.length - new Set(keys).size
  expect(repeatedCount).toBeGreaterThan(0)
  expect(repeatedCount).toBeLessThanOrEqual(withinSteps.length)
}, 60_000)

test('killed while one run waits for another, it starts no second one', async () => {
  const ask: ToolStep = {
    name: 'ask',
    action: { type: 'agent', name: 'ask', description: 'Asks.', agentId: 'agent' },
    mcpTool: null,
    arguments: { message: 'Which hive is number {{input.n}}?' },
  }
  const points = [
    'after_accept:1',
    'after_claim:2',
    'before_record:1',
    'after_step:1',
    'before_commit:1',
    'after_commit:2',
  ]
  for (const { children } of await runThrough([ask], points))
    expect(children).toMatchObject([{ run: { state: 'completed', subjectId: 'agent' } }])
}, 60_000)
