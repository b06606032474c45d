/**
 * How a text that is handed in is brought together with what a memory says: `replace` it, `append` to it, or `smart-merge`: what the new text
 * says again or anew gives way to it, what it says nothing about stays. A sentence gives way when it has at least half of its words, or
 * half of those of a sentence of the new text, in common with that sentence.
 */
export const mergeStrategies = ['replace', 'append', 'smart-merge'] as const
export type MergeStrategy = (typeof mergeStrategies)[number]

export const mergeTexts = (known: string, added: string, strategy: MergeStrategy): string => {
  const text = added.trim()
  if (strategy === 'replace') return text
  if (strategy === 'append') return `${known} ${text}`
  const fresh = sentencesOf(text).map(wordsOf)
  const kept = sentencesOf(known).filter((sentence) => {
    const words = wordsOf(sentence)
    return !fresh.some((other) => isAboutTheSame(words, other))
  })
  return [...kept, text].join(' ')
}

const sentences = new Intl.Segmenter('und', { granularity: 'sentence' })
const words = new Intl.Segmenter('und', { granularity: 'word' })

const sentencesOf = (text: string): readonly string[] =>
  [...sentences.segment(text)].map(({ segment }) => segment.trim()).filter((segment) => segment !== '')

const wordsOf = (sentence: string): ReadonlySet<string> =>
  new Set(
    [...words.segment(sentence)].flatMap(({ segment, isWordLike }) =>
      isWordLike === true ? [segment.normalize('NFKC').toLowerCase()] : [],
    ),
  )

const isAboutTheSame = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.intersection(other).size * 2 >= Math.min(one.size, other.size)
