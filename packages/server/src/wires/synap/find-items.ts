/** What a request for context finds: memories of the scopes that it may see, as items. */
import { CONTEXT_RESULT_COUNT_MAX } from '../../kernel/limits.ts'
import { memoryFilter } from '../../memories/filter.ts'
import type { Access } from '../../projects/access.ts'
import type { Group } from '../../projects/group.ts'
import { searchScopes } from '../../search/search-scopes.ts'
import type { MemoryFilter } from '../../storage/storage.ts'
import type { ContextItem } from './context-items.ts'
import { groupToRead } from './groups.ts'
import { type ItemKind, itemKindOf } from './kinds.ts'
import type { SynapScope } from './scope.ts'

export type ContextQuery = {
  readonly queries: readonly string[]
  readonly kinds: ReadonlySet<ItemKind>
  readonly limit: number
  /** `fast` finds what shares a word with the question, `accurate` also what was said beside it. */
  readonly mode: 'fast' | 'accurate'
  /** `high` leaves out what answers much less well than the best. */
  readonly precision: 'high' | 'medium'
}

/** Of the score of what answers best. */
const HIGH_SHARE_MIN = 0.25

/** The narrowest scope's first; of each what answers best, or the newest where nothing is asked. */
export const findItems = async (
  access: Access,
  scopes: readonly SynapScope[],
  { queries, kinds, limit, mode, precision }: ContextQuery,
): Promise<readonly ContextItem[]> => {
  const places = (await Promise.all(scopes.map((scope) => placeOf(access, scope, kinds)))).filter(
    (place) => place !== null,
  )
  const found = await searchScopes(access.storage, {
    filters: places.map(({ filter }) => filter),
    queries,
    retrieval: mode === 'fast' ? 'bm25' : 'hybrid',
    limit: Math.min(limit, CONTEXT_RESULT_COUNT_MAX),
    shareMin: precision === 'high' ? HIGH_SHARE_MIN : 0,
  })
  return found.flatMap(({ memory, score, filter }) => {
    const place = places[filter]
    if (place === undefined) return []
    return [{ memory, score, level: place.level, kind: itemKindOf(place.group, memory.scope.topic) }]
  })
}

type Place = Pick<SynapScope, 'level'> & { readonly group: Group; readonly filter: MemoryFilter }

/** Null where there is nothing to look for: nobody has written to the group, or it keeps nothing of these kinds. */
const placeOf = async (
  access: Access,
  { level, group: name, userId, properties }: SynapScope,
  kinds: ReadonlySet<ItemKind>,
): Promise<Place | null> => {
  const group = await groupToRead(access, name)
  const topics = (group?.topics ?? [])
    .map((topic) => topic.name)
    .filter((topic) => group !== null && kinds.has(itemKindOf(group, topic)))
  if (group === null || topics.length === 0) return null
  const filter = memoryFilter(group, { topics, properties, ...(userId !== null && { userId }) })
  return { level, group, filter }
}
