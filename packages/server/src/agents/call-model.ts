/** One call to the model of an agent, as a step. */
import { ACTION_INPUT_LENGTH_MAX, AGENT_CALL_COUNT_MAX, AGENT_TEXT_LENGTH_MAX } from '../kernel/limits.ts'
import { StepError } from '../kernel/step-error.ts'
import type { ChatAnswer, ChatRequest, ChatToolCall } from '../models/chat-model.ts'
import type { NamedChatModel } from '../models/chat-models.ts'
import type { ModelUse } from '../models/model.ts'
import type { AgentAttempt } from './agent-attempt.ts'
import type { ModelStepOutput } from './agent-input.ts'
import type { AgentDependencies } from './dependencies.ts'
import { runPaidStep } from './paid-step.ts'

type ModelCall = {
  readonly chat: NamedChatModel
  /** From 1. */
  readonly iteration: number
  readonly request: Pick<
    ChatRequest,
    'instructions' | 'messages' | 'tools' | 'outputSchema' | 'outputTokenCountMax'
  >
  /** Throws StepError when there is no going on from it: then the step fails. */
  readonly judge: (said: ModelStepOutput) => Promise<void>
}

/**
 * Throws StepFailure and RunCancelled. What came of an answer that broke off is the output of the failed step.
 */
export const callModel = (
  dependencies: AgentDependencies,
  attempt: AgentAttempt,
  { chat, iteration, request, judge }: ModelCall,
): Promise<ModelStepOutput> => {
  let text = ''
  let taken: ModelUse | null = null
  return runPaidStep<ModelStepOutput>(dependencies, attempt, {
    ...{ name: modelStepName(iteration), type: 'model', of: chat.name, number: iteration },
    work: async ({ used, signal }) => {
      using live = dependencies.liveOutput.open(attempt.run.runId, iteration)
      const answer = await chat.model.complete({
        ...request,
        model: chat.name,
        signal,
        onText: (delta) => {
          text += delta
          live.push(delta)
        },
        used: (use) => {
          taken = use
          used?.(use)
        },
      })
      if (answer.finish === 'filtered')
        throw new StepError('model_refused', 'the provider of the model withheld the answer')
      const said = outputOf(answer)
      await judge(said)
      return { output: said, actions: 0 }
    },
    unfinished: () => (text === '' ? null : { ...textOf(text), toolCalls: [], usage: usageOf(taken) }),
  })
}

export const modelStepName = (iteration: number): string => `model-${iteration}`

const outputOf = ({ text, toolCalls, finish, usage }: ChatAnswer): ModelStepOutput => {
  const kept = toolCalls.slice(0, AGENT_CALL_COUNT_MAX)
  const droppedCount = toolCalls.length - kept.length
  return {
    ...textOf(text),
    ...(finish === 'length' && { isCut: true }),
    toolCalls: kept.map(boundedCall),
    ...(droppedCount > 0 && { droppedCount }),
    usage,
  }
}

const textOf = (text: string): Pick<ModelStepOutput, 'text' | 'isCut'> =>
  text.length <= AGENT_TEXT_LENGTH_MAX
    ? { text }
    : { text: text.slice(0, AGENT_TEXT_LENGTH_MAX).toWellFormed(), isCut: true }

const boundedCall = (call: ChatToolCall): ChatToolCall =>
  JSON.stringify(call.arguments).length <= ACTION_INPUT_LENGTH_MAX
    ? call
    : {
        ...{ id: call.id, name: call.name, arguments: {} },
        malformed: `the arguments cannot be used: they are longer than ${ACTION_INPUT_LENGTH_MAX} characters`,
      }

const usageOf = (use: ModelUse | null): ModelStepOutput['usage'] => ({
  inputTokens: use?.inputTokens ?? 0,
  outputTokens: use?.outputTokens ?? 0,
  cachedTokens: 0,
})
