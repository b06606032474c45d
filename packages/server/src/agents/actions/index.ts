/** THE list of kinds of actions, and how those of an agent or a tool are made for one attempt of a run. */
import { StepError } from '../../kernel/step-error.ts'
import type { Attempt } from '../../pipeline/step.ts'
import type { ActionSpec } from '../action-spec.ts'
import type { Action } from './action.ts'
import { agentAction } from './agent.ts'
import type { ActionDependencies, MadeActions } from './dependencies.ts'
import { httpAction } from './http.ts'
import { mcpActions } from './mcp.ts'
import { memoryAdd } from './memory-add.ts'
import { memorySearch } from './memory-search.ts'

type SpecOf<Type extends ActionSpec['type']> = Extract<ActionSpec, { type: Type }>
type Maker<Spec> = (
  dependencies: ActionDependencies,
  attempt: Attempt,
  spec: Spec,
) => MadeActions | Promise<MadeActions>

const makers: { readonly [Type in ActionSpec['type']]: Maker<SpecOf<Type>> } = {
  memory_search: memorySearch,
  memory_add: memoryAdd,
  http: httpAction,
  mcp: mcpActions,
  agent: agentAction,
}

/** The actions of one attempt, in the order of their specs. Disposing of it closes the connections they hold. */
export type Actions = AsyncDisposable & { readonly list: readonly Action[] }

/**
 * Throws StepError: `unreachable`, `timeout` and the like (retryable) when a server does not say what it offers, `invalid_action` (final)
 * when what it offers cannot be taken.
 */
export const createActions = async (
  dependencies: ActionDependencies,
  attempt: Attempt,
  specs: readonly ActionSpec[],
): Promise<Actions> => {
  await using stack = new AsyncDisposableStack()
  const list: Action[] = []
  for (const spec of specs) {
    const { actions, close } = await make(dependencies, attempt, spec)
    if (close !== undefined) stack.defer(close)
    list.push(...actions)
  }
  refuseTwins(list)
  const held = stack.move()
  return { list, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

const make = <Type extends ActionSpec['type']>(
  dependencies: ActionDependencies,
  attempt: Attempt,
  spec: SpecOf<Type>,
): MadeActions | Promise<MadeActions> => {
  // safety: the maker of a type is that of its specs
  const maker = makers[spec.type] as Maker<SpecOf<Type>>
  return maker(dependencies, attempt, spec)
}

const refuseTwins = (list: readonly Action[]): void => {
  const names = list.map(({ name }) => name)
  const twin = names.find((name, index) => names.indexOf(name) < index)
  if (twin !== undefined) throw new StepError('invalid_action', `two actions have the name "${twin}"`)
}
