/**
 * Ranking: which memories answer a query, judged by words alone but in view of the conversation they were said in.
 *
 * A term's evidence in a statement is BM25's, `w·(k1 + 1) / (w + k1·(1 - b + b·length/averageLength))`, worth the term's rarity
 * `idf = ln(1 + (N - n + ½)/(n + ½))` in the searched partitions. From it follows for every message:
 *
 *     own       per term, the best evidence among its statements
 *     near      per term, the best own evidence of the messages around it, less with distance: an answer follows its question
 *     term      the greater of own and near, and a share of the lesser, which confirms it
 *     session   what its whole conversation says of the query, with diminishing returns
 *     message = (Σ idf·term + sessionWeight·session) × speaker × time
 *
 * `speaker` prefers messages of a person the query names: mostly they tell themselves what is asked about them. `time` prefers those said in a
 * period the query names. A statement has its message's value as far as it holds the message's evidence itself.
 *
 * The value of a statement that holds every term of the query once is near Σ idf. So x = value / Σ idf says how much of the query is met,
 * whatever the query, and the score is x / (1 + x).
 */
import { type Conversation, conversationsOf, type Message } from './conversation.ts'
import type { Hit, Hits } from './document.ts'
import { saidInMentionedPeriod } from './mentioned-period.ts'
import { namedSpeakers } from './named-speakers.ts'

export type RankQuery = {
  readonly text: string
  /** The distinct terms the hits' weights stand for. */
  readonly terms: readonly string[]
  /** Leaves out what holds none of the terms itself. */
  readonly matchingOnly: boolean
}

export type Ranked = { readonly memoryId: string; readonly score: number }

/** BM25: how soon repetition stops to count, and how much a longer statement must hold more. */
const k1 = 1
const b = 0.6
/** Evidence one message away counts this much, two messages away half of it, three a third. */
const nearWeight = 0.6
const nearReach = 3
const lesserWeight = 0.2
const sessionWeight = 0.8
/** Evidence in a conversation that is half of the most it can count. */
const sessionHalf = 2
const speakerFactor = 1.6
const timeFactor = 2.5
/** What a statement has of its message's value without any evidence of its own. */
const inheritedShare = 0.5

type Evidence = {
  readonly message: Message
  readonly perTerm: Float64Array
  readonly perDocument: readonly number[]
}

/** What is the same for all messages of one ranking. */
type Frame = {
  readonly hits: Hits
  readonly idf: readonly number[]
  /** Terms that tell conversations apart: not the speakers' own names, which stand in all of them. */
  readonly isTopical: readonly boolean[]
  readonly isNamed: (speaker: string) => boolean
  readonly inPeriod: (saidAt: number) => boolean
}

/** The found memories, best first. Equal scores keep the newer one in front. */
export const rank = (hits: Hits, query: RankQuery): readonly Ranked[] => {
  const frame = frameOf(hits, query)
  const ideal = frame.idf.reduce((sum, idf) => sum + idf, 0)
  const ranked: { hit: Hit; value: number }[] = []
  for (const conversation of conversationsOf(hits.documents)) {
    for (const { hit, value, own } of valuesOf(frame, conversation)) {
      if (own > 0 || (value > 0 && !query.matchingOnly)) ranked.push({ hit, value })
    }
  }
  return ranked
    .sort((a, b) => b.value - a.value || b.hit.position - a.hit.position)
    .map(({ hit, value }) => ({ memoryId: hit.memoryId, score: value / (value + ideal) }))
}

const frameOf = (hits: Hits, { text, terms }: RankQuery): Frame => {
  const named = namedSpeakers(
    hits.documents.map(({ speaker }) => speaker),
    terms,
  )
  return {
    hits,
    idf: hits.documentFrequencies.map((n) => Math.log(1 + (hits.documentCount - n + 0.5) / (n + 0.5))),
    isTopical: terms.map((term) => !named.some(({ nameTerms }) => nameTerms.has(term))),
    isNamed: (speaker) => named.some((one) => one.speaker === speaker),
    inPeriod: saidInMentionedPeriod(text),
  }
}

const valuesOf = (frame: Frame, conversation: Conversation): { hit: Hit; value: number; own: number }[] => {
  const evidence = conversation.map((message) => evidenceOf(frame, message))
  const session = sessionValue(frame, evidence)
  return evidence.flatMap(({ message, perTerm, perDocument }, index) => {
    const [{ speaker, saidAt }] = message.documents
    let value = sessionWeight * session
    for (let term = 0; term < perTerm.length; term++) {
      const own = perTerm[term] ?? 0
      const near = nearEvidence(evidence, index, term)
      value += (frame.idf[term] ?? 0) * (Math.max(own, near) + lesserWeight * Math.min(own, near))
    }
    if (frame.isNamed(speaker)) value *= speakerFactor
    if (frame.inPeriod(saidAt)) value *= timeFactor
    const best = Math.max(...perDocument)
    return message.documents.map((hit, at) => {
      const own = perDocument[at] ?? 0
      const share = best > 0 ? own / best : 1
      return { hit, own, value: value * (inheritedShare + (1 - inheritedShare) * share) }
    })
  })
}

const evidenceOf = ({ hits, idf }: Frame, message: Message): Evidence => {
  const perTerm = new Float64Array(idf.length)
  const perDocument = message.documents.map(({ weights, length }) => {
    const damping = k1 * (1 - b + (b * length) / hits.averageLength)
    return weights.reduce((sum, weight, term) => {
      const evidence = weight > 0 ? (weight * (k1 + 1)) / (weight + damping) : 0
      perTerm[term] = Math.max(perTerm[term] ?? 0, evidence)
      return sum + (idf[term] ?? 0) * evidence
    }, 0)
  })
  return { message, perTerm, perDocument }
}

const nearEvidence = (evidence: readonly Evidence[], index: number, term: number): number => {
  const here = evidence[index]?.message.place ?? 0
  let best = 0
  for (const step of [-1, 1]) {
    for (let at = index + step; ; at += step) {
      const other = evidence[at]
      const distance = other ? Math.abs(other.message.place - here) : Number.POSITIVE_INFINITY
      if (other === undefined || distance > nearReach) break
      best = Math.max(best, ((other.perTerm[term] ?? 0) * nearWeight) / distance)
    }
  }
  return best
}

/** Sums what the conversation holds of each term; of one the query names, if it names anybody, only what they said themselves. */
const sessionValue = ({ idf, isTopical, isNamed }: Frame, evidence: readonly Evidence[]): number => {
  const namesSomebody = isTopical.includes(false)
  const heard = evidence.filter(({ message }) => !namesSomebody || isNamed(message.documents[0].speaker))
  return idf.reduce((sum, weight, term) => {
    if (!isTopical[term]) return sum
    const held = heard.reduce((total, { perTerm }) => total + (perTerm[term] ?? 0), 0)
    return sum + (weight * held) / (held + sessionHalf)
  }, 0)
}
