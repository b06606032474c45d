/** Rows and records as text that stands by itself: each says of every value what it is a value of. */

export type Pair = readonly [name: string, value: string]

/** `name: Mara; city: Graz`, on one line. Empty values are left out. */
export const pairsText = (pairs: readonly Pair[]): string =>
  pairs
    .map(([name, value]): Pair => [oneLine(name), oneLine(value)])
    .filter(([, value]) => value !== '')
    .map(pairText)
    .join('; ')

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

const pairText = ([name, value]: Pair): string => (name === '' ? value : `${name}: ${value}`)

/** Rows of a table by their columns; without columns, values side by side, and of two the first names the second. */
export const rowsOf = (
  columns: readonly string[] | null,
  rows: readonly (readonly string[])[],
): readonly string[] => rows.map((row) => rowText(columns, row)).filter((text) => text !== '')

const rowText = (columns: readonly string[] | null, row: readonly string[]): string => {
  if (columns !== null) return pairsText(row.map((value, at) => [columns[at] ?? '', value]))
  const [name = '', value = ''] = row
  return row.length === 2 && name.trim() !== '' && value.trim() !== ''
    ? pairsText([[name.trim().replace(/:$/, ''), value]])
    : pairsText(row.map((each) => ['', each]))
}

/** A longer value, or one of several lines, is prose. */
const VALUE_LENGTH_MAX = 120

const isProse = ([, value]: Pair): boolean => value.length > VALUE_LENGTH_MAX || value.includes('\n')

/**
 * Records of a file, one text each. Where one has prose in it, what is short in each becomes a heading, which is the context of the
 * sentences under it; all of them then have one, or a record would stand under the heading of the one before.
 */
export const recordTexts = (records: readonly (readonly Pair[])[]): readonly string[] => {
  const filled = records.map((pairs) =>
    pairs.map(([name, value]): Pair => [oneLine(name), value.trim()]).filter(([, value]) => value !== ''),
  )
  const hasProse = filled.some((pairs) => pairs.some(isProse))
  return filled
    .map((pairs) => {
      const short = pairsText(pairs.filter((pair) => !isProse(pair)))
      const heading = hasProse ? `###### ${short === '' ? 'Record' : short}` : short
      return pairs.length === 0 ? '' : [heading, ...pairs.filter(isProse).map(pairText)].join('\n\n')
    })
    .filter((text) => text !== '')
}
