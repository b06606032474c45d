import type { MemoryFilter, ProjectStorage } from '../storage/storage.ts'
import { contentKey } from './content-key.ts'
import { type FoundMemory, type Retrieval, searchMemories } from './query.ts'

/** Several places to look in, the nearest first, and several questions. */
export type ScopedSearch = {
  readonly filters: readonly MemoryFilter[]
  /** None: the newest, unranked. */
  readonly queries: readonly string[]
  readonly retrieval: Exclude<Retrieval, 'fetch'>
  readonly limit: number
  /** What scores less is left out. What only fills up an answer always is. */
  readonly scoreMin: number
}

/** `filter` is the place it was found in, by its number. */
export type ScopedMemory = FoundMemory & { readonly filter: number }

/**
 * What the questions find in each place, each memory once, by its best score; what is found nearer comes first, and a statement that stands in
 * two places is told from the nearer one.
 */
export const searchScopes = async (
  storage: ProjectStorage,
  search: ScopedSearch,
): Promise<readonly ScopedMemory[]> => {
  const places = await Promise.all(search.filters.map((filter) => searchOne(storage, search, filter)))
  const statements = new Set<string>()
  const found: ScopedMemory[] = []
  for (const [filter, memories] of places.entries())
    for (const one of memories) {
      const key = contentKey(one.memory.content)
      if (!statements.has(key)) found.push({ ...one, filter })
      statements.add(key)
    }
  return found.slice(0, search.limit)
}

const searchOne = async (
  storage: ProjectStorage,
  { queries, retrieval, limit, scoreMin }: ScopedSearch,
  filter: MemoryFilter,
): Promise<readonly FoundMemory[]> => {
  if (queries.length === 0) return searchMemories(storage, { query: '', retrieval: 'fetch', filter, limit })
  const answers = await Promise.all(
    queries.map((query) => searchMemories(storage, { query, retrieval, filter, limit })),
  )
  const best = new Map<string, FoundMemory & { readonly score: number }>()
  for (const { memory, score } of answers.flat()) {
    if (score === null || score === 0 || score < scoreMin) continue
    const known = best.get(memory.memoryId)
    if (known === undefined || known.score < score) best.set(memory.memoryId, { memory, score })
  }
  return [...best.values()]
    .sort((a, b) => b.score - a.score || b.memory.createdAt - a.memory.createdAt)
    .slice(0, limit)
}
