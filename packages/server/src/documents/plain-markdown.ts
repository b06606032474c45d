/** Takes from Markdown what is only for the eye: emphasis, addresses of links, pictures, comments, tags. Code stays as it is. */
import { rowsOf } from './rows.ts'

const FENCE = /^ {0,3}(`{3,}|~{3,})/

/** Bounds of what a mark may enclose, so that no line takes long. */
const replacements: readonly (readonly [RegExp, string])[] = [
  [/!\[[^\][\n]{0,500}\](?:\([^()\n]{0,1000}\)|\[[^\][\n]{0,200}\])/g, ''],
  [
    /\[([^\][\n]{1,500})\](?:\([^()\n]{0,1000}(?:\([^()\n]{0,200}\))?[^()\n]{0,200}\)|\[[^\][\n]{0,200}\])/g,
    '$1',
  ],
  [/<((?:https?:\/\/|mailto:)?[^<>\s]{1,500}[@/.][^<>\s]{1,500})>/g, '$1'],
  [/<br ?\/?>/gi, ' '],
  [/<\/?[a-z][a-z0-9]{0,20}(?:\s[^<>\n]{0,1000})?\/?>/gi, ''],
  [/(?<![\p{L}\p{N}*])(\*{1,3})(?=\S)([^*\n]{1,1000}?\S|\S)\1(?![\p{L}\p{N}*])/gu, '$2'],
  [/(?<![\p{L}\p{N}_])(_{1,3})(?=\S)([^_\n]{1,1000}?\S|\S)\1(?![\p{L}\p{N}_])/gu, '$2'],
  [/~~([^~\n]{1,1000})~~/g, '$1'],
  [/\\([\\`*_{}[\]()#+\-.!|>~])/g, '$1'],
]

export const plainMarkdown = (text: string): string => {
  const lines: string[] = []
  let table: string[] = []
  let fence: string | null = null
  for (const line of [...withoutComments(text).split(/\r\n?|\n/), '']) {
    const mark = FENCE.exec(line)?.[1]
    if (fence === null && /^[ \t]*\|.*\|[ \t]*$/.test(line)) {
      table.push(line)
      continue
    }
    if (table.length > 0) lines.push('', ...tableTexts(table), '')
    table = []
    if (fence !== null || mark !== undefined) {
      if (fence === null) fence = mark ?? null
      else if (mark?.startsWith(fence)) fence = null
      lines.push(line)
    } else if (!/^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*\S/.test(line)) lines.push(plainLine(line))
  }
  return lines.join('\n')
}

/** A comment may stand around whole paragraphs; one that is never closed is none. */
const withoutComments = (text: string): string => {
  let [kept, from] = ['', 0]
  for (let start = text.indexOf('<!--'); start >= 0; start = text.indexOf('<!--', from)) {
    const end = text.indexOf('-->', start + 4)
    if (end < 0) break
    kept += text.slice(from, start)
    from = end + 3
  }
  return kept + text.slice(from)
}

const plainLine = (line: string): string =>
  replacements.reduce((plain, [mark, instead]) => plain.replace(mark, instead), line)

const cellsOf = (line: string): readonly string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => plainLine(cell.replaceAll('\\|', '|')).trim())

const tableTexts = (table: readonly string[]): readonly string[] => {
  const rows = table.map(cellsOf)
  const isRuled = (rows[1] ?? []).every((cell) => /^:?-+:?$/.test(cell)) && rows.length > 1
  if (!isRuled) return rowsOf(null, rows).flatMap((row) => [row, ''])
  return rowsOf(rows[0] ?? [], rows.slice(2)).flatMap((row) => [row, ''])
}
