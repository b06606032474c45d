/**
 * Scripts that put no space between words. A dictionary finds the words, and pairs of characters stand in for it where it may be
 * wrong or where words carry endings: within a run of Han characters, and within a Hangul word.
 */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const pairedRuns = /[\p{Script=Han}々]{2,}|\p{Script=Hangul}{3,}/gu
/** A lone kana is a particle or an ending; two Han characters are a pair already. */
const uninformative = /^(?:\p{Script=Hiragana}|[\p{Script=Han}々]{2})$/u

const segmenter = new Intl.Segmenter('en', { granularity: 'word' })

export const isUnspaced = (chunk: string): boolean => unspaced.test(chunk)

/** The words and pairs of a lower-case chunk. */
export const unspacedWords = (chunk: string): readonly string[] => {
  const words = [...segmenter.segment(chunk)]
    .filter(({ segment, isWordLike }) => isWordLike && !uninformative.test(segment))
    .map(({ segment }) => segment)
  return [...words, ...pairsOf(chunk)]
}

/** Neighbouring characters of Han runs and of longer Hangul words. */
export const pairsOf = (chunk: string): readonly string[] =>
  (chunk.match(pairedRuns) ?? []).flatMap((run) => {
    const characters = [...run]
    return characters.slice(1).map((character, index) => `${characters[index]}${character}`)
  })
