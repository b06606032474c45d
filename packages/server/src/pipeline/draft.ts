/**
 * What a transform has decided so far, so that later candidates of the run see earlier ones as if they were committed. Finding
 * what a candidate may repeat goes by the terms they share, as in the store, not by comparing everything with everything.
 */
import type { Source } from '../memories/memory.ts'
import { type Scope, scopeKeyOf } from '../projects/scope.ts'
import { analyse } from '../search/analyse.ts'
import { contentKey } from '../search/content-key.ts'
import { withoutSpeaker } from './compare.ts'

/** A memory that the run creates (`version` null) or rewrites (the version it was decided on). */
export type Decision = {
  readonly memoryId: string
  readonly version: number | null
  readonly scope: Scope
  readonly content: string
  readonly context?: string
  /** What the run adds to the sources. */
  readonly sources: readonly Source[]
}

/** What was decided about statements, to be committed. */
export type Plan = {
  readonly decisions: readonly Decision[]
  readonly confirmations: readonly { readonly memoryId: string; readonly source: Source }[]
  /** Candidates that changed nothing. */
  readonly unchangedCount: number
  /** Of which runs they were. */
  readonly unchangedBy: Readonly<Record<string, number>>
}

export const emptyPlan: Plan = { decisions: [], confirmations: [], unchangedCount: 0, unchangedBy: {} }

export type Draft = {
  readonly decide: (decision: Decision) => void
  readonly decided: (memoryId: string) => Decision | undefined
  /** The candidate changes nothing; the memory that says it already gains its sources. */
  readonly confirm: (memoryId: string, sources: readonly Source[]) => void
  readonly skip: (sources: readonly Source[]) => void
  /** Decisions of the scope that say the same, or share at least `share` of the shorter one's terms, most shared first. */
  readonly similar: (params: {
    scope: Scope
    content: string
    share: number
    limit: number
  }) => readonly Decision[]
  readonly plan: () => Plan
}

/** @param earlier what steps before have decided and nobody has committed yet */
export const createDraft = (earlier: Plan = emptyPlan): Draft => {
  const decisions = new Map(earlier.decisions.map((decision) => [decision.memoryId, decision]))
  const index = createTermIndex()
  for (const decision of earlier.decisions) index.put(decision)
  const confirmations = [...earlier.confirmations]
  let { unchangedCount } = earlier
  const unchangedBy = new Map(Object.entries(earlier.unchangedBy ?? {}))
  const countUnchanged = (sources: readonly Source[]) => {
    unchangedCount++
    for (const runId of new Set(sources.map((source) => source.runId)))
      unchangedBy.set(runId, (unchangedBy.get(runId) ?? 0) + 1)
  }
  return {
    decide: (decision) => {
      decisions.set(decision.memoryId, decision)
      index.put(decision)
    },
    decided: (memoryId) => decisions.get(memoryId),
    confirm: (memoryId, sources) => {
      countUnchanged(sources)
      const decision = decisions.get(memoryId)
      if (decision === undefined) confirmations.push(...sources.map((source) => ({ memoryId, source })))
      else decisions.set(memoryId, { ...decision, sources: [...decision.sources, ...sources] })
    },
    skip: countUnchanged,
    similar: (params) =>
      index.find(params).flatMap((memoryId) => {
        const decision = decisions.get(memoryId)
        return decision === undefined ? [] : [decision]
      }),
    plan: () => ({
      decisions: [...decisions.values()],
      ...{ confirmations, unchangedCount, unchangedBy: Object.fromEntries(unchangedBy) },
    }),
  }
}

/** Memory ids by term and by content key; both are prefixed with the scope, so that scopes never meet. */
const createTermIndex = () => {
  const holders = new Map<string, Set<string>>()
  const entries = new Map<string, { readonly keys: readonly string[]; readonly termCount: number }>()

  const keysOf = (scope: Scope, content: string): { same: string; terms: string[] } => {
    const prefix = scopeKeyOf(scope)
    const terms = [...new Set(analyse(withoutSpeaker(content)))].map((term) => `${prefix} term ${term}`)
    return { same: `${prefix} same ${contentKey(content)}`, terms }
  }

  return {
    put: ({ memoryId, scope, content }: Decision) => {
      for (const key of entries.get(memoryId)?.keys ?? []) holders.get(key)?.delete(memoryId)
      const { same, terms } = keysOf(scope, content)
      const keys = [same, ...terms]
      entries.set(memoryId, { keys, termCount: terms.length })
      for (const key of keys) {
        const set = holders.get(key) ?? new Set()
        holders.set(key, set.add(memoryId))
      }
    },
    find: (params: { scope: Scope; content: string; share: number; limit: number }): string[] => {
      const { same, terms } = keysOf(params.scope, params.content)
      const shared = new Map<string, number>()
      for (const term of terms) {
        for (const memoryId of holders.get(term) ?? []) shared.set(memoryId, (shared.get(memoryId) ?? 0) + 1)
      }
      const similar = [...shared]
        .filter(([memoryId, count]) => {
          const shorter = Math.min(terms.length, entries.get(memoryId)?.termCount ?? 0)
          return count >= params.share * shorter
        })
        .sort(([, a], [, b]) => b - a)
        .slice(0, params.limit)
        .map(([memoryId]) => memoryId)
      return [...new Set([...(holders.get(same) ?? []), ...similar])]
    },
  }
}
