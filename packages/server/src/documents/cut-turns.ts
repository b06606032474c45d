/**
 * Cuts a written conversation between turns, so that each piece says who speaks. A turn begins at a line `Name: …`, with a time before it
 * or without; a turn that is too long by itself is cut as any text, and each piece of it begins with the name again.
 */
import { cutText } from './cut-text.ts'

const turnPattern =
  /^(?:\[[^\]\n]{1,40}\][ \t]*|[\d/.:, ]{4,24}(?:[AaPp][Mm])?[ \t]*-?[ \t]+)?\**(\p{L}[\p{L}\p{M}\p{N} .'’_-]{0,39}):\**[ \t]/u

/** Turns there must be of a name, for it to be one of somebody who speaks. */
const TURN_COUNT_MIN = 2

type Turn = { readonly name: string; readonly text: string }

/** Pieces of at most `lengthMax` UTF-16 units; null when the text is no conversation: it does not begin with a turn, or no name comes back. */
export const cutTurns = (text: string, lengthMax: number): readonly string[] | null => {
  const turns = turnsOf(text.trim())
  if (turns === null) return null
  if (text.length <= lengthMax) return [text.trim()]
  const pieces: string[] = []
  let piece = ''
  for (const turn of turns.flatMap((one) => cutTurn(one, lengthMax))) {
    if (piece !== '' && piece.length + turn.length + 1 > lengthMax) {
      pieces.push(piece)
      piece = ''
    }
    piece = piece === '' ? turn : `${piece}\n${turn}`
  }
  return piece === '' ? pieces : [...pieces, piece]
}

const turnsOf = (text: string): readonly Turn[] | null => {
  const lines = text.split('\n')
  const names = lines.map((line) => turnPattern.exec(line)?.[1] ?? null)
  const counts = new Map<string, number>()
  for (const name of names) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1)
  const speaks = (name: string | null | undefined): name is string =>
    typeof name === 'string' && (counts.get(name) ?? 0) >= TURN_COUNT_MIN
  if (!speaks(names[0])) return null
  const turns: { name: string; lines: string[] }[] = []
  for (const [at, line] of lines.entries()) {
    const name = names[at]
    if (speaks(name)) turns.push({ name, lines: [line] })
    else turns.at(-1)?.lines.push(line)
  }
  return turns.map(({ name, lines: own }) => ({ name, text: own.join('\n').trimEnd() }))
}

const cutTurn = ({ name, text }: Turn, lengthMax: number): readonly string[] => {
  if (text.length <= lengthMax) return [text]
  const label = `${name}: `
  return cutText(text, lengthMax - label.length).map((piece, at) => (at === 0 ? piece : label + piece))
}
