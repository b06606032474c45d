import { firstPersonWords } from './lexicon.ts'
import { contentWordsOf } from './small-talk.ts'
import { firstWords, partsOf, wordCount, wordSet } from './words.ts'

/** Tells questions from statements, and finds the fact some questions carry. */

const questionMark = /[?？؟⸮](?:["'”’»)\]*_\s]|\p{Extended_Pictographic}|\uFE0F)*$/u
// Without a mark only an inversion tells: `how do I …`, `what is …`.
const unmarkedQuestion =
  /^(?:(?:so|and|but|ok|hey|hi)[, ]+)?(?:how|what|when|where|why|who|which)(?:(?:'s|’s)| (?:is|are|was|were|do|does|did|can|could|should|would|will|have|has))\b[^.!]*$/i

export const isQuestion = (sentence: string): boolean =>
  questionMark.test(sentence.slice(-12)) || unmarkedQuestion.test(sentence.slice(0, 400))

const clauseBoundary =
  /[,;:，；、،—–]\s*|\s-\s|\b(?:since|because|given that|considering|now that|that|when|while|after|before|but|and|weil|dass|denn|als|nachdem|puisque|parce que|car|que|quand|porque|ya que|cuando|потому что|так как|что|когда)\s+/iu
const compoundBoundary = /[,;]\s+(?:but|and|so|aber|und|mais|et|pero|y|но|и)\s/iu
const toldPattern =
  /\b(?:did you (?:know|hear|see)|have you heard|do you know|guess what|wusstest du|weißt du)\b.{0,20}\b(?:that|about|dass)\b/iu
/** Shorter clauses (`I mean`, `my dog?`) state nothing; `I'm` counts as two words. */
const CLAUSE_WORD_COUNT_MIN = 3
/** A tag (`…, isn't it?`) is no longer than this. */
const TAG_WORD_COUNT_MAX = 3
const inverting = wordSet(
  'what which who whom whose where when why how is are am was were do does did can could will would shall should may might must have has had any isn aren wasn doesn don didn won wouldn can couldn',
  'was wer wo wann warum wie welche welcher welches ist sind bist hast hat haben kann kannst können soll qui que quoi quand comment pourquoi est es qué quién cuándo cómo что кто где когда как',
)

/**
 * Whether a question states something on the way: a clause with its speaker as subject (`Since I'm vegan, what can I cook?`), words
 * before an inverted question mark, or something the hearer is told (`Did you know that …?`).
 */
export const statesFact = (question: string, names: ReadonlySet<string>): boolean => {
  if (toldPattern.test(question.slice(0, 200))) return true
  const opening = question.indexOf('¿')
  if (opening > 0 && saysSomething(question.slice(0, opening), names)) return true
  const clauses = question.split(clauseBoundary)
  return (
    isTagged(clauses, names) ||
    isCompound(question, names) ||
    clauses.some((clause) => isOwnClause(clause, names))
  )
}

// `You live in Graz, right?` asks only whether it is so.
const isTagged = (clauses: readonly string[], names: ReadonlySet<string>): boolean => {
  const tag = clauses.at(-1)
  if (clauses.length < 2 || tag === undefined || wordCount(tag) > TAG_WORD_COUNT_MAX) return false
  return contentWordsOf(tag, names).length === 0 && isDeclarative(clauses[0] ?? '', names)
}

// `The Hobbit is great, but have you read the other one?` tells before it asks.
const isCompound = (question: string, names: ReadonlySet<string>): boolean => {
  const [told = '', asked] = question.split(compoundBoundary, 2)
  return asked !== undefined && isDeclarative(told, names)
}

const isDeclarative = (clause: string, names: ReadonlySet<string>): boolean => {
  const opening = firstWords(clause)[0]
  return (
    opening !== undefined &&
    !partsOf(opening).some((part) => inverting.has(part)) &&
    saysSomething(clause, names)
  )
}

const isOwnClause = (clause: string, names: ReadonlySet<string>): boolean => {
  const first = firstWords(clause)[0]?.toLowerCase()
  if (first === undefined || !(firstPersonWords.has(first) || /^[我私]/u.test(first))) return false
  return saysSomething(clause, names)
}

const saysSomething = (clause: string, names: ReadonlySet<string>): boolean =>
  wordCount(clause.replace(/['’]/g, ' ')) >= CLAUSE_WORD_COUNT_MIN && contentWordsOf(clause, names).length > 0
