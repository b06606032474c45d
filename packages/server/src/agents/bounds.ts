/** The bounds of one agent run: those of the run where it has some, and never wider than those of its agent. */
import { AGENT_STEP_COUNT_MAX, BOUNDED_OUTPUT_TOKEN_COUNT } from '../kernel/limits.ts'
import type { Spent } from './agent-attempt.ts'
import type { AgentInput, StopReason } from './agent-input.ts'
import { isLess } from './amount.ts'

export const stepCountMaxOf = ({ agent, bounds }: AgentInput): number =>
  Math.min(agent.maxSteps, bounds.maxSteps ?? AGENT_STEP_COUNT_MAX, AGENT_STEP_COUNT_MAX)

/**
 * The bound that forbids the call to the model of that number, if one does. What a call takes is known when it has been made, so a run
 * may come to be over its tokens and credits by one call and the actions that it asked for.
 */
export const boundBefore = (iteration: number, input: AgentInput, spent: Spent): StopReason | null => {
  const { maxTokens, maxCredits } = input.bounds
  if (iteration > stepCountMaxOf(input)) return 'max_steps'
  if (maxTokens !== null && spent.tokens >= maxTokens) return 'max_tokens'
  if (maxCredits !== null && !isLess(spent.credits, maxCredits)) return 'max_credits'
  return null
}

/** What is left of the tokens, when it is so little that any model may be held to it. */
export const outputTokenCountMax = (
  { bounds: { maxTokens } }: AgentInput,
  { tokens }: Spent,
): number | undefined =>
  maxTokens !== null && maxTokens - tokens < BOUNDED_OUTPUT_TOKEN_COUNT ? maxTokens - tokens : undefined
