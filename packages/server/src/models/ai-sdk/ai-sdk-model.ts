/**
 * Language models over HTTP, through the providers of the AI SDK. They are spoken to by their own port (`doStream`), not by
 * `generateText` and its like: those run tools in a loop of their own, judge tool calls by names and schemas where the loop
 * here wants them as given, retry, warn on the console, and bring telemetry, a gateway and downloads along. The port has none
 * of that: one call is one request.
 *
 * An answer is always streamed, so text can be passed on as it comes and an end closes the connection at once.
 */
import { StepError } from '../../kernel/step-error.ts'
import type { ChatAnswer, ChatModel, ChatRequest, ChatUsage } from '../chat-model.ts'
import { asModelError } from './as-model-error.ts'
import { callOptionsOf } from './call-options.ts'
import { type LanguageModel, loadProvider, type ModelProvider } from './provider.ts'
import { readAnswer } from './read-answer.ts'

/** The models of a provider. What speaks to it is loaded at the first call. */
export const createAiSdkModel = (provider: ModelProvider): ChatModel => {
  let loading: ReturnType<typeof loadProvider> | null = null
  return {
    name: provider.type,
    complete: async (request) => {
      request.signal.throwIfAborted()
      loading ??= loadProvider(provider)
      const languageModel = (await loading)(request.model)
      return complete(provider, languageModel, request)
    },
  }
}

const complete = async (
  provider: ModelProvider,
  languageModel: LanguageModel,
  request: ChatRequest,
): Promise<ChatAnswer> => {
  const { model, signal, onText = () => {}, used } = request
  let usage: ChatUsage | null = null
  const ending = endingWith(signal, provider.timeoutMs)
  try {
    const { stream } = await languageModel.doStream(callOptionsOf(request, ending.signal))
    usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0 }
    return await readAnswer(stream, {
      onText,
      told: (told) => {
        usage = told
      },
    })
  } catch (error) {
    ending.signal.throwIfAborted()
    throw asModelError(error, provider.key)
  } finally {
    // Closes the connection of an answer that was not read to its end.
    ending.end()
    if (usage !== null) used?.({ model, cost: 0, ...withoutCached(usage) })
  }
}

const withoutCached = ({ inputTokens, outputTokens }: ChatUsage) => ({ inputTokens, outputTokens })

/** A signal that aborts with `signal`, when the time is over, or at the end. */
const endingWith = (signal: AbortSignal, timeoutMs: number) => {
  const ending = new AbortController()
  const onAbort = () => ending.abort(signal.reason)
  const timer = setTimeout(() => ending.abort(lateError(timeoutMs)), timeoutMs)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  return {
    signal: ending.signal,
    end: () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      ending.abort()
    },
  }
}

const lateError = (timeoutMs: number): StepError =>
  new StepError('model_timeout', `the model did not answer within ${timeoutMs / 1_000} s`, {
    retryable: true,
  })
