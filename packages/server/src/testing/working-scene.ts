/** Agents and tools at work: a real store and worker, real actions, and a provider of models on this machine. */
import { createActions } from '../agents/actions/index.ts'
import type { Agent } from '../agents/agent.ts'
import { createAgentExecutors } from '../agents/executors.ts'
import { createLiveOutput } from '../agents/live-output.ts'
import { type Starter, startAgentRun, startToolRun } from '../agents/run-agent.ts'
import type { Tool } from '../agents/tool.ts'
import { defaultLimits } from '../kernel/limits.ts'
import { createChatModels } from '../models/chat-models.ts'
import { createAddressRules } from '../outbound/addresses.ts'
import { createGuardedClient } from '../outbound/guarded-client.ts'
import type { Run } from '../runs/run.ts'
import { cancelRun } from '../runs/steer-runs.ts'
import type { Worker } from '../runs/worker.ts'
import { makeAgent, makeTool } from './agent-factories.ts'
import { openPipelineScene, type PipelineSceneOptions } from './pipeline-scene.ts'
import { type ProviderScript, startProvider } from './provider.ts'

export type WorkingSceneOptions = PipelineSceneOptions & { readonly answers?: ProviderScript['answers'] }

/** The worker runs from the beginning; `restartWork` lets another one go on. */
export const openWorkingScene = async (options: WorkingSceneOptions = {}) => {
  const provider = await startProvider({ answers: options.answers ?? [] })
  const client = createGuardedClient(createAddressRules('127.0.0.1'))
  const limits = { ...defaultLimits, ...options.limits }
  let worker: Worker
  const executors = createAgentExecutors({
    ...{ client, createActions, liveOutput: createLiveOutput() },
    park: (runId, wait) => worker.park(runId, wait),
    chatModels: createChatModels({
      ...{ modelProvider: 'openai-compatible', modelKey: null, modelName: 'small', limits },
      modelUrl: `${provider.url}/v1`,
    }),
  })
  const scene = await openPipelineScene({ ...options, executors })
  worker = scene.startWork()
  const closeScene = scene[Symbol.asyncDispose]
  const starter = (): Starter => ({
    ...scene.dependencies(),
    ...{ storage: scene.project, traceparent: null, wire: 'native' },
  })
  const put = { countMax: 100, expectedVersion: 0, now: scene.clock.now() }

  return Object.assign(scene, {
    provider,
    putAgent: async (over: Partial<Agent> & Pick<Agent, 'agentId'>) =>
      void (await scene.project.agents.agents.put({ ...put, value: makeAgent({ actions: [], ...over }) })),
    putTool: async (over: Partial<Tool> & Pick<Tool, 'toolId'>) =>
      void (await scene.project.agents.tools.put({ ...put, value: makeTool(over) })),
    putSecret: async (name: string, value: string) =>
      void (await scene.project.agents.putSecret({ name, value, countMax: 100, now: scene.clock.now() })),
    startAgent: async (agentId: string, userMessage = 'go'): Promise<string> =>
      (await startAgentRun(starter(), { agentId, userMessage, userId: 'ada', trigger: 'api' })).runId,
    startTool: async (toolId: string, input: Readonly<Record<string, unknown>> = {}): Promise<string> =>
      (await startToolRun(starter(), { toolId, input, userId: 'ada', trigger: 'api' })).runId,
    cancel: (runId: string) =>
      cancelRun(starter(), scene.storage.findRunProject, { runId, reason: 'enough' }),
    restartWork: async () => {
      await worker.stop()
      worker = scene.startWork()
    },
    /** The run once it has ended. */
    ended: (runId: string): Promise<Run> => scene.until(runId, ({ completedAt }) => completedAt !== null),
    starter,
    [Symbol.asyncDispose]: async () => {
      await closeScene()
      client.close()
      await provider[Symbol.asyncDispose]()
    },
  })
}

export type WorkingScene = Awaited<ReturnType<typeof openWorkingScene>>
