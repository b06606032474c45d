/** An agent run as the wire shows it: the thirteen documented members, always there, and what is told on top. */
import { Big } from 'big.js'
import type { ActionView } from '../../agents/agent-run-view.ts'
import type { AgentRun } from '../../agents/read-agent-run.ts'
import { toIso, toIsoOrNull } from '../../kernel/clock.ts'
import type { Run } from '../../runs/run.ts'
import { statusMembers } from './statuses.ts'

/** Decimal places that credits are shown to. */
const SHOWN_DIGIT_COUNT = 2

const shownCredits = (amount: string): number =>
  new Big(amount).round(SHOWN_DIGIT_COUNT, Big.roundHalfEven).toNumber()

export const durationOf = ({ startedAt, completedAt }: Run): number | null =>
  startedAt === null || completedAt === null ? null : completedAt - startedAt

const failureOf = ({ view: { run }, agentRun: { error, actions } }: AgentRun) => {
  if (error === null || run.state === 'cancelled') return null
  const { stage, code, detail } = error
  return { code, message: `${stage} failed: ${detail}`, stepNumber: actions.at(-1)?.number ?? null }
}

export const toAgentRun = (given: AgentRun) => {
  const { input, agentRun } = given
  const { run } = given.view
  const failure = failureOf(given)
  return {
    id: run.runId,
    agentId: run.subjectId,
    ...statusMembers(run),
    userMessage: input?.userMessage ?? '',
    finalOutput: agentRun.finalOutput,
    errorMessage: failure?.message ?? null,
    stepsExecuted: agentRun.stepsExecuted,
    tokensUsed: agentRun.tokensUsed,
    actionsUsed: agentRun.actionsUsed,
    creditsUsed: shownCredits(agentRun.creditsUsed),
    createdAt: toIso(run.createdAt),
    startedAt: toIsoOrNull(run.startedAt),
    finishedAt: toIsoOrNull(run.completedAt),
    partialOutput: agentRun.partialOutput,
    error: failure,
    stopReason: agentRun.stopReason,
    usage: {
      inputTokens: agentRun.inputTokens,
      outputTokens: agentRun.outputTokens,
      cachedTokens: agentRun.cachedTokens,
      llmCalls: agentRun.stepsExecuted,
    },
    conversationId: run.conversationId,
    parentAgentRunId: run.parentRunId,
    retryOf: run.replayOf,
    metadata: run.metadata,
    trigger: input?.trigger ?? null,
    duration: durationOf(run),
    cancelRequestedAt: toIsoOrNull(run.cancelRequestedAt),
    updatedAt: toIso(run.updatedAt),
    expiresAt: toIsoOrNull(run.expiresAt),
  }
}

/** Data of actions is JSON in a text, as the wire has it. */
export const toAgentStep = (step: ActionView) => ({
  stepNumber: step.number,
  iterationNumber: step.iteration,
  toolName: step.name,
  inputData: JSON.stringify(step.input),
  outputData: JSON.stringify(step.output),
  reasoning: step.reasoning,
  tokenUsage: { inputTokens: step.inputTokens, outputTokens: step.outputTokens },
  duration: step.durationMs,
  isError: step.isError,
  startedAt: toIso(step.startedAt),
  finishedAt: toIso(step.startedAt + step.durationMs),
})
