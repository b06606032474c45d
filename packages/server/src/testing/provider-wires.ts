/** How the two kinds of model providers put an answer on the wire, whole and as a stream of events. */
import type { ToldAnswer } from './provider.ts'

export type Wire = {
  readonly path: string
  /** What makes up the answer, and how it ends. */
  readonly events: (answer: ToldAnswer) => {
    readonly said: readonly string[]
    readonly end: readonly string[]
  }
  readonly whole: (answer: ToldAnswer) => unknown
  readonly error: (error: { readonly type: string; readonly message: string }) => unknown
  /** An error in the midst of a stream. */
  readonly errorEvent: (error: { readonly type: string; readonly message: string }) => string
}

type Call = NonNullable<ToldAnswer['toolCalls']>[number]

const piecesOf = (text: string): readonly string[] => text.match(/[\s\S]{1,7}/g) ?? []
const rawArguments = (call: Call): string =>
  typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments)
const usageOf = ({ usage = {} }: ToldAnswer) => ({ input: 11, output: 7, cached: 0, ...usage })

const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`
const event = (type: string, members: object = {}): string => `event: ${type}\n${data({ type, ...members })}`

const openAiUsage = (answer: ToldAnswer) => {
  const { input, output, cached } = usageOf(answer)
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
  }
}

const openAiFinish = ({ finish, toolCalls = [] }: ToldAnswer): string =>
  finish ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop')

const openAiChunk = (delta: unknown, finish: string | null = null): string =>
  data({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'test',
    choices: [{ index: 0, delta, finish_reason: finish }],
  })

const openAi: Wire = {
  path: '/chat/completions',
  events: (answer) => ({
    said: [
      openAiChunk({ role: 'assistant', content: '' }),
      ...piecesOf(answer.text ?? '').map((content) => openAiChunk({ content })),
      ...(answer.toolCalls ?? []).flatMap((call, index) => [
        openAiChunk({
          tool_calls: [
            { index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } },
          ],
        }),
        ...piecesOf(rawArguments(call)).map((piece) =>
          openAiChunk({ tool_calls: [{ index, function: { arguments: piece } }] }),
        ),
      ]),
    ],
    end: [
      openAiChunk({}, openAiFinish(answer)),
      data({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [], usage: openAiUsage(answer) }),
      'data: [DONE]\n\n',
    ],
  }),
  whole: (answer) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'test',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: answer.text ?? null,
          tool_calls: answer.toolCalls?.map((call) => ({
            id: call.id,
            type: 'function',
            function: { name: call.name, arguments: rawArguments(call) },
          })),
        },
        finish_reason: openAiFinish(answer),
      },
    ],
    usage: openAiUsage(answer),
  }),
  error: ({ type, message }) => ({ error: { message, type, param: null, code: null } }),
  errorEvent: ({ type, message }) => data({ error: { message, type, param: null, code: null } }),
}

const anthropicUsage = (answer: ToldAnswer) => {
  const { input, output, cached } = usageOf(answer)
  return { input_tokens: input - cached, cache_read_input_tokens: cached, output_tokens: output }
}

const anthropicFinish = ({ finish, toolCalls = [] }: ToldAnswer): string =>
  finish ?? (toolCalls.length > 0 ? 'tool_use' : 'end_turn')

const anthropicMessage = { id: 'msg_1', type: 'message', role: 'assistant', model: 'test' }

const anthropicBlock = (index: number, block: unknown, deltas: readonly unknown[]): readonly string[] => [
  event('content_block_start', { index, content_block: block }),
  ...deltas.map((delta) => event('content_block_delta', { index, delta })),
  event('content_block_stop', { index }),
]

const anthropic: Wire = {
  path: '/messages',
  events: (answer) => {
    const text = answer.text ?? ''
    const first = text === '' ? 0 : 1
    const opening = {
      ...anthropicMessage,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...anthropicUsage(answer), output_tokens: 1 },
    }
    const texts = piecesOf(text).map((piece) => ({ type: 'text_delta', text: piece }))
    return {
      said: [
        event('message_start', { message: opening }),
        event('ping'),
        ...(text === '' ? [] : anthropicBlock(0, { type: 'text', text: '' }, texts)),
        ...(answer.toolCalls ?? []).flatMap((call, index) =>
          anthropicBlock(
            first + index,
            { type: 'tool_use', id: call.id, name: call.name, input: {} },
            piecesOf(rawArguments(call)).map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
          ),
        ),
      ],
      end: [
        event('message_delta', {
          delta: { stop_reason: anthropicFinish(answer), stop_sequence: null },
          usage: anthropicUsage(answer),
        }),
        event('message_stop'),
      ],
    }
  },
  whole: (answer) => ({
    ...anthropicMessage,
    content: [
      ...(answer.text === undefined ? [] : [{ type: 'text', text: answer.text }]),
      ...(answer.toolCalls ?? []).map(({ id, name, arguments: input }) => ({
        type: 'tool_use',
        id,
        name,
        input,
      })),
    ],
    stop_reason: anthropicFinish(answer),
    stop_sequence: null,
    usage: anthropicUsage(answer),
  }),
  error: (error) => ({ type: 'error', error }),
  errorEvent: (error) => event('error', { error }),
}

export const wires: readonly Wire[] = [openAi, anthropic]
