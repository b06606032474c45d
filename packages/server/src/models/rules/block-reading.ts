import type { LineKind } from './lines.ts'

/** What reading the blocks of a text goes by: the lines, where it stands, and what is open. */

export type Block = {
  /** `prose` and `item` are split into sentences; `fence` and `verbatim` are kept whole. */
  readonly kind: 'prose' | 'item' | 'fence' | 'verbatim'
  readonly text: string
  /** The headings it stands under, outermost first. */
  readonly headings: readonly string[]
  /** For an item: the line that introduces its list, and the items it is nested in. */
  readonly lead: readonly string[]
}

export type Line = { readonly text: string; readonly kind: LineKind }

export type BlockReading = {
  readonly lines: readonly Line[]
  readonly blocks: Block[]
  at: number
  headings: readonly (readonly [level: number, text: string])[]
  /** Whether nothing stands under the last heading yet. */
  isHeadingBare: boolean
  /** The open list: what introduces it (indented by -1), then the items around the next one. */
  list: readonly { readonly indent: number; readonly text: string }[]
}

/** The lines from here on, as long as they are wanted. */
export const takeLines = (
  reading: BlockReading,
  wants: (kind: LineKind, text: string) => boolean,
): readonly string[] => {
  const start = reading.at
  for (let line = reading.lines[start]; line !== undefined && wants(line.kind, line.text); ) {
    reading.at += 1
    line = reading.lines[reading.at]
  }
  return reading.lines.slice(start, reading.at).map((line) => line.text)
}

export const push = (
  reading: BlockReading,
  kind: Block['kind'],
  text: string,
  lead: readonly string[] = [],
): void => {
  if (kind !== 'item') reading.list = []
  reading.isHeadingBare = false
  reading.blocks.push({ kind, text, headings: reading.headings.map(([, heading]) => heading), lead })
}

/** Opens a section; one of a higher or equal level ends. */
export const openHeading = (reading: BlockReading, level: number, text: string): void => {
  const outer = reading.headings.at(-1)
  if (reading.isHeadingBare && outer !== undefined && outer[0] >= level) keepHeading(reading)
  reading.headings = [...reading.headings.filter(([other]) => other < level), [level, text]]
  reading.isHeadingBare = true
  reading.list = []
}

/** A heading over nothing is all there is: it is kept as a sentence of its own. */
export const keepHeading = (reading: BlockReading): void => {
  const own = reading.headings.at(-1)
  reading.headings = reading.headings.slice(0, -1)
  if (own !== undefined) push(reading, 'prose', own[1])
}
