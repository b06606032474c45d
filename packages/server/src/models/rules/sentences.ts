import { firstWords, wordSet } from './words.ts'

/**
 * Splits prose into sentences. Intl.Segmenter knows the marks of every script but not abbreviations, ordinals, open quotes or people
 * who write all in lower case; this repairs both what it splits too much and what it splits too little.
 */

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

/** Always continue: titles, and abbreviations that introduce something. */
const introducing = wordSet(
  'dr mr mrs ms prof st rev gen col sgt capt lt hon gov sen rep messrs mx vs cf viz ca approx eg ie e.g i.e',
  'hr fr dipl bzw evtl ggf bspw vgl z.b z d.h u.a zb dh inkl exkl zzgl sog bzgl mme mlle sra srta ud uds dra sig dott ул им акад проф т.е',
)
/** Continue before a number: `No. 5`, `Fig. 3`, `S. 12`. */
const numbering = wordSet('no nr nos fig art vol p pp s sec ch chap abs bd tel núm num § стр п')
/** May end a sentence; what follows decides. */
const ambiguous = wordSet(
  'etc inc ltd co corp jr sr dept est ed eds al jan feb mar apr jun jul aug sep sept oct nov dec ave blvd rd usw str mio mrd geb gest av г руб тыс млн млрд кв',
)
/** Words that open a sentence rather than go on after an abbreviation. */
const openers = wordSet(
  'i we you he she it they the a an this that these those there my our your his her their its but and so then when while if in on at after before however what who why how where yes no please',
  'у ich wir er sie es der die das ein eine mein meine aber und dann wenn in im am je nous il elle ils elles le la les un une mon ma mais et yo el los las mi pero я мы он она они это но и в на мой моя',
)
const months = wordSet(
  'januar jänner februar märz april mai juni juli august september oktober november dezember janvier février mars avril juin juillet août septembre octobre novembre décembre',
)

const isTerminated = /[.!?…。！？｡؟۔।]["'”’»)\]*_]*$/u
const lowerCaseOpener =
  /(?<=([\p{L}\p{N})]{2,12})\.)[ \t]+(?=(?:i|i'm|i’m|my|we|he|she|it|they|the|but|and|so|this|that|you|what|how|when|where|who|why|can|do|did|don't|don’t|also|now|then|his|her|our|if|idk|there|is|are)\b)/gu

const continuesAfter = (before: string, next: string): boolean => {
  const end = before.trimEnd()
  // Only scripts without blanks go on at once: `a.b?c=d` and `3!4` are no ends.
  if (end === before && !/[\u3000-\u303F\uFF00-\uFFEF]$/.test(before)) return true
  const following = next.slice(0, TAIL_LENGTH).trimStart()
  if (/^\p{Ll}/u.test(following) && /[!?]["'”’»)]$/u.test(end)) return true
  if (!end.endsWith('.')) return false
  const token =
    end
      .slice(0, -1)
      .split(/[\s(["'“„«]/u)
      .at(-1) ?? ''
  const folded = token.toLowerCase()
  if (introducing.has(folded)) return true
  if (numbering.has(folded)) return /^\p{N}/u.test(following)
  const nextWord = (firstWords(following)[0] ?? '').toLowerCase()
  if (/^\p{N}{1,2}$/u.test(token)) return months.has(nextWord)
  if (/^\p{Lu}$/u.test(token) || ambiguous.has(folded) || /^(?:\p{L}\.)+\p{L}$/u.test(token)) {
    return nextWord !== '' && !openers.has(nextWord)
  }
  return false
}

/** How many brackets and quotes a text leaves open. Faces (`:(`) are no brackets. */
const openCount = (text: string): number => {
  let count = 0
  for (const [mark] of text.replace(/[:;=]['-]?[()]/g, '').matchAll(/[([“„«)\]”»]/gu)) {
    count += '([“„«'.includes(mark) ? 1 : -1
  }
  return text.includes('„') && text.includes('“') ? 0 : Math.max(0, count)
}

/** A bracket or quote that stays open longer than this was never meant to close. */
const OPEN_LENGTH_MAX = 300
/** Characters before a boundary that are looked at: the longest abbreviation with its blanks. */
const TAIL_LENGTH = 40

/** The sentences of one paragraph, trimmed, in order. */
export const sentencesOf = (paragraph: string): readonly string[] => {
  const sentences: string[] = []
  let start = 0
  for (const { index, segment } of segmenter.segment(paragraph)) {
    if (index === start) continue
    const isOpen = index - start < OPEN_LENGTH_MAX && openCount(paragraph.slice(start, index)) > 0
    if (isOpen || continuesAfter(paragraph.slice(Math.max(start, index - TAIL_LENGTH), index), segment))
      continue
    sentences.push(paragraph.slice(start, index))
    start = index
  }
  sentences.push(paragraph.slice(start))
  return sentences
    .flatMap(splitLowerCase)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
}

// People who never press shift end sentences too.
const splitLowerCase = (sentence: string): readonly string[] => {
  const parts: string[] = []
  let start = 0
  for (const { index, 1: word = '' } of sentence.matchAll(lowerCaseOpener)) {
    const folded = word.toLowerCase()
    if (introducing.has(folded) || numbering.has(folded) || ambiguous.has(folded)) continue
    parts.push(sentence.slice(start, index))
    start = index
  }
  return [...parts, sentence.slice(start)]
}

/** Whether a text ends like a finished sentence. */
export const endsSentence = (text: string): boolean => isTerminated.test(text.slice(-8).trimEnd())
