import { holidays, months, weekdays } from './kind-words.ts'
import { languages } from './lexicon.ts'
import { wordSet } from './words.ts'

/** A statement made ready for questions about who says what of whom. */

export type Said = {
  /** Lower case; null when nobody is named as its speaker. */
  readonly speaker: string | null
  /** What was said, in lower case but for names, with straight apostrophes. */
  readonly text: string
}

/** What comes later in a statement does not say what kind it is of. */
const TOLD_LENGTH_MAX = 1_000

const prefix = /^([\p{Lu}\p{Ll}][\p{L}\p{M}\p{N} ._'-]{0,60}): (?=\S)/u
const [english = new Set<string>()] = languages
/** What begins a sentence with a capital and is no name. */
const openers = wordSet(
  'yesterday today tomorrow tonight last next every always never please call remember from now since until while during although once user',
  'super excited sad angry glad happy thrilled favourite favorite hate dancing reading hiking painting cooking running writing losing seeing being having',
  'two three four five six seven eight nine ten people everybody somebody nobody life city spicy',
)
const calendar = new RegExp(`^(?:${months}|${weekdays}s?|${holidays})$`)

/** Reads `Anna: I sing.` or a statement without its speaker. */
export const saidIn = (content: string): Said => {
  const named = prefix.exec(content)
  const written = toldAgain(content.slice(named?.[0].length ?? 0, TOLD_LENGTH_MAX).replaceAll('’', "'"))
  return { speaker: named?.[1]?.toLowerCase() ?? null, text: withoutCapitals(written) }
}

/** `You said that you sing` tells that you sing. */
const toldAgain = (text: string): string =>
  text.replace(/^(?:you|I) (?:mentioned|said|told me|told you|told us) (?:that )?(?=\p{L})/iu, '')

const withoutCapitals = (text: string): string =>
  text.replace(/[\p{L}\p{M}'-]+/gu, (word) => {
    const lower = word.toLowerCase()
    return isWord(lower) ? lower : word
  })

const isWord = (lower: string): boolean =>
  english.has(lower) ||
  openers.has(lower) ||
  calendar.test(lower) ||
  lower.split("'").every((part) => english.has(part))
