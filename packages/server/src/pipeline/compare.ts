import { isChaining, isOpen, isSameWord, isTurning, type Word, weightOf, wordsOf } from './compare-words.ts'

/**
 * Decides whether two statements say the same. A wrong merge destroys a memory, a missed one only keeps two alike, so whatever is not
 * certain is `different`.
 *
 * Sentences are compared as phrases: a core (`Mara keeps bees`) and what prepositions, conjunctions, times and commas add to it
 * (`in Graz`, `since 2020`). One says all another says when it has its core, word by word in order, and all its phrases, and adds
 * nothing that turns the meaning (`not`, `if`, `until`, …). Numbers, names, tense, direction and quantity are words like all others:
 * they must be the same.
 */
export type Comparison = 'duplicate' | 'extends' | 'different'

/** How a new statement stands to a known one: it says no more (`duplicate`), all of it and more (`extends`), or something else. */
export const compare = (candidate: string, existing: string): Comparison => {
  const [said, known] = [read(candidate), read(existing)]
  if (!isSameSpeaker(said.speaker, known.speaker)) return 'different'
  if (isLiteral(candidate) || isLiteral(existing)) {
    return squeezed(said.text) === squeezed(known.text) ? 'duplicate' : 'different'
  }
  if (said.hasCapitals && known.hasCapitals && !isCasedAlike(said.sentences, known.sentences))
    return 'different'
  if (saysAllOf(known.sentences, said.sentences)) return 'duplicate'
  return saysAllOf(said.sentences, known.sentences) ? 'extends' : 'different'
}

type Sentence = { readonly words: readonly Word[]; readonly isQuestion: boolean }
type Reading = {
  readonly speaker: string | null
  readonly text: string
  readonly sentences: readonly Sentence[]
  readonly hasCapitals: boolean
}

const speakerPattern = /^(\p{L}[^:\n.!?]{0,60}):[ \t]+(?=\S)/u
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })
/** Statements longer than this are only ever the same letter by letter. */
const COMPARED_LENGTH_MAX = 2_000
/** Words two statements must share to be the same, and to be one within the other. */
const SAME_WEIGHT_MIN = 2
const SHARED_WEIGHT_MIN = 3

/** What is said, whoever says it: `Mara: I keep bees.` is `I keep bees.` */
export const withoutSpeaker = (statement: string): string => statement.replace(speakerPattern, '')

const read = (statement: string): Reading => {
  const speaker = speakerPattern.exec(statement)
  const text = speaker === null ? statement : statement.slice(speaker[0].length)
  const sentences = isLiteral(statement)
    ? []
    : [...segmenter.segment(text)]
        .map(({ segment }) => ({ words: wordsOf(segment), isQuestion: /[?？؟]/u.test(segment) }))
        .filter(({ words }) => words.length > 0)
  return {
    speaker: speaker?.[1]?.toLowerCase() ?? null,
    text,
    sentences,
    hasCapitals: /\p{Lu}.*\p{Lu}/su.test(text.slice(0, COMPARED_LENGTH_MAX)),
  }
}

// `User` is whoever speaks to the assistant, so a text without a speaker may be theirs.
const isSameSpeaker = (one: string | null, other: string | null): boolean =>
  one === other || (one ?? 'user') === (other ?? 'user')

/** Code and tables have a shape that words do not show; what stands in brackets (`[photo: …]`) names one thing and no other. */
const isLiteral = (statement: string): boolean =>
  statement.length > COMPARED_LENGTH_MAX || /\n|```|\[\p{L}[\p{L} _-]{0,30}:/u.test(statement)

const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim()

// `IT` is not `it`, `May` is not `may`; a sentence's first word is written large anyway.
const isCasedAlike = (some: readonly Sentence[], others: readonly Sentence[]): boolean => {
  const inner = (sentences: readonly Sentence[]) => sentences.flatMap(({ words }) => words.slice(1))
  const written = new Map(inner(others).map((word) => [word.text, word.written]))
  return inner(some).every(({ text, written: own }) => (written.get(text) ?? own) === own)
}

const saysAllOf = (larger: readonly Sentence[], smaller: readonly Sentence[]): boolean => {
  if (smaller.length === 0) return false
  const isWhole =
    larger.length === smaller.length && smaller.every((each, index) => isSame(larger[index], each))
  const words = smaller.flatMap((each) => each.words)
  if (isWhole) return weightOf(words) >= SAME_WEIGHT_MIN
  if (weightOf(words) < SHARED_WEIGHT_MIN || smaller.some((each) => isOpen(each.words))) return false
  // What stands between or after must not take back what was said.
  const rest = larger.filter((each) => !smaller.some((other) => isSame(each, other) || contains(each, other)))
  if (rest.some(({ words: added }) => added.some(isTurning))) return false
  return smaller.every((each) => larger.some((other) => isSame(other, each) || contains(other, each)))
}

const isSame = (one: Sentence | undefined, other: Sentence): boolean =>
  one !== undefined && one.isQuestion === other.isQuestion && isSamePhrase(one.words, other.words)

const isSamePhrase = (one: readonly Word[], other: readonly Word[]): boolean =>
  one.length === other.length && one.every((word, index) => isSameWord(word, other[index] as Word)) // safety: same length

const contains = (larger: Sentence, smaller: Sentence): boolean => {
  if (larger.isQuestion !== smaller.isQuestion || weightOf(smaller.words) < SHARED_WEIGHT_MIN) return false
  const phrases = phrasesOf(larger.words)
  const wanted = phrasesOf(smaller.words)
  const found = wanted.map((phrase) => phrases.findIndex((other) => isSamePhrase(other, phrase)))
  if (found.includes(-1) || new Set(found).size < found.length) return false
  const added = phrases.filter((_, index) => !found.includes(index))
  if (added.some((phrase) => phrase.some(isTurning))) return false
  // What is put before the core may say whose word it is: `According to Ben, …`.
  if (added.length > 0 && found[0] !== 0) return false
  const isPrefix = found.every((place, index) => place === index)
  return isPrefix || isFreelyOrdered(phrases)
}

// Phrases may be left out or change places only where each can belong to the core alone: `from Graz to Rome`, but not
// `in 2019 … and in 2020`.
const isFreelyOrdered = (phrases: readonly (readonly Word[])[]): boolean => {
  const heads = phrases.map((phrase) => phrase[0]?.text ?? '')
  return new Set(heads).size === heads.length && !heads.some(isChaining)
}
const phrasesOf = (words: readonly Word[]): readonly (readonly Word[])[] => {
  const phrases: Word[][] = []
  for (const word of words) {
    if (word.beginsPhrase || phrases.length === 0) phrases.push([word])
    else phrases.at(-1)?.push(word)
  }
  return phrases
}
