import type { ChatMessage, ChatRequest } from '../chat-model.ts'
import type { CallOptions } from './provider.ts'

type Prompt = CallOptions['prompt']
type Message = Prompt[number]
type Tool = NonNullable<CallOptions['tools']>[number]
type Schema = Extract<Tool, { type: 'function' }>['inputSchema']
type Output = Extract<
  Extract<Message, { role: 'tool' }>['content'][number],
  { type: 'tool-result' }
>['output']

/** A request in the words of the AI SDK. Nothing is said of temperature and the like: newer models refuse them. */
export const callOptionsOf = (request: ChatRequest, abortSignal: AbortSignal): CallOptions => {
  const { instructions, messages, tools, outputTokenCountMax, outputSchema } = request
  const system: Prompt = instructions === '' ? [] : [{ role: 'system', content: instructions }]
  return {
    prompt: [...system, ...messages.flatMap(messageOf)],
    tools: tools.map(({ name, description, parameters }) => ({
      type: 'function',
      name,
      description,
      inputSchema: schemaOf(parameters),
    })),
    ...(outputTokenCountMax !== undefined && { maxOutputTokens: outputTokenCountMax }),
    ...(outputSchema !== undefined && { responseFormat: { type: 'json', schema: schemaOf(outputSchema) } }),
    // Strict, a provider refuses every schema beyond its own subset, optional members among them.
    providerOptions: { openaiCompatible: { strictJsonSchema: false } },
    abortSignal,
  }
}

// safety: the provider is who judges a schema; the type is that of JSON Schema draft 7, which names no member as required
const schemaOf = (schema: Readonly<Record<string, unknown>>): Schema => schema as Schema

// An empty text is refused by some, so a message with nothing in it is left out.
const messageOf = (message: ChatMessage): Prompt => {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: [{ type: 'text', text: message.content }] }]
    case 'assistant': {
      const calls = (message.toolCalls ?? []).map(({ id, name, arguments: input }) => ({
        type: 'tool-call' as const,
        toolCallId: id,
        toolName: name,
        input,
      }))
      const { content: text } = message
      const content = [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...calls]
      return content.length === 0 ? [] : [{ role: 'assistant', content }]
    }
    case 'tool': {
      const { toolCallId, toolName } = message
      return [
        { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName, output: outputOf(message) }] },
      ]
    }
  }
}

const outputOf = ({ output, isError = false }: Extract<ChatMessage, { role: 'tool' }>): Output => {
  if (typeof output === 'string') return { type: isError ? 'error-text' : 'text', value: output }
  // safety: outputs of tools are JSON, as they are stored
  const value = (output ?? null) as Extract<Output, { type: 'json' }>['value']
  return { type: isError ? 'error-json' : 'json', value }
}
