import { withAntecedent } from './antecedent.ts'
import { isDependent, isFragment } from './dependence.ts'

/** Gathers the sentences of one turn into statements that stand alone: what leans on a neighbour is joined to it. */

/** One statement of a turn, before its speaker is named. */
export type Piece = {
  text: string
  /** What it stands under in its text: headings, the line above its list, the sentence it goes on from. */
  readonly lead: string
  /** So short that it belongs to a neighbour. */
  isFragment: boolean
}

export type Gathering = {
  readonly pieces: Piece[]
  /** What a leaning sentence may join: the latest piece, while nothing stands between. */
  open: Piece | null
  /** A question left out just now: what leans on it takes it along. */
  lastQuestion: string | null
  /** Pieces before the current line: a fragment that is a line of its own does not join them. */
  lineStart: number
}

/** Sentences are joined up to this length. */
export const JOINED_LENGTH_MAX = 400

export const createGathering = (): Gathering => ({ pieces: [], open: null, lastQuestion: null, lineStart: 0 })

/** Adds a piece as it is. */
export const add = (gathering: Gathering, text: string, lead: string): Piece => {
  const piece: Piece = { text, lead, isFragment: isFragment(text) }
  gathering.pieces.push(piece)
  gathering.open = piece
  gathering.lastQuestion = null
  return piece
}

/** Joins a sentence to the open piece, if there is one with room. */
export const join = (gathering: Gathering, sentence: string): boolean => {
  const { open } = gathering
  if (open === null || open.text.length + sentence.length > JOINED_LENGTH_MAX) return false
  open.text += `${jointAfter(open.text)}${sentence}`
  open.isFragment &&= isFragment(sentence)
  gathering.lastQuestion = null
  return true
}

/** Adds a sentence, or joins it to what it leans on. */
export const place = (gathering: Gathering, sentence: string, lead: string): void => {
  const leans = isDependent(sentence)
  if (leans && gathering.lastQuestion !== null) {
    add(gathering, `${gathering.lastQuestion} ${sentence}`, lead)
    return
  }
  const isSameLine = gathering.pieces.length > gathering.lineStart
  const named = gathering.open === null ? null : withAntecedent(sentence, gathering.open.text)
  if (named !== null) {
    add(gathering, named, lead)
    return
  }
  const belongs = leans || (isSameLine && (isFragment(sentence) || gathering.open?.isFragment === true))
  if (belongs && join(gathering, sentence)) return
  const before = leans ? (gathering.open?.text ?? '') : ''
  add(gathering, sentence, [lead, before].filter((part) => part !== '').join(' › '))
}

// A block ends with its line; scripts without blanks go on at once.
const jointAfter = (text: string): string =>
  text.endsWith('```') || text.endsWith('~~~') ? '\n' : /[。！？｡]$/.test(text) ? '' : ' '
