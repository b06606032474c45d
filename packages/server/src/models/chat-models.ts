import type { Config } from '../config/config.ts'
import { problem } from '../kernel/problem.ts'
import { createAiSdkModel } from './ai-sdk/ai-sdk-model.ts'
import type { ChatModel } from './chat-model.ts'
import { recallModel } from './recall.ts'

/** A model, and its name there: what a `ChatRequest` names. */
export type NamedChatModel = { readonly model: ChatModel; readonly name: string }

/** The model of that name, or the default one. Throws Problem `model_not_configured` when no provider is configured for it. */
export type ChatModels = (name: string | null) => NamedChatModel

/** The models of the configuration, and always the built-in one. Nothing is loaded or asked before the first call. */
export const createChatModels = (
  config: Pick<Config, 'modelProvider' | 'modelUrl' | 'modelKey' | 'modelName' | 'limits'>,
): ChatModels => {
  const provided = providedModel(config)
  const builtIn = { model: recallModel, name: recallModel.name }
  return (name) => {
    const wanted = name ?? config.modelName ?? recallModel.name
    if (wanted === recallModel.name) return builtIn
    if (provided !== null) return { model: provided, name: wanted }
    throw problem(
      'model_not_configured',
      `The model ${JSON.stringify(wanted)} cannot be used: this server has no modelProvider. Without a model named, an agent uses ${recallModel.name}.`,
    )
  }
}

const ANTHROPIC_URL = 'https://api.anthropic.com/v1'

const providedModel = ({
  modelProvider: type,
  modelUrl,
  modelKey: key,
  limits,
}: Parameters<typeof createChatModels>[0]): ChatModel | null => {
  if (type === 'none') return null
  const url = modelUrl ?? (type === 'anthropic' ? ANTHROPIC_URL : null)
  return url === null ? null : createAiSdkModel({ type, url, key, timeoutMs: limits.modelTimeoutMs })
}
