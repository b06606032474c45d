/** The engine with agent runs whose actions a test performs one by one, as the first attempt of a run would. */
import type { ActionSpec } from '../agents/action-spec.ts'
import type { ActionAnswer } from '../agents/actions/action.ts'
import type { ActionDependencies } from '../agents/actions/dependencies.ts'
import { createActions } from '../agents/actions/index.ts'
import type { AgentInput } from '../agents/agent-input.ts'
import type { ModelUse } from '../models/model.ts'
import { createAddressRules } from '../outbound/addresses.ts'
import { createGuardedClient } from '../outbound/guarded-client.ts'
import type { Attempt } from '../pipeline/step.ts'
import type { Properties } from '../projects/scope.ts'
import { makeAgent } from './agent-factories.ts'
import { openPipelineScene, type PipelineSceneOptions } from './pipeline-scene.ts'

export type ActionSceneOptions = PipelineSceneOptions & {
  /** What actions may reach, beside what is public; this machine when absent. */
  readonly allow?: string | null
}

type Given = {
  readonly userKey?: string | null
  readonly properties?: Properties
  readonly stepName?: string
  /** Of the actions that a spec makes, the one that is performed; the first when absent. */
  readonly actionName?: string
  readonly used?: (use: ModelUse) => void
  readonly signal?: AbortSignal
}

export const openActionScene = async (options: ActionSceneOptions = {}) => {
  const { allow = '127.0.0.1' } = options
  const client = createGuardedClient(createAddressRules(allow))
  const scene = await openPipelineScene(options)
  const closeScene = scene[Symbol.asyncDispose]
  const dependencies = (): ActionDependencies => ({
    ...scene.dependencies(),
    client,
    park: (_runId, wait) => wait(),
  })

  /** A run of an agent, in hand. */
  const startAttempt = async ({
    userKey = 'ada',
    properties = {},
    ...given
  }: Given = {}): Promise<Attempt> => {
    const runId = scene.dependencies().ids.next()
    const agent = makeAgent({ agentId: scene.dependencies().ids.next() })
    const input: AgentInput = {
      ...{ type: 'agent', agent, userMessage: 'hello', outputSchema: null, trigger: 'api', depth: 0 },
      bounds: { maxSteps: null, maxTokens: null, maxCredits: null },
    }
    await scene.project.acceptRun({
      ...{ runId, groupId: scene.groupId, laneId: runId, userId: userKey, userKey, inputType: 'agent' },
      ...{ payload: { input, properties }, inputCount: 1, idempotency: null, queueDepthMax: 1_000 },
      now: scene.clock.now(),
    })
    const { leaseMs, runTimeoutMs } = scene.limits
    const [claimed] = await scene.storage.claimRuns({
      limit: 1,
      leaseMs,
      runTimeoutMs,
      now: scene.clock.now(),
    })
    const group = await scene.project.getGroupById(scene.groupId)
    if (claimed === undefined || group === null) throw new Error('the run could not be claimed')
    return {
      ...{ ...claimed, group, payload: { input, properties }, storage: scene.project },
      signal: given.signal ?? new AbortController().signal,
      ...(given.used !== undefined && { used: given.used }),
    }
  }

  return Object.assign(scene, {
    [Symbol.asyncDispose]: async () => {
      await closeScene()
      client.close()
    },
    actionDependencies: dependencies,
    startAttempt,
    putSecrets: async (secrets: Readonly<Record<string, string>>) => {
      for (const [name, value] of Object.entries(secrets))
        await scene.project.agents.putSecret({ name, value, countMax: 100, now: scene.clock.now() })
    },
    /** Performs an action of a new run. */
    perform: async (
      spec: ActionSpec,
      given: Readonly<Record<string, unknown>>,
      options: Given = {},
    ): Promise<ActionAnswer> => {
      const attempt = await startAttempt(options)
      await using actions = await createActions(dependencies(), attempt, [spec])
      const { actionName } = options
      const action = actions.list.find(({ name }) => actionName === undefined || name === actionName)
      if (action === undefined)
        throw new Error(`there is no such action among ${actions.list.map(({ name }) => name)}`)
      const { stepName = 'action-1-1' } = options
      return await action.perform({ arguments: given, stepName, attempt, signal: attempt.signal })
    },
  })
}

export type ActionScene = Awaited<ReturnType<typeof openActionScene>>
