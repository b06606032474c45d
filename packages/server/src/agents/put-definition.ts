/** Keeping agents and tools: what they have in common. */
import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import type { Definitions } from '../storage/agent-storage.ts'
import type { Agent } from './agent.ts'

/** Times that somebody else's change may come first. */
const CHANGE_COUNT_MAX = 10

type Common = Pick<Agent, 'version' | 'updatedAt' | 'createdAt' | 'group' | 'status'>
type Given<Kept> = Omit<Kept, 'version' | 'updatedAt'>

type Kind<Kept extends Common> = {
  /** What one of them is called. */
  readonly noun: 'agent' | 'tool'
  readonly kept: Definitions<Kept>
  readonly countMax: number
}

/** Null when it is at another version by now. Throws Problem `limit_reached`, `unknown_group`. */
export const putDefinition = async <Kept extends Common>(
  { clock }: Pick<Access, 'clock'>,
  { noun, kept, countMax }: Kind<Kept>,
  { value, expectedVersion }: { readonly value: Given<Kept>; readonly expectedVersion: number },
): Promise<Kept | null> => {
  const result = await kept.put({ value, expectedVersion, countMax, now: clock.now() })
  switch (result.kind) {
    case 'put':
      return result.value
    case 'moved':
      return null
    case 'group_gone':
      throw problem('unknown_group', `group "${value.group}" not found`)
    case 'full':
      throw problem('limit_reached', `The project has ${countMax} ${noun}s; it may have no more.`)
  }
}

/** Throws Problem `not_found`. */
export const getDefinition = async <Kept extends Common>(
  { noun, kept }: Pick<Kind<Kept>, 'noun' | 'kept'>,
  id: string,
): Promise<Kept> => {
  const found = await kept.get(id)
  if (found === null) throw problem('not_found', `There is no ${noun} ${id}.`)
  return found
}

/**
 * Makes the next version. With `expectedVersion` only of that one, else of whatever it is by then. Throws Problem `not_found`,
 * `conflict`, and what putDefinition throws.
 */
export const changeDefinition = async <Kept extends Common>(
  access: Pick<Access, 'clock'>,
  kind: Kind<Kept>,
  params: {
    readonly id: string
    readonly expectedVersion: number | undefined
    readonly change: (before: Kept) => Promise<Given<Kept>>
  },
): Promise<Kept> => {
  const { id, expectedVersion } = params
  for (let count = 0; count < CHANGE_COUNT_MAX; count++) {
    const before = await getDefinition(kind, id)
    if (expectedVersion !== undefined && before.version !== expectedVersion)
      throw problem('conflict', `The ${kind.noun} ${id} is at version ${before.version} by now.`)
    const value = await params.change(before)
    const after = await putDefinition(access, kind, { value, expectedVersion: before.version })
    if (after !== null) return after
  }
  throw problem('conflict', `The ${kind.noun} ${id} is being changed by others: try again.`)
}
