/**
 * The built-in model: no network, no key, the same answer to the same request. It is no language model and says so. To a message
 * it first calls the tools of the memory among those it is given: `memory_search` with the message, and `memory_add` when the
 * message states something. Once their outputs are there, it answers with what was found and kept.
 */
import {
  QUERY_LENGTH_MAX,
  RECALL_COUNT_MAX,
  RESULT_TEXT_LENGTH_MAX,
  TEXT_LENGTH_MAX,
} from '../kernel/limits.ts'
import { StepError } from '../kernel/step-error.ts'
import type { ChatAnswer, ChatMessage, ChatModel, ChatRequest, ChatToolCall } from './chat-model.ts'
import { isQuestion, statesFact } from './rules/questions.ts'
import { sentencesOf } from './rules/sentences.ts'
import { isSmallTalk } from './rules/small-talk.ts'

/** Throws StepError `model_refused`, final, when the answer is to be of a schema: it writes sentences. */
export const recallModel: ChatModel = {
  name: 'recall',
  complete: async (request) => {
    request.signal.throwIfAborted()
    if (request.outputSchema !== undefined) {
      throw new StepError('model_refused', 'the built-in model recall cannot answer in a schema')
    }
    const answer = answerTo(request)
    if (answer.text !== '') request.onText?.(answer.text)
    request.used?.({ model: 'recall', inputTokens: 0, outputTokens: 0, cost: 0 })
    return answer
  },
}

type Output = Extract<ChatMessage, { role: 'tool' }>

const answerTo = ({ messages, tools }: ChatRequest): ChatAnswer => {
  const usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0 }
  const asked = messages.findLastIndex(({ role }) => role === 'user')
  const question = messages[asked]
  const outputs = messages.slice(asked + 1).filter((message) => message.role === 'tool')
  if (outputs.length === 0) {
    const names = new Set(tools.map(({ name }) => name))
    const toolCalls = callsFor(question?.role === 'user' ? question.content : '', names).map(
      (call, index) => ({
        id: `recall-${asked}-${index}`,
        ...call,
      }),
    )
    if (toolCalls.length > 0) return { text: '', toolCalls, finish: 'tool_calls', usage }
  }
  const text = `From memory, without a language model: ${told(outputs)}`
  return { text, toolCalls: [], finish: 'stop', usage }
}

const callsFor = (message: string, names: ReadonlySet<string>): readonly Omit<ChatToolCall, 'id'>[] => {
  if (message.trim() === '') return []
  const search = { name: 'memory_search', arguments: { query: cut(message, QUERY_LENGTH_MAX) } }
  const add = { name: 'memory_add', arguments: { content: cut(message, TEXT_LENGTH_MAX) } }
  return [search, ...(statesSomething(message) ? [add] : [])].filter(({ name }) => names.has(name))
}

const statesSomething = (message: string): boolean =>
  message
    .split('\n')
    .flatMap((line) => sentencesOf(line))
    .some((sentence) =>
      isQuestion(sentence) ? statesFact(sentence, nobody) : !isSmallTalk(sentence, nobody),
    )

const nobody: ReadonlySet<string> = new Set()

const told = (outputs: readonly Output[]): string => {
  const searches = outputs.filter(({ toolName }) => toolName === 'memory_search')
  const adds = outputs.filter(({ toolName }) => toolName === 'memory_add')
  const failed = searches.flatMap((search) => failure(search, 'the search failed'))
  const parts = [...(searches.length > failed.length ? [found(searches)] : []), ...failed, ...adds.map(kept)]
  return parts.length > 0 ? parts.join('\n') : 'nothing was looked up, there being no search to call.'
}

const found = (searches: readonly Output[]): string => {
  const memories = searches
    .flatMap(({ output }) => listOf(member(output, 'memories')))
    .filter((memory) => textOf(member(memory, 'content')).trim() !== '')
    .toSorted((a, b) => scoreOf(b) - scoreOf(a))
  const seen = new Set<unknown>()
  const distinct = memories.filter((memory) => {
    const id = member(memory, 'memory_id') ?? memory
    return !seen.has(id) && seen.add(id)
  })
  if (distinct.length === 0) return 'nothing was found.'
  const shown = distinct.slice(0, RECALL_COUNT_MAX).map((memory, index) => `${index + 1}. ${lineOf(memory)}`)
  const more = distinct.length - shown.length
  return [
    distinct.length === 1 ? 'one memory was found.' : `${distinct.length} memories were found.`,
    ...shown,
    ...(more > 0 ? [`and ${more} more.`] : []),
  ].join('\n')
}

const lineOf = (memory: unknown): string => {
  const content = cut(textOf(member(memory, 'content')).replace(/\s+/g, ' ').trim(), RESULT_TEXT_LENGTH_MAX)
  const day = textOf(member(memory, 'created_at')).slice(0, 10)
  const notes = [textOf(member(memory, 'topic')), day].filter((note) => note !== '')
  return notes.length === 0 ? content : `${content} (${notes.join(', ')})`
}

const kept = (add: Output): string => {
  const [failed] = failure(add, 'nothing was kept')
  if (failed !== undefined) return failed
  const counts = ['created', 'updated', 'unchanged'].flatMap((name) => {
    const count = member(add.output, name)
    return typeof count === 'number' && count > 0 ? [`${count} ${name}`] : []
  })
  return counts.length === 0 ? 'nothing of the message was worth keeping.' : `kept: ${counts.join(', ')}.`
}

const failure = ({ output, isError = false }: Output, what: string): readonly string[] => {
  const error = member(output, 'error') ?? (isError ? output : undefined)
  if (error === undefined) return []
  const reason = textOf(error) || textOf(member(error, 'message')) || textOf(member(error, 'detail'))
  return [`${what}${reason === '' ? '' : `: ${cut(reason, RESULT_TEXT_LENGTH_MAX)}`}.`]
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const scoreOf = (memory: unknown): number => {
  const score = member(memory, 'score')
  return typeof score === 'number' && !Number.isNaN(score) ? score : 0
}

const cut = (text: string, lengthMax: number): string =>
  text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1).toWellFormed()}…`
