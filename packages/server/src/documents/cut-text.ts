/** Cuts text into pieces of a bounded length: between paragraphs, else between lines, sentences or words, else anywhere. */

const boundaries: readonly RegExp[] = [/\n{2,}/g, /\n/g, /(?<=[.!?…。！？])\s/g, /\s/g]

/** Pieces of at most `lengthMax` UTF-16 units. What stands between pieces is white space, and is dropped; all else is kept. */
export const cutText = (text: string, lengthMax: number): readonly string[] => {
  const pieces: string[] = []
  let rest = text.trim()
  while (rest.length > lengthMax) {
    const window = rest.slice(0, lengthMax + 1)
    const end = boundaries.map((boundary) => lastMatch(window, boundary)).find((at) => at > lengthMax / 4)
    const piece = end === undefined ? withoutHalf(rest.slice(0, lengthMax)) : rest.slice(0, end)
    pieces.push(piece.trimEnd())
    rest = rest.slice(piece.length).trimStart()
  }
  return [...pieces, rest].filter((piece) => piece !== '')
}

const lastMatch = (window: string, boundary: RegExp): number => {
  let last = -1
  for (const { index } of window.matchAll(boundary)) last = index
  return last
}

/** A cut must not go through a character of two code units. */
const withoutHalf = (text: string): string => text.replace(/[\uD800-\uDBFF]$/, '')
