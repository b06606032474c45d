import type { ChatModels } from '../models/chat-models.ts'
import type { Attempt } from '../pipeline/step.ts'
import type { ActionSpec } from './action-spec.ts'
import type { Action } from './actions/action.ts'
import type { ActionDependencies } from './actions/dependencies.ts'
import type { LiveOutput } from './live-output.ts'

/** The actions of one attempt. Disposing of it closes the connections they hold. */
export type Actions = AsyncDisposable & { readonly list: readonly Action[] }

/** What runs of agents and tools are executed with. */
export type AgentDependencies = ActionDependencies & {
  readonly chatModels: ChatModels
  readonly createActions: (
    dependencies: ActionDependencies,
    attempt: Attempt,
    specs: readonly ActionSpec[],
  ) => Promise<Actions>
  readonly liveOutput: LiveOutput
}
