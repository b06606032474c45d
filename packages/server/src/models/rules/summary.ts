import { BOUNDED_LENGTH_MAX } from '../../kernel/limits.ts'
import { sentencesOf } from './sentences.ts'
import { contentWordsOf, isFirstPerson } from './small-talk.ts'
import { wordsOf } from './words.ts'

/**
 * The one memory of a bounded topic: the most telling of all statements so far, one a line, in the order they were said, word by word.
 * A line is kept or dropped whole, so many rewrites lose detail but never sense.
 */

/** A line longer than this would push the others out; it keeps its first sentences. */
const LINE_LENGTH_MAX = 300
/** What a word is still worth once a chosen line has it. */
const REPEATED_SHARE = 0.25
/** How much more the latest line counts than the oldest. */
const RECENCY_BONUS = 0.6
/** What a line costs by its length: less than 1, because a short one seldom tells who and when. */
const LENGTH_POWER = 0.7
/** A line worth less (`Stay safe!`) does not fill up what room is left. */
const LINE_WORTH_MIN = 1.5
const noNames: ReadonlySet<string> = new Set()

type Line = { readonly text: string; readonly words: ReadonlyMap<string, number>; readonly urgency: number }

/** The new content, at most `lengthMax` characters. What `previous` holds already changes nothing. */
export const summarise = (
  previous: string | null,
  statements: readonly string[],
  lengthMax: number = BOUNDED_LENGTH_MAX,
): string => {
  const known = (previous ?? '')
    .split('\n')
    .flatMap((line) => (line.length > LINE_LENGTH_MAX ? sentencesOf(line) : line))
  const lines = withoutRepeats([...known, ...statements].map(lineOf))
  return (fits(lines, lengthMax) ? lines : chosen(lines, lengthMax)).join('\n')
}

const lineOf = (statement: string): string => {
  const text = statement.replace(/\s+/g, ' ').trim()
  if (text.length <= LINE_LENGTH_MAX) return text
  let line = ''
  for (const sentence of sentencesOf(text)) {
    if (line.length + sentence.length >= LINE_LENGTH_MAX) break
    line = line === '' ? sentence : `${line} ${sentence}`
  }
  if (line !== '') return line
  const end = text.lastIndexOf(' ', LINE_LENGTH_MAX - 2)
  return `${text.slice(0, end > 0 ? end : LINE_LENGTH_MAX - 2).replace(/[\uD800-\uDBFF]$/, '')} …`
}

/** The first of several lines with the same words. */
const withoutRepeats = (lines: readonly string[]): readonly string[] => {
  const byWords = new Map<string, string>()
  for (const line of lines) {
    const key = wordsOf(line.toLowerCase()).join(' ') || line
    if (line !== '' && !byWords.has(key)) byWords.set(key, line)
  }
  return [...byWords.values()]
}

const fits = (lines: readonly string[], lengthMax: number): boolean =>
  lines.reduce((sum, { length }) => sum + length + 1, -1) <= lengthMax

// Greedy: always the line that adds most for its length, until none fits any more.
const chosen = (texts: readonly string[], lengthMax: number): readonly string[] => {
  const lines = texts.map((text, place) => weigh(text, place / texts.length)).filter(isTelling)
  const covered = new Set<string>()
  const taken = new Set<Line>()
  let room = lengthMax + 1
  for (;;) {
    let best: Line | null = null
    let bestGain = 0
    for (const line of lines) {
      if (taken.has(line) || line.text.length + 1 > room) continue
      const gain = gainOf(line, covered)
      if (gain > bestGain) [best, bestGain] = [line, gain]
    }
    if (best === null) break
    taken.add(best)
    room -= best.text.length + 1
    for (const word of best.words.keys()) covered.add(word)
  }
  return lines.filter((line) => taken.has(line)).map(({ text }) => text)
}

const weigh = (text: string, recency: number): Line => {
  const written = wordsOf(text)
  const names = new Set(
    written
      .slice(1)
      .filter((word) => /^\p{Lu}/u.test(word))
      .map((word) => word.toLowerCase()),
  )
  const words = new Map(
    contentWordsOf(text, noNames).map((word) => {
      const isNamed = names.has(word) || /\p{N}/u.test(word)
      // Long words are rare words, in every language that has blanks.
      return [word, isNamed ? 1.5 : Math.min(1, 0.3 + word.length / 12)] as const
    }),
  )
  const own = isFirstPerson(written.slice(0, 3)) ? 1.3 : 1
  return { text, words, urgency: (own * (1 + RECENCY_BONUS * recency)) / (40 + text.length) ** LENGTH_POWER }
}

const isTelling = ({ words }: Line): boolean =>
  words.values().reduce((sum, weight) => sum + weight, 0) >= LINE_WORTH_MIN

const gainOf = ({ words, urgency }: Line, covered: ReadonlySet<string>): number => {
  let gain = 0
  for (const [word, weight] of words) gain += covered.has(word) ? weight * REPEATED_SHARE : weight
  return gain * urgency
}
