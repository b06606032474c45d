/** Words as comparing two statements sees them: what may differ, what must not, and where a phrase begins. */

export type Word = {
  /** Lower case, contractions written out (`can't` is `can`, `not`). */
  readonly text: string
  /** As it was written. */
  readonly written: string
  /** A preposition, a conjunction or a time, or the first word after a comma: what begins here may be left out of a sentence. */
  readonly beginsPhrase: boolean
  /** Singular and plural are a difference here: an article, a possessive or a number stands before it. */
  readonly isCounted: boolean
}

const setOf = (...lines: readonly string[]): ReadonlySet<string> => new Set(lines.join(' ').split(' '))

/** Words that add nothing; articles apart, which other languages use otherwise. */
const fillers = setOf('the really very just also actually quite oh wow hey well please')
const english = setOf('the is am my of and to with has have was are he she for i')
const determiners = setOf(
  'a an the my your his her its our their this that these those one another every each some ein eine einen mein meine der die das un une le la mon ma uno una el mi',
)
const phraseHeads = setOf(
  'in on at to from with for since by about during after before because when while where which who and as near behind under over today yesterday tomorrow now every last next',
  'am im um seit mit für von aus bei nach weil und wegen heute gestern morgen à en dans avec depuis pour parce et chez hier aujourd con desde para porque y hoy ayer в на с из для по и потому',
)
/** Added to a statement, these turn it into another one. */
const turningWords = setOf(
  'not no never none nobody nothing neither nor without except unless if whether would could might may maybe perhaps possibly probably hardly barely almost nearly until till only but however although though instead anymore longer or',
  'used quit stopped stop stops want wants wanted hope hopes plan plans planned think thinks thought said says say told tells asked claims believe believes dream dreamed wish wishes pretend pretends seem seems supposed should',
  'nicht kein keine keinen nie ohne wenn falls ob aber oder nur fast bis vielleicht ne pas jamais sans si mais ou peut nunca sin pero o quizás не нет никогда без если но или',
)
/** Phrases after these belong to them, not to the core of the sentence. */
const chainingWords = setOf('and or then because when while where which who after before und weil et y и')
const functionWords = setOf(
  'a an the am is are was were be been being do does did have has had can could will would shall should may might must not no it its this that these those there here he she they him her them his their you your we us our me my mine and or but if so as at by for from in into of off on onto out over to up with about than then too very just all any some such own get got go goes went really',
)
const openPronouns = setOf(
  'it its he she they him her them his their this that these those so which there er sie es das dies il elle ils elles ce cela él ella ellos esto eso он она оно они это',
)
const relativeTimes = setOf(
  'today yesterday tomorrow tonight ago last next heute gestern morgen hier aujourd demain hoy ayer mañana сегодня вчера завтра',
)
const contractions: readonly (readonly [RegExp, string])[] = [
  [/\bcan't\b/gi, 'can not'],
  [/\bcannot\b/gi, 'can not'],
  [/\bwon't\b/gi, 'will not'],
  [/\bshan't\b/gi, 'shall not'],
  [/n't\b/gi, ' not'],
  [/\b(i)'m\b/gi, '$1 am'],
  [/\b(it|he|she|that|there|what|who|where)'s\b/gi, '$1 is'],
  [/'re\b/gi, ' are'],
  [/'ve\b/gi, ' have'],
  [/'ll\b/gi, ' will'],
]

// A sign may be all that two statements differ in: `-5 °C`, `x < 3`, `$20`.
const tokenPattern =
  /-?\p{N}+(?:[.,:/-]\p{N}+)*|[\p{L}\p{M}\p{N}]+(?:['._@/:-][\p{L}\p{M}\p{N}]+)*|[<>=+*/%$€£¥°^~#&|\\]|\p{Extended_Pictographic}|[,;:–—()[\]]/gu
const unspacedScript = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u
const breakPattern = /^[,;:–—()[\]]$/u

/** The words of one sentence; fillers are left out. */
export const wordsOf = (sentence: string): readonly Word[] => {
  let plain = sentence.replaceAll('’', "'")
  for (const [pattern, replacement] of contractions) plain = plain.replace(pattern, replacement)
  const tokens = plain.match(tokenPattern) ?? []
  const isEnglish = tokens.some((token) => english.has(token.toLowerCase()))
  const words: Word[] = []
  let isBroken = true
  let isCounted = false
  for (const written of tokens) {
    const text = written.toLowerCase()
    if (breakPattern.test(written)) isBroken = true
    else {
      const isFiller = fillers.has(text) || (isEnglish && (text === 'a' || text === 'an'))
      if (!isFiller) {
        words.push({ text, written, beginsPhrase: isBroken || phraseHeads.has(text), isCounted })
        isBroken = false
      }
      isCounted = determiners.has(text) || /\p{N}/u.test(text)
    }
  }
  return words
}

/** Whether two words say the same: letter by letter, a bare `-s` apart (`bee`, `bees`; `like`, `likes`). */
export const isSameWord = (one: Word, other: Word): boolean => {
  if (one.text === other.text) return true
  if (one.isCounted || other.isCounted) return false
  const [short, long] = one.text.length < other.text.length ? [one.text, other.text] : [other.text, one.text]
  return short.length > 2 && /^\p{L}+$/u.test(short) && !short.endsWith('s') && long === `${short}s`
}

// `May` is a month.
export const isTurning = ({ text, written }: Word): boolean => turningWords.has(text) && written !== 'May'
export const isChaining = (text: string): boolean => chainingWords.has(text)
/**
 * Whether it speaks of something said before it, or of a day counted from its own: the same words may then mean another thing.
 */
export const isOpen = (words: readonly Word[]): boolean =>
  words.some(
    ({ text, beginsPhrase }, index) =>
      relativeTimes.has(text) || (openPronouns.has(text) && (beginsPhrase || index === 0)),
  )
/** How many words make the statement: who (`I` counts), what, which. Scripts without blanks count two characters as a word. */
export const weightOf = (words: readonly Word[]): number => {
  const distinct = new Set(words.filter(({ text }) => !functionWords.has(text)).map(({ text }) => text))
  let weight = 0
  for (const text of distinct) weight += unspacedScript.test(text) ? Math.ceil(text.length / 2) : 1
  return weight
}
