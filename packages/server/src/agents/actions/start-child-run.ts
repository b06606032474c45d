import { AGENT_DEPTH_MAX } from '../../kernel/limits.ts'
import { Problem } from '../../kernel/problem.ts'
import { StepError } from '../../kernel/step-error.ts'
import { acceptRun } from '../../runs/accept-run.ts'
import type { Agent } from '../agent.ts'
import type { AgentInput } from '../agent-input.ts'
import type { ActionCall } from './action.ts'
import type { ActionDependencies } from './dependencies.ts'

type Asked = { readonly agentId: string; readonly message: string }

/** The run that was or is started under the name of the step, or why none is. Throws StepError. */
export const startChildRun = async (
  dependencies: ActionDependencies,
  { attempt: { run, payload, storage }, stepName }: ActionCall,
  { agentId, message }: Asked,
): Promise<{ readonly runId: string } | { readonly refusal: string }> => {
  // Attempts go on counting when somebody opens the run again by hand, and what is done anew then is asked for anew.
  const key = `child of ${run.runId} ${run.attemptBase} ${stepName}`
  const known = await storage.findRunByKey(key)
  if (known !== null) return known
  const depth = payload.input.type === 'agent' ? payload.input.depth + 1 : 1
  if (depth > AGENT_DEPTH_MAX)
    return { refusal: `agents may ask one another ${AGENT_DEPTH_MAX} deep, and this would be deeper` }
  const agent = await storage.agents.agents.get(agentId)
  if (agent?.status !== 'active')
    return { refusal: `the agent ${agentId} ${agent === null ? 'does not exist' : `is ${agent.status}`}` }
  const group = await storage.getGroup(agent.group)
  if (group === null) return { refusal: `the agent's group "${agent.group}" does not exist` }
  const runId = dependencies.ids.next()
  const accepted = await accept(() =>
    acceptRun(
      { ...dependencies, storage, traceparent: run.traceparent, wire: run.wire },
      {
        ...{ runId, groupId: group.groupId, userId: run.userId, userKey: run.userKey },
        // A lane of its own: in that of the run that waits for it, it would never begin.
        laneId: runId,
        inputType: 'agent',
        payload: { input: inputOf(agent, message, depth), properties: payload.properties },
        inputCount: 1,
        idempotency: { key, digest: agentId, isKept: true },
        options: { priority: run.priority, parentRunId: run.runId, subjectId: agentId },
      },
    ),
  )
  return accepted
}

const inputOf = (agent: Agent, userMessage: string, depth: number): AgentInput => ({
  type: 'agent',
  ...{ agent, userMessage, depth },
  bounds: { maxSteps: null, maxTokens: null, maxCredits: null },
  outputSchema: null,
  trigger: 'agent',
})

const accept = async <Accepted>(
  work: () => Promise<Accepted>,
): Promise<Accepted | { readonly refusal: string }> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { retryAfterSeconds } = error.members
    if (retryAfterSeconds === undefined) return { refusal: error.message }
    throw new StepError(error.code, error.message, {
      retryable: true,
      retryAfterMs: retryAfterSeconds * 1_000,
    })
  }
}
