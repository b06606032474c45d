import type { ModelUse } from './model.ts'

/** The port to language models that converse and call tools. One call is one turn of the model; who calls runs the loop. */

/** A JSON Schema, as it is sent. */
export type JsonSchema = Readonly<Record<string, unknown>>

export type ChatMessage =
  | { readonly role: 'user'; readonly content: string }
  | {
      readonly role: 'assistant'
      readonly content: string
      readonly toolCalls?: readonly ChatToolCall[] | undefined
    }
  | {
      readonly role: 'tool'
      readonly toolCallId: string
      readonly toolName: string
      /** A text, or what JSON can hold. */
      readonly output: unknown
      readonly isError?: boolean | undefined
    }

/**
 * What the model asks to have done. The name is as the model gave it, and may be that of no tool. When the arguments are no
 * JSON object, they are empty and `malformed` says why, with the beginning of what came.
 */
export type ChatToolCall = {
  readonly id: string
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly malformed?: string
}

export type ChatTool = {
  readonly name: string
  readonly description: string
  readonly parameters: JsonSchema
}

export type ChatRequest = {
  /** The model's name at its provider. */
  readonly model: string
  /** What the model is told before the conversation; may be empty. */
  readonly instructions: string
  readonly messages: readonly ChatMessage[]
  readonly tools: readonly ChatTool[]
  readonly outputTokenCountMax?: number | undefined
  /** The final answer is to be JSON of this schema. Not every provider keeps to it: who reads the answer checks it. */
  readonly outputSchema?: JsonSchema | undefined
  /** Told the text as it comes, piece by piece; must not throw. */
  readonly onText?: ((delta: string) => void) | undefined
  readonly signal: AbortSignal
  /** Told once of each call that the provider took on, also of one that fails then; counts that it did not tell are 0. */
  readonly used?: ((use: ModelUse) => void) | undefined
}

export type ChatUsage = {
  readonly inputTokens: number
  readonly outputTokens: number
  /** The part of the input that the provider had kept from an earlier call. */
  readonly cachedTokens: number
}

/**
 * `text` may be empty, also without tool calls: some models say nothing when all is done. `length`: cut off at the bound of
 * output; `filtered`: the provider withheld the rest.
 */
export type ChatAnswer = {
  readonly text: string
  readonly toolCalls: readonly ChatToolCall[]
  readonly finish: 'stop' | 'tool_calls' | 'length' | 'filtered'
  readonly usage: ChatUsage
}

export type ChatModel = {
  readonly name: string
  /**
   * Makes one attempt. Throws the signal's reason when it aborts, else a StepError: `model_timeout`, `model_rate_limited`,
   * `model_unavailable` and `model_answer_invalid` may pass and are retryable; `model_unauthorized` and `model_refused` are final.
   */
  readonly complete: (request: ChatRequest) => Promise<ChatAnswer>
}
