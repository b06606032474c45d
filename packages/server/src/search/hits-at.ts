/** What the index would have found at an instant: the documents are made anew from the versions that were there. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Scope } from '../projects/scope.ts'
import type { TopicFilter } from '../storage/storage.ts'
import type { VersionAt } from '../storage/taking-back.ts'
import type { Hits, IndexDocument } from './document.ts'
import { indexDocument } from './index-document.ts'

/** After so many documents other work of the process gets its turn. */
const DOCUMENTS_PER_TURN = 128

type Query = {
  readonly terms: readonly string[]
  /** Positions beside a found document that are looked at. */
  readonly window: number
  readonly topics: readonly TopicFilter[]
}

export const hitsAt = async (versions: readonly VersionAt[], query: Query): Promise<Hits> => {
  const documents: { version: VersionAt; document: IndexDocument; weights: readonly number[] }[] = []
  const frequencies = query.terms.map(() => 0)
  let totalLength = 0
  for (const [index, version] of versions.entries()) {
    if (index % DOCUMENTS_PER_TURN === DOCUMENTS_PER_TURN - 1) await nextTurn()
    const document = indexDocument({ content: version.content, ...version.origin })
    const byTerm = new Map(document.terms)
    const weights = query.terms.map((term) => byTerm.get(term) ?? 0)
    for (const [term, weight] of weights.entries())
      if (weight > 0) frequencies[term] = (frequencies[term] ?? 0) + 1
    totalLength += document.length
    documents.push({ version, document, weights })
  }
  const isNear = nearness(
    documents.filter(({ weights }) => weights.some((weight) => weight > 0)),
    query.window,
  )
  return {
    documents: documents
      .filter(({ version }) => isNear(version) && isAdmitted(version.scope, query.topics))
      .map(({ version, document: { terms: _, ...document }, weights }) => {
        const { memoryId, partition, position } = version
        return { ...document, memoryId, partition, position, weights }
      }),
    documentCount: documents.length,
    averageLength: documents.length === 0 ? 0 : totalLength / documents.length,
    documentFrequencies: frequencies,
  }
}

type Placed = Pick<VersionAt, 'partition' | 'position'>

/** Tells whether a place is at most `window` positions from one of those given. */
const nearness = (
  found: readonly { readonly version: Placed }[],
  window: number,
): ((place: Placed) => boolean) => {
  const positions = new Set<string>()
  for (const { version } of found)
    for (let position = version.position - window; position <= version.position + window; position++)
      positions.add(`${version.partition} ${position}`)
  return ({ partition, position }) => positions.has(`${partition} ${position}`)
}

const isAdmitted = (scope: Scope, topics: readonly TopicFilter[]): boolean =>
  topics.some(
    ({ topic, properties }) =>
      topic === scope.topic &&
      Object.entries(properties).every(([key, value]) => scope.properties[key] === value),
  )
