/**
 * Text to index terms, the same for statements and queries.
 *
 * A chunk is a run of letters and digits, with the signs that stand inside identifiers, paths, addresses and versions. A plain word gives
 * its stem unless it is a stop word. A compound chunk (`user_id`, `parseBody`, `src/main.ts`, `1.2.0`, `ada@example.org`) gives itself
 * whole and its parts. Scripts written without spaces are cut into words.
 */
import { TERM_LENGTH_MAX } from '../kernel/limits.ts'
import { compoundWords } from './compound.ts'
import { contractionWords } from './contraction.ts'
import { isStopWord, stemEnglish } from './english.ts'
import { fold, isAscii } from './fold.ts'
import { stemRussian } from './russian.ts'
import { isUnspaced, pairsOf, unspacedWords } from './unspaced.ts'

const asciiChunks = /[a-z0-9]+(?:[._\-/@'+:&]+[a-z0-9]+)*(?:\+\+|#)?/gi
const unicodeChunks =
  /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:[._\-/@'+:&]+[\p{L}\p{N}\p{M}]+)*(?:\+\+|#)?|\p{RI}\p{RI}|\p{Extended_Pictographic}/gu
const plainWord = /^(?:[A-Z]?[a-z]+|[A-Z]+)$/
const thousandsSeparator = /(?<=\d),(?=\d{3}\b)/g
const acronym = /^[A-Z]{2,}$/

/** The terms of `text` in order, with repeats: folded, without stop words, stemmed. */
export const analyse = (text: string): string[] => {
  const plain = fold(text).replace(thousandsSeparator, '')
  const terms: string[] = []
  for (const chunk of plain.match(isAscii(plain) ? asciiChunks : unicodeChunks) ?? []) {
    // In capitals a stop word is a name: WHO, US, IT.
    if (acronym.test(chunk)) terms.push(termOf(chunk.toLowerCase()))
    else if (plainWord.test(chunk)) pushWord(terms, chunk.toLowerCase())
    else for (const word of wordsOf(chunk)) pushWord(terms, word)
  }
  return terms
}

const pushWord = (terms: string[], word: string): void => {
  if (!isStopWord(word)) terms.push(termOf(word))
}

const wordsOf = (chunk: string): readonly string[] => {
  if (isUnspaced(chunk)) return unspacedWords(chunk.toLowerCase())
  if (chunk.includes("'")) return contractionWords(chunk.toLowerCase())
  return [...compoundWords(chunk), ...pairsOf(chunk)]
}

const termOf = (word: string): string => {
  if (/^[a-z]+$/.test(word)) return stemEnglish(word.slice(0, TERM_LENGTH_MAX))
  if (/^\p{Script=Cyrillic}+$/u.test(word)) return stemRussian(word.slice(0, TERM_LENGTH_MAX))
  return word.slice(0, TERM_LENGTH_MAX)
}
