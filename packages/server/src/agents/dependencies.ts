import type { ChatModels } from '../models/chat-models.ts'
import type { ActionDependencies } from './actions/dependencies.ts'
import type { createActions } from './actions/index.ts'
import type { LiveOutput } from './live-output.ts'

/** What runs of agents and tools are executed with. */
export type AgentDependencies = ActionDependencies & {
  readonly chatModels: ChatModels
  readonly createActions: typeof createActions
  readonly liveOutput: LiveOutput
}
