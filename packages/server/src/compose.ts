/** From configuration to a running server: the only file that names the concrete engine and model. */

import { createAgentExecutors } from './agents/executors.ts'
import { createLiveOutput } from './agents/live-output.ts'
import { createApi } from './api/app.ts'
import type { Api, ApiDependencies, Wire } from './api/route.ts'
import type { Config } from './config/config.ts'
import { documentBounds } from './documents/document.ts'
import { createDocumentReader } from './documents/document-reader.ts'
import { type Clock, systemClock } from './kernel/clock.ts'
import { createRandomIds, type Ids } from './kernel/ids.ts'
import type { Log } from './kernel/log.ts'
import type { Signals } from './kernel/signals.ts'
import { createChatModels } from './models/chat-models.ts'
import type { Extractor } from './models/model.ts'
import { rulesExtractor } from './models/rules/rules-extractor.ts'
import { watchRuns } from './observe/observe-runs.ts'
import { startObserving } from './observe/start-observing.ts'
import { createAddressRules } from './outbound/addresses.ts'
import { createGuardedClient } from './outbound/guarded-client.ts'
import { executeRun } from './pipeline/execute-run.ts'
import { executors } from './pipeline/executors.ts'
import { ensureDefaultProject } from './projects/default-project.ts'
import { startProjectRemoval } from './projects/removal.ts'
import { startUsageMeter } from './projects/usage-meter.ts'
import { createFollowers } from './runs/follow-events.ts'
import { createHub } from './runs/hub.ts'
import { startRetention } from './runs/retention.ts'
import { startWorker } from './runs/worker.ts'
import { openSqliteStorage } from './storage/sqlite/sqlite-storage.ts'
import { startDelivery } from './webhooks/delivery.ts'
import { isTold } from './webhooks/webhook.ts'
import { wires } from './wires/index.ts'

export type App = AsyncDisposable & {
  /** `http://HOST:PORT`, with the port as bound. */
  readonly url: string
  /** The key that this start made, when the data directory had none; it is also in its file `key`. */
  readonly firstKey: string | null
  /** Answers what came in, lets the runs in hand end within the drain time, and closes the store. */
  readonly stop: () => Promise<void>
}

export type ComposeOptions = {
  readonly config: Config
  readonly log: Log
  readonly clock?: Clock
  readonly ids?: Ids
  readonly extractor?: Extractor
  readonly signals?: Signals
  readonly random?: () => number
}

/** Throws an Error with a sentence for people when the port or the data directory cannot be had. */
export const compose = async (options: ComposeOptions): Promise<App> => {
  const { config, log } = options
  const { limits, dataDir, eventDetail } = config
  const {
    clock = systemClock,
    ids = createRandomIds(),
    extractor = rulesExtractor,
    signals = {},
    random = Math.random,
  } = options
  await using stack = new AsyncDisposableStack()
  const observing = await startObserving(config, { clock, log })
  stack.defer(observing.stop)
  const { observer } = observing
  const runWatch = watchRuns(observer, { clock, log })
  const { batchWritten } = observer
  const storage = runWatch.storage(
    stack.use(openSqliteStorage({ dataDir, eventDetail, signals, batchWritten })),
  )
  const wakeWorker = () => worker.wake()
  const abortRun = (runId: string) => worker.abort(runId)
  const pipeline = {
    ...{ storage, extractor, limits, clock, ids, log, signals, random, wakeWorker, abortRun },
    documents: createDocumentReader(documentBounds(limits)),
  }
  const rules = createAddressRules(config.webhookAllow)
  const client = createGuardedClient(rules)
  stack.defer(client.close)
  const liveOutput = createLiveOutput()
  const chatModels = createChatModels(config)
  const agentExecutors = createAgentExecutors({
    ...{ client, liveOutput, chatModels },
    park: (runId, wait) => worker.park(runId, wait),
    // Only here: a start does not wait for what agents can do.
    createActions: async (...given) => (await import('./agents/actions/index.ts')).createActions(...given),
  })
  const execute = runWatch.execute((claimed, signal) =>
    executeRun({ ...pipeline, executors: { ...executors, ...agentExecutors } }, claimed, signal),
  )
  const worker = startWorker({ storage, limits, clock, log, signals, execute })
  stack.defer(worker.stop)
  stack.defer(startRetention({ storage, limits, clock, log }))
  const delivery = startDelivery({ storage, client, limits, clock, log, signals, random })
  stack.defer(delivery.stop)
  stack.defer(storage.watch(({ type }) => isTold(type) && delivery.wake()))
  const removal = startProjectRemoval({ storage, clock, log })
  stack.defer(removal.stop)
  const usageMeter = startUsageMeter({ storage, clock, log })
  stack.defer(usageMeter.stop)
  const { renderMetrics } = observing
  const hub = createHub({ storage, limits, clock })
  stack.defer(async () => hub.stop())
  const dependencies: ApiDependencies = {
    storage,
    clock,
    ids,
    limits,
    log,
    wakeWorker,
    webhooks: { rules, wakeDelivery: delivery.wake },
    definitions: { rules, chatModels },
    usageMeter,
    wakeRemoval: removal.wake,
    observer,
    renderMetrics: renderMetrics === null ? null : () => renderMetrics({ storage, streamCount: hub.count }),
    hub,
    liveOutput,
    followers: createFollowers({ hub, log }),
    abortRun,
    loopbackProject: config.loopbackProject,
    synapRelationship: config.synapRelationship,
  }
  const api = await createApi(dependencies, wiresOf(config))
  stack.defer(() => api.close())
  const url = await listen(api, config)
  // Only now: a start that fails for its port must not use up the one time a key is shown.
  const firstKey = await ensureDefaultProject({ storage, clock, ids }, config)
  const resources = stack.move()
  const stop = () => resources.disposeAsync()
  return { url, firstKey, stop, [Symbol.asyncDispose]: stop }
}

const wiresOf = (config: Config): readonly Wire[] => {
  const named = config.wires.split(',')
  return wires.filter(({ name }) => named.includes(name))
}

const listen = async (api: Api, { host, port }: Config): Promise<string> => {
  try {
    return await api.listen({ host, port })
  } catch (error) {
    throw new Error(`Cannot listen on ${host}:${port}: ${explainListenError(error)}`, { cause: error })
  }
}

const explainListenError = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : null
  switch (code) {
    case 'EADDRINUSE':
      return 'the port is in use. Stop what uses it, or choose another with REMANENCE_PORT.'
    case 'EADDRNOTAVAIL':
      return 'this machine has no such address. Choose another with REMANENCE_HOST.'
    case 'EACCES':
      return 'this user may not use the port. Choose one above 1023 with REMANENCE_PORT.'
    default:
      return String(error)
  }
}
