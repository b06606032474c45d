import type { OpenAICompatibleProvider } from '@ai-sdk/openai-compatible'
import { boundedFetch } from './bounded-fetch.ts'

/** Where the models are, and how long one call may take. */
export type ModelProvider = {
  readonly type: 'openai-compatible' | 'anthropic'
  /** To which `/chat/completions` or `/messages` is added. */
  readonly url: string
  readonly key: string | null
  readonly timeoutMs: number
}

/** The AI SDK's own port to a model, the same for all its providers. */
export type LanguageModel = ReturnType<OpenAICompatibleProvider['languageModel']>
export type CallOptions = Parameters<LanguageModel['doStream']>[0]
export type StreamPart =
  Awaited<ReturnType<LanguageModel['doStream']>>['stream'] extends ReadableStream<infer Part> ? Part : never

/** Loads what speaks to the provider: some twenty megabytes that a server without models does without. */
export const loadProvider = async (provider: ModelProvider): Promise<(name: string) => LanguageModel> => {
  const { type, url: baseURL, key } = provider
  if (type === 'anthropic') {
    const { createAnthropic } = await import('@ai-sdk/anthropic')
    // An absent key would be looked for in the environment.
    return createAnthropic({ baseURL, apiKey: key ?? '', fetch: boundedFetch })
  }
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
  return createOpenAICompatible({
    name: 'openaiCompatible',
    baseURL,
    ...(key !== null && { apiKey: key }),
    fetch: boundedFetch,
    includeUsage: true,
    supportsStructuredOutputs: true,
    transformRequestBody: new URL(baseURL).hostname === 'api.openai.com' ? withNewerBound : sameBody,
  })
}

type Body = Record<string, unknown>

const sameBody = (body: Body): Body => body

// OpenAI's own newer models refuse the name that everybody else knows.
const withNewerBound = ({ max_tokens, ...body }: Body): Body => ({
  ...body,
  max_completion_tokens: max_tokens,
})
