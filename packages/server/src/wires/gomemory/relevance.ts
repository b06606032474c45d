/**
 * Which of the memories that a search finds are handed out. `threshold` says how good one must be beside the best one, and beside the query:
 *
 *     met  = score / (1 - score)     how much of the query a memory meets with its neighbours, words weighed by rarity; see search/rank.ts
 *     held                           the share of the query's words that it holds itself: none is never enough
 *
 *     met ≥ threshold × the greatest met                   as good as that part of the best one
 *     max(held, 0.7 × met) ≥ 0.45 × threshold              and to the point, however poor the best one is
 *
 * At the default, 0.65, a memory is two thirds as good as the best, and holds three of ten words or meets two fifths of the query. At 1 it is
 * the best one alone, near 0 whatever shares a word. A conversation is about many things, so of its end no share is asked. The numbers
 * are measured, see docs/wires/gomemory.md.
 */
import { type FoundMemory, heldShare } from '../../search/query.ts'

export const THRESHOLD_DEFAULT = 0.65
/** Found memories that are looked at, hence the most that are handed out. */
export const GENERAL_COUNT_MAX = 30

const metWeight = 0.7
const floorShare = 0.45

export type Wanted = {
  readonly query: string
  readonly threshold: number
  readonly isConversation: boolean
}

/** `found` is best first, and so is the answer. */
export const relevantOf = (
  found: readonly FoundMemory[],
  { query, threshold, isConversation }: Wanted,
): readonly FoundMemory[] => {
  const wanted = threshold * Math.max(0, ...found.map(metBy))
  const floor = isConversation ? 0 : threshold * floorShare
  return found.filter((one) => {
    const [met, held] = [metBy(one), heldShare(query, one.memory.content)]
    return held > 0 && met >= wanted && Math.max(held, metWeight * met) >= floor
  })
}

/** The score is met / (1 + met); of what was not ranked nothing is known. */
const metBy = ({ score }: FoundMemory): number => (score === null ? 0 : score / (1 - score))
