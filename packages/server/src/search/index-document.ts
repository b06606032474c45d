import { analyse } from './analyse.ts'
import type { IndexDocument, Origin } from './document.ts'
import { fold } from './fold.ts'

/** A term that stands in the context counts this much, however often it stands there; one that is said counts 1 each time. */
const contextWeight = 0.5

/** What the index keeps of a statement: its terms and those of what it answers, who says it, and where in which conversation. */
export const indexDocument = (params: Origin & { readonly content: string }): IndexDocument => {
  const weights = new Map<string, number>()
  for (const term of analyse(params.content)) weights.set(term, (weights.get(term) ?? 0) + 1)
  for (const term of new Set(analyse(params.context ?? ''))) {
    weights.set(term, (weights.get(term) ?? 0) + contextWeight)
  }
  return {
    terms: [...weights],
    length: weights.values().reduce((sum, weight) => sum + weight, 0),
    speaker: fold(params.speaker ?? '').toLowerCase(),
    session: params.session,
    turn: params.turn,
    saidAt: params.saidAt,
  }
}
