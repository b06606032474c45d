import type { Block } from './block-reading.ts'
import { blocksOf } from './blocks.ts'
import { isDependent } from './dependence.ts'
import {
  add,
  createGathering,
  type Gathering,
  JOINED_LENGTH_MAX,
  join,
  type Piece,
  place,
} from './gathering.ts'
import { statesUserFact } from './instructions.ts'
import { isQuestion, statesFact } from './questions.ts'
import { endsSentence, sentencesOf } from './sentences.ts'
import { contentWordsOf, isAnswer, isFirstPerson, isSmallTalk } from './small-talk.ts'
import type { Turn } from './turns.ts'
import { wordCount, wordsOf } from './words.ts'

/** Reads one turn: what of it are statements, and which of its questions wait for an answer. */

type TurnReading = {
  readonly pieces: readonly Pick<Piece, 'text' | 'lead'>[]
  /** Questions that ask for something and state nothing: they are context of what answers them. */
  readonly questions: readonly string[]
}

type Reading = {
  readonly turn: Turn
  readonly names: ReadonlySet<string>
  readonly gathering: Gathering
  readonly questions: string[]
  /** The first sentence that says no more than yes or no. */
  answer: string | null
}

/** A longer line above a list is context of its items, not part of them. */
const PREFIX_LENGTH_MAX = 120
/** Items of no more words need what introduces them. */
const SHORT_ITEM_WORD_COUNT_MAX = 8
/** Answers of no more words need their question. */
const SHORT_ANSWER_WORD_COUNT_MAX = 5
/** A longer question is left to the context. */
const ASKED_LENGTH_MAX = 200
const captionPattern = /(\[\p{L}[\p{L} _-]{0,30}:[^[\]\n]{1,2000}\])/u

/** `asked` is the question the turn may answer, `names` are of those who take part, lower case. */
export const readTurn = (turn: Turn, names: ReadonlySet<string>, asked: string | null): TurnReading => {
  if (turn.manner === 'fact') return { pieces: [{ text: turn.text, lead: '' }], questions: [] }
  const reading: Reading = { turn, names, gathering: createGathering(), questions: [], answer: null }
  let before: Block | null = null
  for (const block of blocksOf(turn.text)) {
    readBlock(reading, block, before)
    before = block
  }
  if (turn.manner === 'said' && asked !== null && asked.length <= ASKED_LENGTH_MAX) answer(reading, asked)
  return { pieces: reading.gathering.pieces, questions: reading.questions }
}

// `Yes.` or `In March.` says nothing without its question.
const answer = ({ gathering, answer }: Reading, asked: string): void => {
  const [first] = gathering.pieces
  if (first === undefined) {
    if (answer !== null) add(gathering, `${answer} [asked: ${asked}]`, '')
  } else if (needsQuestion(first.text)) {
    first.text += ` [asked: ${asked}]`
  }
}

const needsQuestion = (text: string): boolean =>
  !text.startsWith('[') && wordCount(text) <= SHORT_ANSWER_WORD_COUNT_MAX && !isFirstPerson(wordsOf(text))

const readBlock = (reading: Reading, block: Block, before: Block | null): void => {
  const { gathering } = reading
  gathering.lineStart = gathering.pieces.length
  if (block.kind === 'fence' || block.kind === 'verbatim') readVerbatim(reading, block, before)
  else if (block.kind === 'item') readItem(reading, block)
  else {
    if (before !== null && !isSameSection(before, block)) gathering.open = null
    readProse(reading, block)
  }
}

const isSameSection = (one: Block, other: Block): boolean =>
  one.headings.length === other.headings.length &&
  one.headings.every((each, level) => each === other.headings[level])

const leadOf = (...lines: readonly (readonly string[])[]): string => lines.flat().join(' › ')

const readProse = (reading: Reading, block: Block): void => {
  const lead = leadOf(block.headings)
  let open = ''
  for (const part of block.text.split(captionPattern)) {
    const isCaption = captionPattern.test(part)
    if (isCaption && (open.trim() === '' || endsSentence(open))) {
      for (const sentence of sentencesOf(open)) readSentence(reading, sentence, lead)
      open = ''
      if (reading.turn.manner !== 'instructed')
        add(reading.gathering, part, reading.gathering.open?.text ?? lead)
    } else open += part
  }
  for (const sentence of sentencesOf(open)) readSentence(reading, sentence, lead)
}

/** An item is one statement, with what introduces it where it is too short to stand alone. */
const readItem = (reading: Reading, block: Block): void => {
  const { gathering, turn, names } = reading
  const introduction = block.lead.at(-1) ?? block.headings.at(-1)
  const isPrefixed = introduction !== undefined && needsPrefix(block, introduction)
  const text = isPrefixed ? `${introduction.replace(/:$/, '')}: ${block.text}` : block.text
  const lead = isPrefixed
    ? leadOf(block.headings, block.lead).slice(0, -introduction.length).replace(/ › $/, '')
    : leadOf(block.headings, block.lead)
  gathering.open = null
  if (text.length > JOINED_LENGTH_MAX)
    for (const sentence of sentencesOf(text)) readSentence(reading, sentence, lead)
  else if (
    turn.manner === 'instructed' ? statesUserFact(block.text, names) : /[\p{L}\p{N}]/u.test(block.text)
  )
    add(gathering, text, lead)
  gathering.open = null
}

const needsPrefix = (block: Block, introduction: string): boolean =>
  introduction.length <= PREFIX_LENGTH_MAX &&
  (introduction.endsWith(':') || wordCount(block.text) <= SHORT_ITEM_WORD_COUNT_MAX)

/** A block stays whole, with the sentence that introduces it. */
const readVerbatim = ({ turn, gathering, questions }: Reading, block: Block, before: Block | null): void => {
  if (turn.manner === 'instructed') return
  const introduction =
    before !== null && before.kind !== 'fence' && before.kind !== 'verbatim' && isSameSection(before, block)
      ? sentencesOf(before.text).at(-1)
      : undefined
  if (
    introduction === undefined ||
    !(introduction.endsWith(':') || (block.kind === 'fence' && before?.kind === 'prose'))
  ) {
    add(gathering, block.text, leadOf(block.headings))
    return
  }
  if (questions.at(-1) === introduction) questions.pop()
  const last = gathering.pieces.at(-1)
  if (last?.text.endsWith(introduction)) {
    last.text += `\n${block.text}`
    gathering.open = last
  } else add(gathering, `${introduction}\n${block.text}`, leadOf(block.headings))
}

const readSentence = (reading: Reading, sentence: string, lead: string): void => {
  const { turn, names, gathering } = reading
  if (turn.manner === 'instructed') {
    if (statesUserFact(sentence, names)) add(gathering, sentence, lead)
  } else if (turn.manner === 'told') place(gathering, sentence, lead)
  else if (isQuestion(sentence) && !statesFact(sentence, names)) {
    if (contentWordsOf(sentence, names).length > 0) reading.questions.push(sentence)
    gathering.lastQuestion = sentence
  } else if (!isSmallTalk(sentence, names)) place(gathering, sentence, lead)
  else if (!(isDependent(sentence) && join(gathering, sentence))) {
    if (isAnswer(sentence)) reading.answer ??= sentence
    gathering.lastQuestion = null
  }
}
