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
  /** What answers a question less well than this share of what answers it best is left out. */
  readonly shareMin: number
}

/** `filter` is the place it was found in, by its number. */
export type ScopedMemory = FoundMemory & { readonly filter: number }

/**
 * What the questions find in each place, each memory once, by its best score; what is found nearer comes first, and a statement that stands in
 * two places is told from the nearer one. What would only fill up an answer is left out.
 */
export const searchScopes = async (
  storage: ProjectStorage,
  search: ScopedSearch,
): Promise<readonly ScopedMemory[]> => {
  const { filters, queries, limit } = search
  const places =
    queries.length === 0
      ? await Promise.all(
          filters.map((filter) => searchMemories(storage, { query: '', retrieval: 'fetch', filter, limit })),
        )
      : await searchAll(storage, search)
  const statements = new Set<string>()
  const found: ScopedMemory[] = []
  for (const [filter, memories] of places.entries())
    for (const one of memories) {
      const key = contentKey(one.memory.content)
      if (!statements.has(key)) found.push({ ...one, filter })
      statements.add(key)
    }
  return found.slice(0, limit)
}

type Ranked = FoundMemory & { readonly score: number }

/** For each place what answers any of the questions, best first. */
const searchAll = async (
  storage: ProjectStorage,
  { filters, queries, retrieval, limit, shareMin }: ScopedSearch,
): Promise<readonly (readonly FoundMemory[])[]> => {
  const best = filters.map(() => new Map<string, Ranked>())
  for (const query of queries) {
    const answers = await Promise.all(
      filters.map(async (filter) =>
        (await searchMemories(storage, { query, retrieval, filter, limit })).filter(isRanked),
      ),
    )
    const scoreMin = shareMin * Math.max(0, ...answers.flat().map(({ score }) => score))
    for (const [place, found] of answers.entries())
      for (const one of found)
        if (one.score >= scoreMin && one.score > (best[place]?.get(one.memory.memoryId)?.score ?? 0))
          best[place]?.set(one.memory.memoryId, one)
  }
  return best.map((found) =>
    [...found.values()].sort((a, b) => b.score - a.score || b.memory.createdAt - a.memory.createdAt),
  )
}

const isRanked = (found: FoundMemory): found is Ranked => found.score !== null && found.score > 0
