import { wordCount } from './words.ts'

/** The kinds of line a text is made of. Shapes show at a line's beginning, so only that is looked at. */
export type LineKind = 'blank' | 'fence' | 'heading' | 'rule' | 'item' | 'table' | 'quote' | 'code' | 'plain'

/** Characters of a line that decide its kind. */
const PROBE_LENGTH = 400

const shapes: readonly (readonly [LineKind, RegExp])[] = [
  ['fence', /^ {0,3}(?:`{3,}|~{3,})/],
  ['rule', /^ {0,3}(?:-{3,}|\*{3,}|_{3,}|={3,})[ \t]*$/],
  ['heading', /^ {0,3}#{1,6}[ \t]+\S|^\*\*[^*]{1,80}\*\*:?$/],
  ['table', /^[ \t]*\|.*\|[ \t]*$/],
  ['quote', /^ {0,3}>/],
  // Log lines: an instant or a level first.
  ['code', /^\[?(?:\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}|\d{2}:\d{2}:\d{2}[\],.\s])/],
  ['code', /^\[?(?:ERROR|WARN|WARNING|INFO|DEBUG|TRACE|FATAL)\b[\]:\s]/],
  ['code', /^(?:[A-Z][a-z]{2} +\d{1,2} \d{2}:\d{2}:\d{2} |\d{1,3}(?:\.\d{1,3}){3} )/],
  ['item', /^[ \t]*(?:[-*+•‣◦–]|\(?\d{1,3}[.)]|[a-z]\))[ \t]+\S/],
  // Stack traces and program text.
  ['code', /^[ \t]*(?:at \S|File "|Traceback |Caused by:|\.\.\. \d+ more|[\w.$]*(?:Error|Exception): )/],
  [
    'code',
    /^[ \t]*(?:import [\w{*]|from \S+ import |#include|def \w|async |export |function \w|(?:const|let|var) \w+ ?=)/,
  ],
  [
    'code',
    /^[ \t]*(?:class \w+[ :({]|(?:if|for|while|switch) ?\(|return\b|<\/?\w+[ >/]|[{}[\]()]+[;,]?$|\/\/|\$ \w)/,
  ],
  ['code', /^(?: {4}|\t)[ \t]*\S/],
  ['code', /[;{}]$/],
]

export const lineKindOf = (line: string): LineKind => {
  if (line.trim() === '') return 'blank'
  const probe = line.length > PROBE_LENGTH ? line.slice(0, PROBE_LENGTH) : line
  return shapes.find(([, pattern]) => pattern.test(probe))?.[0] ?? 'plain'
}

/** Below this a line was ended on purpose; above it the writer's editor may have wrapped it. */
const WRAP_LENGTH = 45

const isWrapped = (line: string, next: string): boolean => {
  if (line.endsWith(',')) return true
  if (/^\p{Ll}/u.test(next)) return line.length >= WRAP_LENGTH || !/[.!?:;]$/.test(line)
  return line.length >= WRAP_LENGTH + 15 && !/[.!?:;…。！？]$/u.test(line)
}

/** Undoes the line breaks an editor or mail program made, and keeps those that end a thought. */
export const unwrapped = (lines: readonly string[]): readonly string[] => {
  const units: string[][] = []
  let previous = ''
  for (const line of lines.map((each) => each.trim())) {
    const unit = units.at(-1)
    if (unit !== undefined && isWrapped(previous, line)) unit.push(line)
    else units.push([line])
    previous = line
  }
  return units.map((unit) => unit.join(' '))
}

/** A record of `key: value` lines is one thing; lines whose values are sentences are not. */
export const isRecord = (lines: readonly string[]): boolean => {
  if (lines.length < 2) return false
  const values = lines.map(
    (line) => /^[ \t]*[\p{L}\p{N}][^:\n]{0,39}:[ \t]+(\S.*)$/u.exec(line.slice(0, PROBE_LENGTH))?.[1],
  )
  const lengths = values.map((value) => (value === undefined ? Number.POSITIVE_INFINITY : wordCount(value)))
  return lengths.reduce((sum, length) => sum + length, 0) < 5 * lines.length
}
