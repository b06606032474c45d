import { Problem } from '../../kernel/problem.ts'
import { StepError } from '../../kernel/step-error.ts'
import { groupScoping } from '../../projects/group.ts'
import type { Properties } from '../../projects/scope.ts'
import { startAgentRun } from '../run-agent.ts'
import type { ActionCall } from './action.ts'
import type { ActionDependencies } from './dependencies.ts'

type Asked = { readonly agentId: string; readonly message: string }

/** The run that was or is started under the name of the step, or why none is. Throws StepError. */
export const startChildRun = async (
  dependencies: ActionDependencies,
  call: ActionCall,
  { agentId, message }: Asked,
): Promise<{ readonly runId: string } | { readonly refusal: string }> => {
  const { attempt, stepName } = call
  const { run, payload, storage } = attempt
  // Attempts go on counting when somebody opens the run again by hand, and what is done anew then is asked for anew.
  const idempotencyKey = `child of ${run.runId} ${run.attemptBase} ${stepName}`
  // Whatever has become of the agent since.
  const known = await storage.findRunByKey(idempotencyKey)
  if (known !== null) return known
  const starter = { ...dependencies, storage, traceparent: run.traceparent, wire: run.wire }
  try {
    return await startAgentRun(starter, {
      ...{ agentId, userMessage: message, idempotencyKey, trigger: 'agent' },
      userId: run.userId ?? undefined,
      properties: await propertiesFor(call, agentId),
      parent: { runId: run.runId, depth: payload.input.type === 'agent' ? payload.input.depth : 0 },
    })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { retryAfterSeconds } = error.members
    if (retryAfterSeconds === undefined) return { refusal: error.message }
    const retryAfterMs = retryAfterSeconds * 1_000
    throw new StepError(error.code, error.message, { retryable: true, retryAfterMs })
  }
}

/** Those of this run by which a topic of the other agent's group is scoped. */
const propertiesFor = async ({ attempt }: ActionCall, agentId: string): Promise<Properties> => {
  const { storage, payload } = attempt
  const agent = await storage.agents.agents.get(agentId)
  const group = agent === null ? null : await storage.getGroup(agent.group)
  const known = group === null ? [] : groupScoping(group).scopeProperties
  return Object.fromEntries(Object.entries(payload.properties).filter(([key]) => known.includes(key)))
}
