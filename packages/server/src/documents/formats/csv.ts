import { textOf } from '../decode-text.ts'
import type { FileSource } from '../document.ts'
import { type Pair, pairsText, recordTexts } from '../rows.ts'
import { broken } from '../unreadable-document.ts'
import type { DocumentFormat, TextPiece } from './format.ts'

const delimiters = [',', ';', '\t', '|'] as const

/** Lines that the delimiter is found by. */
const SAMPLE_LINE_COUNT = 20
/** Characters of a name of a column. */
const COLUMN_LENGTH_MAX = 100
/** Rows of one part; fewer when they are long. */
const ROW_COUNT_MAX = 200

/** Each row becomes a statement that names its columns; so many of them are a part. */
export const csv: DocumentFormat = {
  name: 'csv',
  mediaTypes: ['text/csv', 'application/csv', 'text/tab-separated-values'],
  extensions: ['csv', 'tsv', 'tab'],
  read: async (source, { bounds }) => {
    const text = withoutSeparatorLine(textOf(source))
    const rows = await rowsIn(text, delimiterOf(source, text))
    const [first] = rows
    if (first === undefined) return { title: null, pieces: [] }
    const hasHeader = rows.length > 1 && first.filter((cell) => cell.trim() !== '').every(isName)
    const columns = hasHeader ? first : null
    const body = hasHeader ? rows.slice(1) : rows
    const records = body.map((row) => row.map((value, at): Pair => [columnName(columns, row, at), value]))
    return {
      title: null,
      pieces: batchesOf(records, { from: hasHeader ? 2 : 1, lengthMax: bounds.partLengthMax }),
    }
  },
}

/** Excel writes its delimiter into the first line. */
const withoutSeparatorLine = (text: string): string => text.replace(/^\ufeff?sep=.\r?\n/i, '')

const isName = (cell: string): boolean =>
  cell.length <= COLUMN_LENGTH_MAX && !/^[\s\d.,:/+-]*$/.test(cell) && !/[.!?]\s/.test(cell)

// A value without a name, or beyond the columns, is still told.
const columnName = (columns: readonly string[] | null, row: readonly string[], at: number): string => {
  const named = columns?.[at]?.trim()
  return named || (columns === null && row.length < 2 ? '' : `column ${at + 1}`)
}

/** The one that cuts the first lines into the same number of fields, more than one; what is in quotes does not count. */
const delimiterOf = ({ mediaType, filename }: FileSource, text: string): string => {
  if (/tab-separated/i.test(mediaType ?? '') || /\.(?:tsv|tab)$/i.test(filename ?? '')) return '\t'
  const sample = text
    .slice(0, 65_536)
    .replace(/"(?:[^"]|"")*"/g, '')
    .split(/\r\n?|\n/, SAMPLE_LINE_COUNT)
    .filter((line) => line.trim() !== '')
  const scores = delimiters.map((delimiter) => {
    const counts = sample.map((line) => line.split(delimiter).length - 1)
    const most = counts[0] ?? 0
    return {
      delimiter,
      score: most === 0 ? 0 : counts.filter((count) => count === most).length * 1_000 + most,
    }
  })
  return scores.reduce((best, each) => (each.score > best.score ? each : best)).delimiter
}

const rowsIn = async (text: string, delimiter: string): Promise<readonly (readonly string[])[]> => {
  const { parse } = await import('csv-parse/sync')
  try {
    return parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    })
  } catch (error) {
    throw broken('the CSV is broken', error)
  }
}

const batchesOf = (
  records: readonly (readonly Pair[])[],
  { from, lengthMax }: { from: number; lengthMax: number },
): readonly TextPiece[] => {
  const pieces: TextPiece[] = []
  for (let start = 0; start < records.length; ) {
    let [end, length] = [start, 0]
    while (end < records.length && end - start < ROW_COUNT_MAX) {
      // The names and marks around the values are as long as in one line of them, about.
      length += pairsText(records[end] ?? []).length + 10
      if (length > lengthMax && end > start) break
      end += 1
    }
    const label = end - start === 1 ? `row ${start + from}` : `rows ${start + from}–${end - 1 + from}`
    pieces.push({ label, text: recordTexts(records.slice(start, end)).join('\n\n') })
    start = end
  }
  return pieces
}
