import { addressWords, answerWords, courtesyNouns, firstPersonWords, languages } from './lexicon.ts'
import { partsOf, wordsOf } from './words.ts'

/** Tells courtesy and reaction from what says something. In doubt a sentence says something. */

/** A longer sentence always says something. */
const SMALL_TALK_LENGTH_MAX = 160

/** After fewer words a last name may be the answer: `No, Berlin.` */
const CALL_WORD_COUNT_MIN = 3

/**
 * The words of a sentence that tell something, lower case, by the language in which they are fewest; `names` are of people who are spoken to.
 */
export const contentWordsOf = (sentence: string, names: ReadonlySet<string>): readonly string[] => {
  const words = wordsOf(sentence)
  const isOwn = isFirstPerson(words)
  const spokenTo = vocativesOf(sentence, words)
  const telling = words.filter(
    (word) =>
      !spokenTo.has(word) && !isNamed(word, names) && (isOwn || !courtesyNouns.has(word.toLowerCase())),
  )
  let fewest = telling
  for (const language of languages) {
    const left = telling.filter((word) => !isKnown(word, language))
    if (left.length < fewest.length) fewest = left
  }
  return fewest.map((word) => word.toLowerCase())
}

const isKnown = (word: string, language: ReadonlySet<string>): boolean =>
  language.has(word.toLowerCase()) || partsOf(word).every((part) => language.has(part))

/** Names spoken to, after a greeting or at the end: `Good morning, Anna!`, `Nice to meet you, Anna!` */
const vocativesOf = (sentence: string, words: readonly string[]): ReadonlySet<string> => {
  const found = new Set<string>()
  words.forEach((word, index) => {
    const before = words[index - 1]
    if (before === undefined || !/^\p{Lu}/u.test(word)) return
    if (found.has(before) || addressWords.has(before.toLowerCase())) found.add(word)
  })
  const last = /,\s*(\p{Lu}[\p{L}\p{M}'’]*)\P{L}*$/u.exec(sentence.slice(-60))?.[1]
  const isCalled = addressWords.has(words[0]?.toLowerCase() ?? '') || words.length > CALL_WORD_COUNT_MIN
  if (last !== undefined && isCalled) found.add(last)
  return found
}

// `Mel` speaks to Melanie.
const isNamed = (word: string, names: ReadonlySet<string>): boolean => {
  const name = word.replace(/['’]s?$/, '').toLowerCase()
  if (names.has(name)) return true
  return name.length >= 3 && /^\p{Lu}/u.test(word) && names.values().some((each) => each.startsWith(name))
}

/** Whether a sentence says nothing: a greeting, thanks, applause, an acknowledgement, only emoji. */
export const isSmallTalk = (sentence: string, names: ReadonlySet<string>): boolean => {
  if (sentence.length > SMALL_TALK_LENGTH_MAX) return false
  const plain = sentence.replace(emoticon, '')
  if (/[@#/\\=<>[\]{}]/.test(plain)) return false
  return contentWordsOf(plain, names).length === 0 || isSalutation(plain)
}

const emoticon = /(?<!\S)(?:<3+|[:;=]['-]?[()DPpOo/\\|3])(?!\S)/g

// `Hi team,` above a letter.
const isSalutation = (sentence: string): boolean => {
  const words = wordsOf(sentence)
  return sentence.endsWith(',') && words.length <= 4 && addressWords.has(words[0]?.toLowerCase() ?? '')
}

/** Whether it answers a question although it says nothing alone: `Yes, I do.` */
export const isAnswer = (sentence: string): boolean =>
  wordsOf(sentence.slice(0, SMALL_TALK_LENGTH_MAX)).some((word) => answerWords.has(word.toLowerCase()))

/** Whether someone speaks of themself in it. */
export const isFirstPerson = (words: readonly string[]): boolean =>
  words.some((word) => firstPersonWords.has(word.toLowerCase().replace('’', "'")))
