/** What a run has said and done so far, as messages for its next call to the model. It follows from the recorded steps. */
import { AGENT_CALL_COUNT_MAX, AGENT_OUTPUTS_LENGTH_MAX } from '../kernel/limits.ts'
import type { ChatMessage } from '../models/chat-model.ts'
import type { ActionStepOutput, ModelStepOutput } from './agent-input.ts'

/** One call to the model, and what came of it. */
export type Turn = {
  readonly said: ModelStepOutput
  /** Of its calls, in their order. */
  readonly outputs: readonly ActionStepOutput[]
  /** Why its answer cannot be taken; null when it is not an answer, or a good one. */
  readonly mistake: string | null
}

export const messagesOf = (turns: readonly Turn[]): readonly ChatMessage[] => {
  const turnMessages: ChatMessage[][] = []
  let room = AGENT_OUTPUTS_LENGTH_MAX
  // From the newest on: those are the last to be left out.
  for (const { said, outputs, mistake } of turns.toReversed()) {
    const { text, toolCalls, droppedCount = 0 } = said
    const told = toolCalls.toReversed().map((call, fromEnd): ChatMessage => {
      const { output, isError } = outputs[toolCalls.length - 1 - fromEnd] ?? missing
      room -= JSON.stringify(output).length
      const shown = room < 0 ? LEFT_OUT : output
      return { role: 'tool', toolCallId: call.id, toolName: call.name, output: shown, isError }
    })
    turnMessages.push([
      { role: 'assistant', content: text, ...(toolCalls.length > 0 && { toolCalls }) },
      ...told.toReversed(),
      ...(droppedCount === 0 ? [] : [notMade(droppedCount)]),
      ...(mistake === null ? [] : [{ role: 'user' as const, content: mistake }]),
    ])
  }
  return turnMessages.toReversed().flat()
}

const LEFT_OUT = 'left out, because later outputs are long; call the tool again if you need it'
const missing = { output: 'not done', isError: true }
const notMade = (count: number): ChatMessage => ({
  role: 'user',
  content: `${count} more calls were not made: one answer may hold ${AGENT_CALL_COUNT_MAX}.`,
})
