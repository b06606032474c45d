/**
 * Finding memories that share most of their terms with a statement, at a cost that does not grow with the scope. Looking at
 * every document that holds any of the terms would: a word that everybody uses is in all of them. So terms are probed from the
 * rarest on, until so many documents are met that the more frequent terms could hardly lead to others; those that share most of the probes
 * are then compared by all their terms. In a scope of up to about PROBED_COUNT_MAX documents that is exact; in a larger one a
 * document of frequent words alone may be missed, and then two memories stay that could have been one.
 */
import type { Memory } from '../../memories/memory.ts'
import type { Scope } from '../../projects/scope.ts'
import type { Connection } from './connection.ts'
import { getMemory } from './memories.ts'
import { fromJson } from './rows.ts'
import { partitionNoOf, scopeNoOf } from './scopes.ts'

/** Probing ends with the term that brings the documents met to this number. */
const PROBED_COUNT_MAX = 1_000
/** Documents compared by all their terms. */
const COMPARED_COUNT_MAX = 64

export const findSimilar = (
  db: Connection,
  projectId: string,
  params: { scope: Scope; terms: readonly string[]; share: number; limit: number },
): Memory[] => {
  const { scope, terms, share, limit } = params
  const scopeNo = scopeNoOf(db, projectId, scope)
  const partitionNo = partitionNoOf(db, projectId, scope)
  if (scopeNo === null || partitionNo === null) return []
  const wanted = new Set(terms)
  return probe(db, partitionNo, chooseProbes(readFrequencies(db, partitionNo, terms)))
    .filter((met) => met.scope_no === scopeNo)
    .map((met) => ({
      ...met,
      shared: fromJson<string[]>(met.terms).filter((term) => wanted.has(term)).length,
    }))
    .filter(({ shared, term_count }) => shared >= share * Math.min(terms.length, term_count))
    .sort((a, b) => b.shared - a.shared || b.position - a.position)
    .slice(0, limit)
    .map(({ memory_id }) => getMemory(db, projectId, memory_id))
    .filter((memory) => memory !== null)
}

type Frequency = { readonly term: string; readonly count: number }

/** How many documents hold each term, counted no further than matters, rarest first. */
const readFrequencies = (db: Connection, partitionNo: number, terms: readonly string[]): Frequency[] =>
  db
    .all<Frequency>(
      `SELECT value AS term,
              (SELECT count(*) FROM (SELECT 1 FROM postings WHERE partition_no = ?1 AND term = value LIMIT ?3)) AS count
       FROM json_each(?2)`,
      partitionNo,
      JSON.stringify(terms),
      PROBED_COUNT_MAX,
    )
    .sort((a, b) => a.count - b.count)

const chooseProbes = (frequencies: readonly Frequency[]): string[] => {
  const probes: string[] = []
  let metCount = 0
  for (const { term, count } of frequencies) {
    if (metCount >= PROBED_COUNT_MAX) break
    probes.push(term)
    metCount += count
  }
  return probes
}

type Met = { position: number; memory_id: string; scope_no: number; terms: string; term_count: number }

/** The documents that share most of the probes; of equals the shorter first, which share more of themselves. */
const probe = (db: Connection, partitionNo: number, probes: readonly string[]): Met[] =>
  db.all<Met>(
    `SELECT d.position, d.memory_id, d.scope_no, d.terms, met.term_count
     FROM (SELECT position, max(term_count) AS term_count, count(*) AS shared FROM postings
           WHERE partition_no = ?1 AND term IN (SELECT value FROM json_each(?2)) AND weight >= 1
           GROUP BY position ORDER BY shared DESC, max(term_count), position DESC LIMIT ?3) met
     CROSS JOIN documents d ON d.partition_no = ?1 AND d.position = met.position`,
    partitionNo,
    JSON.stringify(probes),
    COMPARED_COUNT_MAX,
  )
