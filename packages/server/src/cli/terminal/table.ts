import type { Format, Paint } from './paint.ts'

/** A cell: its text, on one line, and how it is painted. */
export type Cell = string | readonly [text: string, format: Format]

/**
 * Lines of aligned columns under a dim head. Where the lines would exceed `columns`, the last column is cut with an
 * ellipsis.
 */
export const table = (
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  { paint, columns }: { readonly paint: Paint; readonly columns: number },
): string => {
  const cells = [head.map((text): Cell => [text, 'dim']), ...rows]
  const widths = head.map((_, index) => Math.max(...cells.map((row) => widthOf(textOf(row[index] ?? '')))))
  const widthBeforeLast = widths.slice(0, -1).reduce((sum, width) => sum + width + gap.length, 0)
  const lastWidthMax = Math.max(10, columns - widthBeforeLast)
  const lines = cells.map((row) =>
    row
      .map((cell, index) => {
        const isLast = index === head.length - 1
        const text = isLast ? cut(textOf(cell), lastWidthMax) : textOf(cell)
        const padding = isLast ? '' : ' '.repeat((widths[index] ?? 0) - widthOf(text))
        return (typeof cell === 'string' ? text : paint(cell[1], text)) + padding
      })
      .join(gap)
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}

const gap = '  '

const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell[0])

const cut = (text: string, width: number): string => {
  if (widthOf(text) <= width) return text
  let kept = ''
  for (const character of text) {
    if (widthOf(kept + character) > width - 1) break
    kept += character
  }
  return `${kept}…`
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u

/** Columns of a terminal that the text takes: East Asian characters and emoji take two. */
const widthOf = (text: string): number =>
  [...text].reduce((width, character) => width + (wide.test(character) ? 2 : 1), 0)
