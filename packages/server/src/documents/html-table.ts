/** Tables of HTML. A table of data becomes a line of `column: value` for each row; one that only arranges a page is read through. */
import type { DomNode, FormatCallback } from 'html-to-text'
import { rowsOf } from './rows.ts'

type Row = { readonly cells: readonly DomNode[] }

const isTag = (node: DomNode, ...names: readonly string[]): boolean =>
  node.type === 'tag' && names.includes(node.name ?? '')

export const formatTable: FormatCallback = (table, walk, builder) => {
  const rows = tableRows(table)
  if (!isData(rows)) {
    builder.openBlock({ leadingLineBreaks: 2 })
    for (const { cells } of rows) {
      for (const cell of cells) {
        builder.openBlock({ leadingLineBreaks: 1 })
        walk(cell.children, builder)
        builder.closeBlock({ trailingLineBreaks: 1 })
      }
    }
    builder.closeBlock({ trailingLineBreaks: 2 })
    return
  }
  builder.openTable()
  for (const { cells } of rows) {
    builder.openTableRow()
    for (const cell of cells) {
      builder.openTableCell()
      walk(cell.children, builder)
      builder.closeTableCell({ colspan: spanOf(cell) })
    }
    builder.closeTableRow()
  }
  builder.closeTable({
    leadingLineBreaks: 2,
    trailingLineBreaks: 2,
    tableToString: (printed) => {
      const texts = printed.map((row) =>
        row.flatMap(({ text, colspan }) => [text.trim(), ...blanks(colspan - 1)]),
      )
      const [columns, body] = hasColumns(rows, texts) ? [texts[0] ?? [], texts.slice(1)] : [null, texts]
      return rowsOf(columns, body).join('\n\n')
    },
  })
}

/** Columns that one cell may stand over. */
const SPAN_MAX = 100

const spanOf = (cell: DomNode): number =>
  Math.min(SPAN_MAX, Math.max(1, Number.parseInt(cell.attribs?.colspan ?? '1', 10) || 1))

const blanks = (count: number): readonly string[] => Array.from({ length: count }, () => '')

const tableRows = (table: DomNode): readonly Row[] =>
  table.children.flatMap((child) => {
    if (isTag(child, 'tr')) return [{ cells: child.children.filter((cell) => isTag(cell, 'td', 'th')) }]
    if (isTag(child, 'thead', 'tbody', 'tfoot')) return tableRows(child)
    return isTag(child, 'caption') ? [{ cells: [child] }] : []
  })

const isData = (rows: readonly Row[]): boolean => {
  const wide = rows.filter(({ cells }) => cells.length > 1)
  return wide.length > 1 && !rows.some(({ cells }) => cells.some((cell) => contains(cell, 'table')))
}

/** Looks through one cell; what is deeper than a table in a cell would be is found when that is read. */
const LOOK_DEPTH = 8

const contains = (node: DomNode, name: string, depth = 0): boolean =>
  depth < LOOK_DEPTH &&
  (node.children ?? []).some((child) => isTag(child, name) || contains(child, name, depth + 1))

/** Characters of what can be the name of a column. */
const NAME_LENGTH_MAX = 60

/**
 * Whether the first row names the columns: it is marked so, or there are more than two columns and it has a word for each. Of two
 * columns without a mark the first rather names the second.
 */
const hasColumns = (rows: readonly Row[], texts: readonly (readonly string[])[]): boolean => {
  const [cells, first] = [rows[0]?.cells ?? [], texts[0] ?? []]
  if (cells.length > 1 && cells.every(isMarked)) return true
  const isNamed = first.every(
    (text) => text !== '' && text.length <= NAME_LENGTH_MAX && /\p{L}/u.test(text) && !/\d/.test(text),
  )
  return cells.length > 2 && isNamed && !cells.some((cell) => isTag(cell, 'th'))
}

const isMarked = (cell: DomNode): boolean =>
  isTag(cell, 'th') || isTag(cell.parent?.parent ?? cell, 'thead') || isBold(cell)

const isBold = (node: DomNode): boolean => {
  const said = node.children.filter((child) => child.type === 'tag' || (child.data ?? '').trim() !== '')
  const [only] = said
  if (only === undefined || said.length > 1) return false
  return isTag(only, 'b', 'strong') || (isTag(only, 'p', 'span') && isBold(only))
}
