import { STATEMENT_LENGTH_MAX } from '../../kernel/limits.ts'
import type { Statement } from '../model.ts'

/** Brings statements and their context to the size they may have. */

/** Characters of a statement's context. */
const CONTEXT_LENGTH_MAX = 300

/** What a statement stands under, then what was said before it, as much as fits. */
export const contextOf = (lead: string, said: string): string => {
  const head = cutEnd(lead, CONTEXT_LENGTH_MAX)
  const room = CONTEXT_LENGTH_MAX - head.length - 1
  return [head, room < 20 ? '' : cutStart(said, room)].filter((part) => part !== '').join(' ')
}

const cutEnd = (text: string, lengthMax: number): string => {
  if (text.length <= lengthMax) return text
  const end = text.lastIndexOf(' ', lengthMax)
  return withoutHalves(text.slice(0, end > 0 ? end : lengthMax))
}

// What was said last is nearest to the answer.
const cutStart = (text: string, lengthMax: number): string => {
  if (text.length <= lengthMax) return text
  const start = text.indexOf(' ', text.length - lengthMax)
  return withoutHalves(text.slice(start > 0 ? start + 1 : text.length - lengthMax))
}

/** A cut may go through a character of two code units; its halves are dropped. */
const withoutHalves = (text: string): string => text.replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '')

/** A statement with its speaker, in pieces of STATEMENT_LENGTH_MAX characters at most. */
export const bounded = (speaker: string | null, text: string): readonly string[] => {
  const prefix = speaker === null ? '' : `${speaker}: `
  const lengthMax = STATEMENT_LENGTH_MAX - prefix.length
  const pieces: string[] = []
  let rest = text
  while (rest.length > lengthMax) {
    const end = Math.max(rest.lastIndexOf('\n', lengthMax), rest.lastIndexOf(' ', lengthMax))
    const piece = withoutHalves(rest.slice(0, end > lengthMax / 2 ? end : lengthMax))
    pieces.push(piece)
    rest = rest.slice(piece.length)
  }
  return [...pieces, rest].map((piece) => `${prefix}${piece.trim()}`)
}

type Sized = Omit<Statement, 'topic'>

/** At most `countMax` statements: too many are joined with their neighbours, so that nothing is lost. */
export const packed = (statements: readonly Sized[], countMax: number): readonly Sized[] => {
  if (statements.length <= countMax) return statements
  const size = Math.ceil(statements.length / countMax)
  const groups: Sized[] = []
  for (let start = 0; start < statements.length; start += size) {
    const [first, ...rest] = statements.slice(start, start + size)
    if (first === undefined) continue
    groups.push({
      ...first,
      content: cutEnd([first, ...rest].map(({ content }) => content).join('\n'), STATEMENT_LENGTH_MAX),
    })
  }
  return groups
}
