import {
  type Block,
  type BlockReading,
  keepHeading,
  type Line,
  openHeading,
  push,
  takeLines,
} from './block-reading.ts'
import { lineKindOf } from './lines.ts'
import { readParagraph } from './paragraphs.ts'
import { endsSentence } from './sentences.ts'
import { wordCount } from './words.ts'

/**
 * Reads the shape of a text in one pass over its lines: headings, paragraphs, list items, and what must stay as it is (code, tables,
 * quotes, records, logs, stack traces). Whatever has no shape is a paragraph, so nothing is ever lost here.
 */
export const blocksOf = (text: string): readonly Block[] => {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => ({ text: line, kind: lineKindOf(line) }))
  const reading: BlockReading = { lines, blocks: [], at: 0, headings: [], isHeadingBare: false, list: [] }
  if (isJson(text)) return [{ kind: 'verbatim', text: text.trim(), headings: [], lead: [] }]
  while (reading.at < lines.length) readBlock(reading)
  if (reading.isHeadingBare) keepHeading(reading)
  return reading.blocks
}

const isJson = (text: string): boolean => {
  if (!/^\s*[[{]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const readBlock = (reading: BlockReading): void => {
  const line = reading.lines[reading.at]
  if (line === undefined) return
  if (line.kind === 'blank' || line.kind === 'rule') reading.at += 1
  else if (line.kind === 'fence') readFence(reading, line)
  else if (line.kind === 'heading') readHeading(reading, line)
  else if (line.kind === 'item') readItem(reading, line)
  else if (line.kind === 'table' || line.kind === 'quote') {
    const run = takeLines(reading, (kind) => kind === line.kind)
    push(reading, 'verbatim', run.join('\n'))
  } else readParagraph(reading)
}

const readFence = (reading: BlockReading, opening: Line): void => {
  const fence = /[`~]+/.exec(opening.text)?.[0] ?? ''
  const start = reading.at
  reading.at += 1
  // A fence that is never closed holds the rest of the text.
  const body = takeLines(reading, (kind, text) => kind !== 'fence' || !text.trim().startsWith(fence))
  const isClosed = reading.at < reading.lines.length
  if (isClosed) reading.at += 1
  const end = start + 1 + body.length + (isClosed ? 1 : 0)
  push(
    reading,
    'fence',
    reading.lines
      .slice(start, end)
      .map((line) => line.text)
      .join('\n'),
  )
}

const readHeading = (reading: BlockReading, line: Line): void => {
  const marks = /^ *(#+)/.exec(line.text)?.[1]
  const level = marks?.length ?? 7
  const text =
    marks === undefined ? line.text.replace(/^\*\*|\*\*:?$/g, '') : line.text.replace(/^[ #]+|[ #]+$/g, '')
  reading.at += 1
  openHeading(reading, level, text)
}

/** An item of no more words with items under it is their title. */
const TITLE_WORD_COUNT_MAX = 8

const indentOf = (line: string): number => (/^[ \t]*/.exec(line)?.[0] ?? '').replaceAll('\t', '    ').length

const readItem = (reading: BlockReading, line: Line): void => {
  const own = /^[ \t]*\S+[ \t]+(?:\[[ xX]\][ \t]+)?(.*)$/.exec(line.text)?.[1] ?? line.text
  const indent = indentOf(line.text)
  reading.at += 1
  const rest = takeLines(reading, (kind, text) => (kind === 'plain' || kind === 'code') && indentOf(text) > 1)
  const text = [own, ...rest].map((each) => each.trim()).join(' ')
  const outer = reading.list.filter((open) => open.indent < indent)
  const next = reading.lines[reading.at]
  const hasItems = next?.kind === 'item' && (indentOf(next.text) > indent || text.endsWith(':'))
  const isTitle = hasItems && !endsSentence(text) && wordCount(text) <= TITLE_WORD_COUNT_MAX
  if (!isTitle)
    push(
      reading,
      'item',
      text,
      outer.map((open) => open.text),
    )
  reading.list = [...outer, { indent, text }]
}
