/**
 * Makes text of what stands on the pages of a PDF, which knows only pieces of lines and their places: lines are put together, hyphens at
 * their ends undone, paragraphs told by the room between them and headings by their size. What is repeated on the edges of pages goes.
 */

/** A piece of a line: its text, where it begins, how wide it is, and the height of its letters. `isLineEnd`: nothing follows on its line. */
export type PlacedText = {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly size: number
  readonly isLineEnd: boolean
}

type Line = {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly size: number
}

/** The text of each page. Pages without text give an empty one. */
export const pageTexts = (pages: readonly (readonly PlacedText[])[]): readonly string[] => {
  const lines = withoutRunningLines(pages.map(linesOf))
  const body = { size: usualSize(lines.flat()), width: usualWidth(lines.flat()) }
  return lines.map((page) => paragraphsOf(page, body).join('\n\n'))
}

const linesOf = (pieces: readonly PlacedText[]): readonly Line[] => {
  const lines: { text: string; x: number; y: number; width: number; size: number }[] = []
  let isOpen = false
  for (const { text, x, y, width, size, isLineEnd } of pieces) {
    const last = lines.at(-1)
    // A raised or lowered piece, such as the mark of a note, is on the line.
    if (isOpen && last !== undefined && (text === '' || Math.abs(last.y - y) < last.size / 2)) {
      last.text += text
      if (text.trim() !== '') {
        last.size = Math.max(last.size, size)
        last.width = x + width - last.x
      }
    } else if (text.trim() !== '') lines.push({ text, x, y, width, size })
    isOpen = !isLineEnd && (isOpen || text.trim() !== '')
  }
  return lines.map((line) => ({ ...line, text: printable(line.text) })).filter(({ text }) => text !== '')
}

/** Dots that lead to the number of a page are for the eye. */
const printable = (text: string): string =>
  text
    .replace(/(?: ?\.){5,}/g, ' …')
    .replace(/\s+/g, ' ')
    .trim()

/** Sizes of letters differ by rounding. */
const rounded = (size: number): number => Math.round(size * 2) / 2

/** The size most letters have. */
const usualSize = (lines: readonly Line[]): number => {
  const counts = new Map<number, number>()
  for (const { size, text } of lines)
    counts.set(rounded(size), (counts.get(rounded(size)) ?? 0) + text.length)
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most), [0, 0])[0]
}

/** On fewer pages nothing is said to repeat. */
const RUNNING_PAGE_COUNT_MIN = 3

/** Without the first and last lines that most pages have alike, numbers apart. The first of them stays, it may be the title. */
const withoutRunningLines = (pages: readonly (readonly Line[])[]): readonly (readonly Line[])[] => {
  const filled = pages.filter((page) => page.length > 0)
  if (filled.length < RUNNING_PAGE_COUNT_MIN) return pages
  const counts = new Map<string, number>()
  for (const page of filled) {
    for (const key of new Set(edgesOf(page).map(keyOf))) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const isRunning = (line: Line): boolean =>
    (counts.get(keyOf(line)) ?? 0) >= RUNNING_PAGE_COUNT_MIN &&
    (counts.get(keyOf(line)) ?? 0) * 2 > filled.length
  const seen = new Set<string>()
  return pages.map((page) => {
    const edges = new Set(edgesOf(page))
    return page.filter((line) => {
      if (!edges.has(line) || !isRunning(line)) return true
      const isNew = !seen.has(keyOf(line)) && /\p{L}{3}/u.test(line.text)
      seen.add(keyOf(line))
      return isNew
    })
  })
}

/** A page of fewer lines has no edges, it is all there is. */
const EDGED_LINE_COUNT_MIN = 3

const edgesOf = (page: readonly Line[]): readonly Line[] =>
  page.length < EDGED_LINE_COUNT_MIN ? [] : [...page.slice(0, 1), ...page.slice(-1)]

const keyOf = ({ text }: Line): string => text.toLowerCase().replace(/\d+/g, '#')

/** Letters so much larger than the others make a heading, if it is no longer than this. */
const HEADING_RATIO = 1.15
const HEADING_LENGTH_MAX = 150
/** Sizes that are told apart as levels of headings. */
const LEVEL_RATIOS: readonly (readonly [ratio: number, level: number])[] = [
  [1.7, 1],
  [1.35, 2],
  [HEADING_RATIO, 3],
]

const levelOf = (line: Line, bodySize: number): number | null =>
  line.text.length > HEADING_LENGTH_MAX || !/\p{L}/u.test(line.text)
    ? null
    : (LEVEL_RATIOS.find(([ratio]) => line.size >= bodySize * ratio)?.[1] ?? null)

/** What most of the text is like. */
type Body = { readonly size: number; readonly width: number }

type Paragraph = { text: string; level: number | null }

const paragraphsOf = (lines: readonly Line[], body: Body): readonly string[] => {
  const pitch = usualPitch(lines)
  const paragraphs: Paragraph[] = []
  lines.forEach((line, at) => {
    const level = levelOf(line, body.size)
    const [last, before] = [paragraphs.at(-1), lines[at - 1]]
    if (last === undefined || before === undefined || last.level !== level || isApart(before, line, pitch))
      paragraphs.push({ text: line.text, level })
    else if (endsEarly(before, line, body.width)) last.text += `\n${line.text}`
    else last.text = joined(last.text, line.text)
  })
  return paragraphs.map(({ text, level }) => (level === null ? text : `${'#'.repeat(level)} ${text}`))
}

/** How wide all but the widest lines are. */
const usualWidth = (lines: readonly Line[]): number => {
  const widths = lines.map(({ width }) => width).sort((a, b) => a - b)
  return widths[Math.floor((widths.length - 1) * 0.8)] ?? 0
}

/** A line much shorter than the others is wrapped by nobody: it is one of an address, a table or a program. */
const endsEarly = (before: Line, line: Line, width: number): boolean =>
  before.width < width * 0.6 && !/^\p{Ll}/u.test(line.text) && !/[,\p{Pd}\u00ad]$/u.test(before.text)

/** The distance most lines have, or null for a page of one line. */
const usualPitch = (lines: readonly Line[]): number | null => {
  const distances = lines
    .slice(1)
    .map((line, at) => (lines[at]?.y ?? 0) - line.y)
    .filter((distance) => distance > 0)
    .sort((a, b) => a - b)
  return distances[Math.floor((distances.length - 1) / 3)] ?? null
}

/** More room than usual between lines is the end of a paragraph; so is a list, or an indent after a finished sentence. */
const isApart = (before: Line, line: Line, pitch: number | null): boolean => {
  if (/^(?:[-•‣◦▪*–]|\(?\d{1,3}[.)])\s/.test(line.text)) return true
  const distance = before.y - line.y
  // Upwards is another column, or another page: a sentence may go on there.
  if (distance < 0) return !goesOn(before.text, line.text)
  if (distance > Math.max(pitch ?? 0, before.size) * 1.4) return true
  return line.x - before.x > line.size * 0.8 && /[.!?:…]["'”»)]?$/.test(before.text)
}

/** Whether the second goes on with the first: it does not end a sentence, or is cut within a word. */
const goesOn = (before: string, after: string): boolean =>
  /^\p{Ll}/u.test(after) && !/[.!?:…]["'”»)]?$/.test(before)

/** Undoes a line's end: a word that was cut there is whole again. */
const joined = (before: string, after: string): string => {
  if (before.endsWith('\u00ad')) return before.slice(0, -1) + after
  if (/\p{L}[-\u2010]$/u.test(before) && /^\p{Ll}/u.test(after)) return before.slice(0, -1) + after
  return `${before} ${after}`
}

/** Puts pages one after another; a paragraph that goes over the end of a page is one. */
export const joinPages = (texts: readonly string[]): string =>
  texts
    .filter((text) => text !== '')
    .reduce((whole, text) => {
      if (whole === '') return text
      const [end, begin] = [whole.slice(whole.lastIndexOf('\n') + 1), text.split('\n', 1)[0] ?? '']
      const isProse = !end.startsWith('#') && !begin.startsWith('#')
      return isProse && goesOn(end, begin) ? joined(whole, text) : `${whole}\n\n${text}`
    }, '')
