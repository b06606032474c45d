/** Cuts Markdown into its sections. Each keeps the headings it stands under, so that it can be understood by itself. */
import type { TextPiece } from './formats/format.ts'

type Heading = { readonly level: number; readonly text: string }
type Section = { readonly path: readonly Heading[]; readonly lines: string[] }

/** Sections are parts down to the second of the levels that occur; what is below stays with them. */
const PART_LEVEL_COUNT = 2
/** The lowest levels mark no sections, they are used for looks. */
const PART_LEVEL_MAX = 4

export const sectionsOf = (markdown: string): { title: string | null; pieces: readonly TextPiece[] } => {
  const lines = linesOf(markdown)
  const levels = [...new Set(lines.flatMap(({ heading }) => heading?.level ?? []))]
    .filter((level) => level <= PART_LEVEL_MAX)
    .sort((a, b) => a - b)
  const deepest = levels[PART_LEVEL_COUNT - 1] ?? levels[0] ?? 0
  const sections: Section[] = [{ path: [], lines: [] }]
  for (const { text, heading } of lines) {
    const last = sections.at(-1)
    if (heading !== null && heading.level <= deepest) {
      const outer = (last?.path ?? []).filter(({ level }) => level < heading.level)
      sections.push({ path: [...outer, heading], lines: [] })
    } else last?.lines.push(text)
  }
  const first = lines.find(({ heading }) => heading !== null)?.heading
  return { title: first?.level === levels[0] ? (first?.text ?? null) : null, pieces: piecesOf(sections) }
}

const piecesOf = (sections: readonly Section[]): readonly TextPiece[] =>
  sections.flatMap(({ path, lines }, at) => {
    const text = lines.join('\n').trim()
    const label = path.length === 0 ? null : path.map((heading) => heading.text).join(' › ')
    if (text !== '')
      return [
        { label, context: path.map(({ level, text }) => `${'#'.repeat(level)} ${text}`).join('\n\n'), text },
      ]
    // A heading over nothing is all its section says, unless it stands above the next.
    const own = path.at(-1)
    const isAbove = (sections[at + 1]?.path.length ?? 0) > path.length
    return own === undefined || isAbove ? [] : [{ label, text: own.text }]
  })

type Line = { readonly text: string; readonly heading: Heading | null }

const linesOf = (markdown: string): readonly Line[] => {
  const lines: Line[] = []
  let fence: string | null = null
  for (const text of markdown.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1]
    const before = lines.at(-1)
    const level = fence === null ? underlineLevel(text) : null
    if (fence === null && mark !== undefined) fence = mark
    else if (fence !== null && mark?.startsWith(fence)) fence = null
    else if (level !== null && before?.heading === null && isTitleLine(lines)) {
      lines[lines.length - 1] = { text: before.text, heading: { level, text: before.text.trim() } }
      continue
    }
    lines.push({ text, heading: fence === null ? headingOf(text) : null })
  }
  return lines
}

const headingOf = (line: string): Heading | null => {
  const [, marks = '', text = ''] = /^ {0,3}(#{1,6})[ \t]+(\S.*)$/.exec(line) ?? []
  return marks === '' ? null : { level: marks.length, text: text.replace(/[ \t]+#+[ \t]*$/, '').trim() }
}

const underlineLevel = (line: string): number | null =>
  /^={2,}[ \t]*$/.test(line) ? 1 : /^-{2,}[ \t]*$/.test(line) ? 2 : null

/** Characters of a line that an underline makes a heading. */
const TITLE_LENGTH_MAX = 120

/** A line that stands alone above its underline; a paragraph above a rule is none. */
const isTitleLine = (lines: readonly Line[]): boolean => {
  const [before, line] = [lines.at(-2)?.text ?? '', lines.at(-1)?.text ?? '']
  return before.trim() === '' && /^ {0,3}[^\s>|#*+-]/.test(line) && line.length <= TITLE_LENGTH_MAX
}
