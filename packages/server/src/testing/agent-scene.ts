/**
 * Runs of agents on a real store, with a provider of models on this machine and actions that a test makes. No worker runs unless the
 * test starts one; `attempt` does one attempt of the next run.
 */

import type { Action, ActionAnswer } from '../agents/actions/action.ts'
import { createActions } from '../agents/actions/index.ts'
import type { Agent } from '../agents/agent.ts'
import type { AgentInput, AgentRunBounds } from '../agents/agent-input.ts'
import { createAgentExecutors } from '../agents/executors.ts'
import { createLiveOutput } from '../agents/live-output.ts'
import { createRandomIds } from '../kernel/ids.ts'
import { defaultLimits } from '../kernel/limits.ts'
import { createChatModels } from '../models/chat-models.ts'
import { createAddressRules } from '../outbound/addresses.ts'
import { createGuardedClient } from '../outbound/guarded-client.ts'
import type { RecordedStep, Run } from '../runs/run.ts'
import { contentKey } from '../search/content-key.ts'
import { makeAgent } from './agent-factories.ts'
import { openPipelineScene, type PipelineSceneOptions } from './pipeline-scene.ts'
import { type ProviderScript, startProvider } from './provider.ts'
import { documentOf, origin, runCounts } from './storage-factories.ts'

export type AgentSceneOptions = Omit<PipelineSceneOptions, 'executors'> & {
  readonly answers?: ProviderScript['answers']
  readonly provider?: 'openai-compatible' | 'anthropic' | 'none'
  /** In place of those that the specs of the agent make. */
  readonly actions?: readonly Action[]
}

export type Asked = {
  readonly agent?: Partial<Agent>
  readonly userId?: string | null
  readonly conversationId?: string | null
  readonly bounds?: Partial<AgentRunBounds>
  readonly outputSchema?: AgentInput['outputSchema']
  readonly inputs?: AgentInput['inputs']
  readonly timeoutMs?: number | null
}

export const openAgentScene = async (options: AgentSceneOptions = {}) => {
  const { answers = [], actions, provider: modelProvider = 'openai-compatible', ...others } = options
  const provider = await startProvider({ answers })
  const client = createGuardedClient(createAddressRules('127.0.0.1'))
  const liveOutput = createLiveOutput()
  const limits = { ...defaultLimits, ...options.limits }
  let closedCount = 0
  const executors = createAgentExecutors({
    ...{ client, liveOutput },
    park: (_runId, wait) => wait(),
    chatModels: createChatModels({
      ...{ modelProvider, modelKey: null, modelName: modelProvider === 'none' ? null : 'small', limits },
      modelUrl: `${provider.url}/v1`,
    }),
    createActions:
      actions === undefined
        ? createActions
        : async () => ({ list: actions, [Symbol.asyncDispose]: async () => void closedCount++ }),
  })
  const scene = await openPipelineScene({ ...others, executors })
  const closeScene = scene[Symbol.asyncDispose]
  const ids = createRandomIds()

  const ask = async (userMessage: string, asked: Asked = {}): Promise<string> => {
    const { userId = 'ada', conversationId = null, outputSchema = null, timeoutMs = null } = asked
    const agent = makeAgent({ agentId: 'agent', actions: [], ...asked.agent })
    const inputs = asked.inputs === undefined ? {} : { inputs: asked.inputs }
    const bounds = { maxSteps: null, maxTokens: null, maxCredits: null, ...asked.bounds }
    const runId = ids.next()
    await scene.project.acceptRun({
      ...{ runId, groupId: scene.groupId, laneId: `agent ${runId}`, userId, userKey: userId },
      inputType: 'agent',
      payload: {
        input: {
          type: 'agent',
          agent,
          userMessage,
          bounds,
          outputSchema,
          trigger: 'api',
          depth: 0,
          ...inputs,
        },
        properties: {},
      },
      ...{ inputCount: 1, idempotency: null, queueDepthMax: 1_000, now: scene.clock.now() },
      options: { subjectId: agent.agentId, conversationId, timeoutMs },
    })
    return runId
  }

  // Into the scene itself: a copy of it would have the store of this moment.
  return Object.assign(scene, {
    ...{ provider, liveOutput, ask },
    /** How often the actions of a test were let go of. */
    closedCount: () => closedCount,
    /** Asks, and does the first attempt. */
    answer: async (userMessage: string, asked?: Asked): Promise<Run> => {
      await ask(userMessage, asked)
      return scene.attempt()
    },
    /** Does the attempt that a retryable failure is waiting for. */
    again: (): Promise<Run> => {
      scene.clock.advance(limits.retryMaxMs)
      return scene.attempt()
    },
    steps: (runId: string): Promise<readonly RecordedStep[]> => scene.project.listSteps(runId),
    /** What the provider was asked with, by call. */
    messages: (call: number): readonly { readonly role: string; readonly content: unknown }[] => {
      const messages = provider.requests[call]?.body.messages
      return Array.isArray(messages) ? messages : []
    },
    [Symbol.asyncDispose]: async () => {
      await closeScene()
      client.close()
      await provider[Symbol.asyncDispose]()
    },
  })
}

export type AgentScene = Awaited<ReturnType<typeof openAgentScene>>

/** An action that answers its arguments, or what the test says, and counts. */
export const makeAction = (
  over: Partial<Action> & Pick<Action, 'name'>,
  answer: (given: Readonly<Record<string, unknown>>) => unknown = (given) => given,
): Action & { readonly calls: readonly unknown[] } => {
  const calls: unknown[] = []
  return {
    description: 'Does something.',
    parameters: { type: 'object' },
    perform: async ({ arguments: given }) => {
      calls.push(given)
      return { output: await answer(given), isError: false }
    },
    calls,
    ...over,
  }
}

/** An action that keeps a statement in the topic `facts` of the user `ada`. */
export const makeKeeper = (name = 'keep'): Action & { readonly calls: readonly unknown[] } => {
  const ids = createRandomIds()
  const calls: unknown[] = []
  return {
    ...{ name, description: 'Keeps a statement.', calls },
    parameters: { type: 'object', properties: { content: { type: 'string' } }, required: ['content'] },
    perform: async ({ arguments: { content }, attempt }): Promise<ActionAnswer> => {
      calls.push(content)
      const text = String(content)
      const { run } = attempt
      const scope = { groupId: run.groupId, topic: 'facts', userKey: run.userKey, properties: {} }
      const source = { runId: run.runId, input: 0, message: null, messageId: null, role: null, name: null }
      const kept = { content: text, contentKey: contentKey(text), document: documentOf(text), origin }
      const sources = [{ ...source, saidAt: run.createdAt }]
      const found = await attempt.storage.findByContentKey({ scope, contentKey: kept.contentKey })
      return {
        output: { kept: text },
        isError: false,
        change:
          found === null
            ? {
                operations: [
                  { kind: 'create', memoryId: ids.next(), scope, userId: run.userId, ...kept, sources },
                ],
                confirmations: [],
                counts: runCounts({ inputs: 0, candidates: 1, created: 1 }),
              }
            : {
                operations: [],
                confirmations: [{ memoryId: found.memoryId, source: { ...source, saidAt: run.createdAt } }],
                counts: runCounts({ inputs: 0, candidates: 1, unchanged: 1 }),
              },
      }
    },
  }
}
