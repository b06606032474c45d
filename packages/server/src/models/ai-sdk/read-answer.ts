import { parseBody } from '../../kernel/json.ts'
import { MODEL_MESSAGE_LENGTH_MAX } from '../../kernel/limits.ts'
import { Problem } from '../../kernel/problem.ts'
import { StepError } from '../../kernel/step-error.ts'
import type { ChatAnswer, ChatToolCall, ChatUsage } from '../chat-model.ts'
import type { StreamPart } from './provider.ts'

type Finish = Extract<StreamPart, { type: 'finish' }>

/**
 * Reads an answer from the parts it comes in. `told` hears what the call took as far as the provider has said so, and at least
 * once when it answers at all. Throws what the provider reports in the midst, and `model_answer_invalid` when the end is missing.
 */
export const readAnswer = async (
  parts: ReadableStream<StreamPart>,
  hear: { readonly onText: (delta: string) => void; readonly told: (usage: ChatUsage) => void },
): Promise<ChatAnswer> => {
  let text = ''
  let finish: Finish | null = null
  const toolCalls: ChatToolCall[] = []
  for await (const part of parts) {
    if (part.type === 'error') throw part.error
    if (part.type === 'text-delta') {
      text += part.delta
      hear.onText(part.delta)
    } else if (part.type === 'tool-call') {
      toolCalls.push({ id: part.toolCallId, name: part.toolName, ...argumentsOf(part.input) })
    } else if (part.type === 'custom') {
      hear.told(openingUsage(part.providerMetadata?.anthropic?.usage))
    } else if (part.type === 'finish') {
      hear.told(usageOf(part))
      finish = part
    }
  }
  if (finish === null || finish.finishReason.unified === 'interrupted') {
    throw new StepError('model_answer_invalid', 'the answer of the model ended before it was whole', {
      retryable: true,
    })
  }
  return {
    text: storable(text),
    toolCalls,
    finish: finishOf(finish, toolCalls.length > 0),
    usage: usageOf(finish),
  }
}

// Some providers say `stop` when they mean tool calls, and some the other way round.
const finishOf = ({ finishReason }: Finish, hasCalls: boolean): ChatAnswer['finish'] => {
  if (finishReason.unified === 'length') return 'length'
  if (finishReason.unified === 'content-filter') return 'filtered'
  return hasCalls ? 'tool_calls' : 'stop'
}

const usageOf = ({ usage: { inputTokens, outputTokens } }: Finish): ChatUsage => ({
  inputTokens: inputTokens.total ?? 0,
  outputTokens: outputTokens.total ?? 0,
  cachedTokens: inputTokens.cacheRead ?? 0,
})

/** What Anthropic says at the beginning, so that an answer that breaks off counts with what was read for it. */
const openingUsage = (usage: unknown): ChatUsage => {
  const counts: Readonly<Record<string, unknown>> =
    typeof usage === 'object' && usage !== null ? { ...usage } : {}
  const count = (name: string): number => {
    const value = counts[name]
    return typeof value === 'number' ? value : 0
  }
  const cachedTokens = count('cache_read_input_tokens')
  return {
    inputTokens: count('input_tokens') + count('cache_creation_input_tokens') + cachedTokens,
    outputTokens: count('output_tokens'),
    cachedTokens,
  }
}

/** A tool without parameters is often called with an empty text. */
const argumentsOf = (text: string): Pick<ChatToolCall, 'arguments' | 'malformed'> => {
  if (text.trim() === '') return { arguments: {} }
  try {
    const value = parseBody(Buffer.from(text))
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { arguments: { ...value } }
    return malformed(text, 'they are JSON, but no object')
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return malformed(
      text,
      error.code === 'malformed_json' ? 'they are no valid JSON' : 'they hold what cannot be stored',
    )
  }
}

const malformed = (text: string, reason: string): Pick<ChatToolCall, 'arguments' | 'malformed'> => ({
  arguments: {},
  malformed: `the arguments cannot be used: ${reason}: ${storable(text.slice(0, MODEL_MESSAGE_LENGTH_MAX))}`,
})

// A NUL character or half a surrogate pair can be kept in no store.
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')
