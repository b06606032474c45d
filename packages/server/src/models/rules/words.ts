/** Words of a text, for the questions the rules ask of a sentence. Nothing here changes what a statement says. */

const wordPattern = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}\p{N}]+)*/gu
const unspacedScript =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/u

/** The words of a text as they are written; a contraction (`don’t`) is one word. */
export const wordsOf = (text: string): readonly string[] => text.match(wordPattern) ?? []

/** The first words of a text, without reading all of a long one. */
export const firstWords = (text: string): readonly string[] => wordsOf(text.slice(0, 120).replace(/’/g, "'"))

/** How many words a reader would count. Scripts without blanks count two characters as a word. */
export const wordCount = (text: string): number => {
  let count = 0
  for (const word of wordsOf(text)) count += unspacedScript.test(word) ? Math.ceil(word.length / 2) : 1
  return count
}

/** The parts a word is looked up by: lower case, contractions taken apart (`I’m` is `i` and `m`). */
export const partsOf = (word: string): readonly string[] => word.toLowerCase().split(/['’]/)

/** A list of words written in one line, as a set. */
export const wordSet = (...lines: readonly string[]): ReadonlySet<string> =>
  new Set(lines.join(' ').split(/\s+/))
