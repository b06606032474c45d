/** The kinds of items by which clients ask, in every spelling that they have had. */
import { type Kind, kinds } from './kinds.ts'

export type ItemKind = Kind['list']

export const itemKinds: readonly ItemKind[] = kinds.map(({ list }) => list)

/** What a topic holds. One that somebody has added to the group holds facts. */
export const itemKindOf = (topic: string): ItemKind =>
  (kinds.find((kind) => kind.topic === topic) ?? kinds[0]).list

const spellings: ReadonlyMap<string, ItemKind> = new Map([
  ...kinds.flatMap(({ type, list }) => [[type, list] as const, [list, list] as const]),
  ['temporal', 'temporal_events'],
])

export const kindSpellings: readonly string[] = ['all', ...spellings.keys()]

/** All of them where none is named, or `all` is. */
export const readKinds = (types: readonly string[] | undefined): ReadonlySet<ItemKind> => {
  const named = types ?? []
  if (named.length === 0 || named.includes('all')) return new Set(itemKinds)
  return new Set(named.flatMap((type) => spellings.get(type) ?? []))
}
