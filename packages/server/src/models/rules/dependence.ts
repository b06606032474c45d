import { dependentWords, linkingWords } from './lexicon.ts'
import { isFirstPerson } from './small-talk.ts'
import { firstWords, wordCount, wordSet, wordsOf } from './words.ts'

/** Tells which sentences cannot stand alone. */

/** `This week` and `that year` name a time, not what was said before. */
const timeWords = wordSet(
  'morning afternoon evening night day week weekend month year summer winter spring fall autumn season semester time monday tuesday wednesday thursday friday saturday sunday woche jahr monat',
)
/** German articles are pronouns only before a verb. */
const articlePronouns = wordSet('das die der den dem')
const verbsAfterPronoun = wordSet(
  'ist war sind waren hat hatte wird wurde kann konnte macht gefällt klingt heißt freut finde mag muss soll liegt geht kommt',
)
/** Sentences of so few words belong to a neighbour unless someone speaks of themself. */
const FRAGMENT_WORD_COUNT_MAX = 3
const FRAGMENT_LENGTH_MAX = 40
/** In other scripts three words make a sentence. */
const shortScript = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]/u

/** Whether a sentence leans on the one before it: `It was great.`, `So he left.`, `Which is why …` */
export const isDependent = (sentence: string): boolean => {
  const words = firstWords(sentence)
    .slice(0, 3)
    .map((word) => word.toLowerCase())
  const start = words.findIndex((word) => !linkingWords.has(word))
  const first = words[start] ?? ''
  const second = words[start + 1] ?? ''
  if (/^[(（]/u.test(sentence)) return true
  if (articlePronouns.has(first)) return verbsAfterPronoun.has(second)
  if (timeWords.has(second)) return false
  return dependentWords.has(first) || /^[他她它这那]|^(?:それ|これ|その|この|彼)/u.test(first)
}

/** Whether it is too short to say something alone: `Unforgettable feeling.`, `In March!` */
export const isFragment = (sentence: string): boolean =>
  sentence.length <= FRAGMENT_LENGTH_MAX &&
  shortScript.test(sentence) &&
  wordCount(sentence) <= FRAGMENT_WORD_COUNT_MAX &&
  !sentence.startsWith('[') &&
  !isFirstPerson(wordsOf(sentence))
