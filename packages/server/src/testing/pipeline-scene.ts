/** The engine without its HTTP face: a real store in a folder of its own, the pipeline, and workers where a test wants them. */
import { documentBounds } from '../documents/document.ts'
import { createDocumentReader } from '../documents/document-reader.ts'
import type { Clock } from '../kernel/clock.ts'
import { createRandomIds } from '../kernel/ids.ts'
import { defaultLimits, type Limits } from '../kernel/limits.ts'
import { createLog, type Log } from '../kernel/log.ts'
import type { Signals } from '../kernel/signals.ts'
import type { Memory } from '../memories/memory.ts'
import type { Extractor } from '../models/model.ts'
import { executeRun } from '../pipeline/execute-run.ts'
import { type Executors, executors as usualExecutors } from '../pipeline/executors.ts'
import type { PipelineDependencies } from '../pipeline/step.ts'
import type { Topic } from '../projects/group.ts'
import type { Pipeline } from '../projects/pipeline.ts'
import { laneIdOf, type Properties } from '../projects/scope.ts'
import type { RunInput } from '../runs/input.ts'
import type { Run, RunOptions } from '../runs/run.ts'
import { startWorker, type Worker } from '../runs/worker.ts'
import { openSqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { echoExtractor } from './fake-extractor.ts'
import { movableClock } from './movable-clock.ts'
import { topics as defaultTopics } from './storage-factories.ts'
import { temporaryFolder } from './temporary-folder.ts'

export type PipelineSceneOptions = {
  readonly extractor?: Extractor
  readonly limits?: Partial<Limits>
  readonly topics?: readonly Topic[]
  readonly pipeline?: Pipeline
  readonly signals?: Signals
  /** Beside those of the pipeline. */
  readonly executors?: Executors
  readonly log?: Log
  /** What stands between the engine and its store: a test may let it fail. */
  readonly wrap?: (storage: Storage) => Storage
}

const WAIT_MS_MAX = 10_000

export const openPipelineScene = async (options: PipelineSceneOptions = {}) => {
  const { extractor = echoExtractor, topics = defaultTopics.slice(0, 1), signals = {}, wrap } = options
  const limits = { ...defaultLimits, ...options.limits }
  const documents = createDocumentReader(documentBounds(limits))
  const folder = temporaryFolder()
  const clock = movableClock()
  const { log = createLog('silent') } = options
  const executors = { ...usualExecutors, ...options.executors }
  const ids = createRandomIds()
  const [projectId, groupId] = [ids.next(), ids.next()]
  const workers: Worker[] = []
  const open = () => {
    const store = openSqliteStorage({ dataDir: folder.path, signals })
    return wrap === undefined ? store : wrap(store)
  }
  let storage = open()
  await storage.createProject({ projectId, name: 'project', createdAt: clock.now() })
  const { pipeline } = options
  const group = { groupId, name: 'default', topics, ...(pipeline !== undefined && { pipeline }) }
  await storage.project(projectId).putGroup({ ...group, now: clock.now() })

  const project = () => storage.project(projectId)
  const dependencies = (): PipelineDependencies => ({
    ...{ storage, extractor, documents, limits, clock, ids, log, signals },
    random: () => 0.5,
    wakeWorker: () => {
      for (const worker of workers) worker.wake()
    },
    abortRun: (runId) => {
      for (const worker of workers) worker.abort(runId)
    },
  })
  const execute: Parameters<typeof startWorker>[0]['execute'] = (claimed, signal) =>
    executeRun({ ...dependencies(), executors }, claimed, signal)

  const add = async (
    input: RunInput | string,
    {
      userKey = 'ada',
      properties = {},
      options = {},
    }: { userKey?: string; properties?: Properties; options?: Partial<RunOptions> } = {},
  ): Promise<string> => {
    const given: RunInput = typeof input === 'string' ? { type: 'string', content: [input] } : input
    const runId = ids.next()
    await project().acceptRun({
      runId,
      groupId,
      laneId: laneIdOf(groupId, userKey),
      userId: userKey,
      userKey,
      inputType: given.type,
      payload: { input: given, properties },
      inputCount: 1,
      idempotency: null,
      options,
      queueDepthMax: 1_000,
      now: clock.now(),
    })
    for (const worker of workers) worker.wake()
    return runId
  }

  const run = async (runId: string): Promise<Run> => {
    const view = await project().getRun(runId)
    if (view === null) throw new Error(`run ${runId} is lost`)
    return view.run
  }

  /** Claims the next run and executes one attempt of it. */
  const attempt = async (signal: AbortSignal = new AbortController().signal): Promise<Run> => {
    const { leaseMs, runTimeoutMs } = limits
    const [claimed] = await storage.claimRuns({ limit: 1, leaseMs, runTimeoutMs, now: clock.now() })
    if (claimed === undefined) throw new Error('there is no run to claim')
    await execute(claimed, signal)
    return run(claimed.run.runId)
  }

  const memories = async (topic = 'facts', userKey: string | null = 'ada'): Promise<readonly Memory[]> => {
    const filter = { partitions: [{ groupId, userKey }], topics: [{ topic, properties: {} }] }
    return (await project().listMemories({ ...filter, limit: 1_000, cursor: null })).items.toReversed()
  }

  const startWork = (): Worker => {
    const worker = startWorker({ storage, limits, clock, log, signals, execute })
    workers.push(worker)
    return worker
  }

  const stopWork = async () => {
    for (const worker of workers.splice(0)) await worker.stop()
  }

  return {
    clock: clock satisfies Clock,
    dataDir: folder.path,
    projectId,
    groupId,
    limits,
    dependencies,
    get storage() {
      return storage
    },
    get project() {
      return project()
    },
    add,
    run,
    attempt,
    /** Executes one attempt of a claimed run. */
    execute,
    memories,
    startWork,
    /** The run as soon as it is as wanted. */
    until: async (runId: string, isWanted: (run: Run) => boolean): Promise<Run> => {
      for (const startedAt = Date.now(); Date.now() - startedAt < WAIT_MS_MAX; ) {
        const current = await run(runId)
        if (isWanted(current)) return current
        await new Promise(setImmediate)
      }
      throw new Error(`the run did not become as wanted: ${JSON.stringify(await run(runId))}`)
    },
    /** What a process that dies at once leaves to the next: the store is closed under its workers, and opened again. */
    restart: async () => {
      await stopWork()
      await storage[Symbol.asyncDispose]()
      storage = open()
    },
    [Symbol.asyncDispose]: async () => {
      await stopWork()
      await storage[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

export type PipelineScene = Awaited<ReturnType<typeof openPipelineScene>>
