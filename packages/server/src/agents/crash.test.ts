/**
 * Killed between the steps of tools and within them, the real server goes on with what was not recorded: an action that was is never done
 * again, one that was not is asked for under the same key, and what changes memories happens once.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { createRandomIds } from '../kernel/ids.ts'
import { defaultLimits } from '../kernel/limits.ts'
import { createLog } from '../kernel/log.ts'
import { examineDatabase } from '../storage/sqlite/doctor/examine.ts'
import { openSqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import type { ProjectStorage } from '../storage/storage.ts'
import { makeTool } from '../testing/agent-factories.ts'
import { startServer } from '../testing/crash/server-process.ts'
import { type Receiver, startReceiver } from '../testing/receiver.ts'
import { topics } from '../testing/storage-factories.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { httpStep } from '../testing/tool-factories.ts'
import { startToolRun } from './run-agent.ts'

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

const prepare = (dataDir: string, receiver: Receiver): Promise<readonly string[]> =>
  inStore(dataDir, async (project) => {
    const ids = createRandomIds()
    await project.putGroup({
      groupId: ids.next(),
      name: 'default',
      topics: topics.slice(0, 1),
      now: Date.now(),
    })
    const tool = makeTool({
      toolId: 'tool',
      parameters: { type: 'object', properties: { n: {} } },
      steps: [
        httpStep('one', { url: `${receiver.url}/one` }),
        {
          name: 'two',
          action: { type: 'memory_add', name: 'keep', description: 'Keeps.', topic: 'facts' },
          mcpTool: null,
          arguments: { content: 'Ada has hive number {{input.n}} in her garden.' },
        },
        httpStep('three', { url: `${receiver.url}/three` }),
      ],
    })
    await project.agents.tools.put({ value: tool, expectedVersion: 0, countMax: 1, now: Date.now() })
    const access = {
      ...{
        storage: project,
        ids,
        limits: defaultLimits,
        log: createLog('silent'),
        traceparent: null,
        wire: 'native',
      },
      clock: { now: Date.now, sleep: async () => {} },
      wakeWorker: () => {},
      abortRun: () => {},
    }
    const started: string[] = []
    for (let n = 0; n < RUN_COUNT; n++)
      started.push(
        (await startToolRun(access, { toolId: 'tool', input: { n }, userId: 'ada', trigger: 'api' })).runId,
      )
    return started
  })

const work = async (failPoints: readonly string[]) => {
  using folder = temporaryFolder()
  await using receiver = await startReceiver(() => 200)
  const dataDir = join(folder.path, 'data')
  const runIds = await prepare(dataDir, receiver)
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
  const seen = await inStore(dataDir, async (project) => ({
    runs: await Promise.all(runIds.map(async (runId) => (await project.getRun(runId))?.run)),
    steps: await Promise.all(runIds.map((runId) => project.listSteps(runId))),
    created: await Promise.all(runIds.map(async (runId) => (await project.getRun(runId))?.operations.length)),
  }))
  for (const run of seen.runs)
    expect(run).toMatchObject({ state: 'completed', failures: 0, counts: { created: 1 } })
  expect(seen.created).toEqual(runIds.map(() => 1))
  for (const steps of seen.steps)
    expect(steps.map(({ name, status }) => [name, status])).toEqual(
      ['one', 'two', 'three', 'finish run'].map((name) => [name, 'completed']),
    )
  const keys = receiver.received.map(({ headers }) => String(headers['idempotency-key']))
  expect(new Set(keys)).toEqual(new Set(runIds.flatMap((runId) => [`${runId}/one`, `${runId}/three`])))
  return keys
}

test('killed between steps, it does none of them again', async () => {
  const keys = await work([
    'after_step:1',
    'after_step:1',
    'after_step:2',
    'after_step:1',
    'after_step:3',
    'before_commit:2',
  ])
  expect(keys).toHaveLength(2 * RUN_COUNT)
}, 60_000)

test('killed within a step, it asks for that one again, under the same key', async () => {
  // What is done and not recorded is done once more, at most once for each kill; a memory is kept with its record.
  const keys = await work([
    'before_record:1',
    'before_record:2',
    'before_record:2',
    'mid_step:2',
    'before_record:1',
  ])
  const repeated = keys.filter((key, index) => keys.indexOf(key) < index)
  expect(repeated.length).toBeGreaterThan(0)
  expect(repeated.length).toBeLessThanOrEqual(4)
}, 60_000)
