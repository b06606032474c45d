import { AS_OF_DOCUMENT_COUNT_MAX, NEIGHBOUR_COUNT_MAX, QUERY_TERM_COUNT_MAX } from '../kernel/limits.ts'
import { problem } from '../kernel/problem.ts'
import type { Memory } from '../memories/memory.ts'
import type { MemoryFilter, ProjectStorage } from '../storage/storage.ts'
import { analyse } from './analyse.ts'
import type { Hits } from './document.ts'
import { hitsAt } from './hits-at.ts'
import { rank } from './rank.ts'

/**
 * `bm25`: only memories that share a term with the query. `hybrid` and `vector`: also those their conversation speaks for, filled up
 * with the newest; they rank by words while there is no embedding model. `fetch`: the newest, unranked.
 */
export const retrievals = ['vector', 'bm25', 'hybrid', 'fetch'] as const
export type Retrieval = (typeof retrievals)[number]

export type SearchRequest = {
  readonly query: string
  readonly retrieval: Retrieval
  readonly filter: MemoryFilter
  readonly limit: number
  /** Searches what was there then; what is there now when absent. */
  readonly asOf?: number
}

/** Scores lie in 0..1 and fall with rank. What only fills up the answer has 0, what was not ranked null. */
export type FoundMemory = { readonly memory: Memory; readonly score: number | null }

/**
 * Searches the memories the filter admits, best first. A memory that is deleted meanwhile is left out. Throws Problem
 * `too_much_past`.
 */
export const searchMemories = async (
  storage: ProjectStorage,
  request: SearchRequest,
): Promise<readonly FoundMemory[]> => {
  if (request.retrieval === 'fetch') return newest(storage, request, null)
  const found = await findRanked(storage, request)
  if (request.retrieval === 'bm25' || found.length >= request.limit) return found
  const known = new Set(found.map(({ memory }) => memory.memoryId))
  const others = (await newest(storage, request, 0)).filter(({ memory }) => !known.has(memory.memoryId))
  return [...found, ...others].slice(0, request.limit)
}

/** The share of the query's words that a statement holds itself, and not only in what was said around it. */
export const heldShare = (query: string, content: string): number => {
  const [terms, held] = [new Set(analyse(query)), new Set(analyse(content))]
  return terms.size === 0 ? 0 : terms.intersection(held).size / terms.size
}

const newest = async (
  storage: ProjectStorage,
  { filter, limit, asOf }: SearchRequest,
  score: number | null,
): Promise<FoundMemory[]> => {
  const page = { ...filter, limit, cursor: null }
  const { items } = await (asOf === undefined
    ? storage.listMemories(page)
    : storage.listMemoriesAt({ ...page, at: asOf }))
  return items.map((memory) => ({ memory, score }))
}

const findRanked = async (storage: ProjectStorage, request: SearchRequest): Promise<FoundMemory[]> => {
  const { query, retrieval, limit } = request
  const terms = queryTerms(query)
  if (terms.length === 0) return []
  const hits = await findHits(storage, request, terms)
  const best = rank(hits, { text: query, terms, matchingOnly: retrieval === 'bm25' }).slice(0, limit)
  const memories = await getMemories(
    storage,
    best.map(({ memoryId }) => memoryId),
    request.asOf,
  )
  const byId = new Map(memories.map((memory) => [memory.memoryId, memory]))
  return best.flatMap(({ memoryId, score }) => {
    const memory = byId.get(memoryId)
    return memory === undefined ? [] : [{ memory, score }]
  })
}

const findHits = async (
  storage: ProjectStorage,
  { filter, asOf }: SearchRequest,
  terms: readonly string[],
): Promise<Hits> => {
  const window = NEIGHBOUR_COUNT_MAX
  if (asOf === undefined) return storage.findDocuments({ ...filter, terms, window })
  const { partitions, topics } = filter
  const versions = await storage.findVersionsAt({ partitions, at: asOf, limit: AS_OF_DOCUMENT_COUNT_MAX })
  if (versions !== null) return hitsAt(versions, { terms, window, topics })
  throw problem(
    'too_much_past',
    `There were more than ${AS_OF_DOCUMENT_COUNT_MAX} memories at that time: list them, or search what is there now.`,
  )
}

const getMemories = async (
  storage: ProjectStorage,
  memoryIds: readonly string[],
  asOf: number | undefined,
): Promise<readonly Memory[]> => {
  if (asOf === undefined) return storage.getMemories(memoryIds)
  const found = await Promise.all(memoryIds.map((memoryId) => storage.getMemoryAt({ memoryId, at: asOf })))
  return found.filter((memory) => memory !== null)
}

/** The distinct terms in order. Of too many the longest are kept: long words are rare words. */
const queryTerms = (query: string): readonly string[] => {
  const terms = [...new Set(analyse(query))]
  const kept = new Set(terms.toSorted((a, b) => b.length - a.length).slice(0, QUERY_TERM_COUNT_MAX))
  return terms.filter((term) => kept.has(term))
}
