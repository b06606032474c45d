import { type BlockReading, openHeading, push, takeLines } from './block-reading.ts'
import { isRecord, lineKindOf, unwrapped } from './lines.ts'
import { endsSentence, sentencesOf } from './sentences.ts'

/** Reads a run of lines without marks: prose, program text, a log, a record, or the title of what follows. */

/** A line right above a list that ends without a full stop and is no longer than this is its title. */
const TITLE_LENGTH_MAX = 60
/** Fewer lines that look like program text are chance. */
const CODE_LINE_COUNT_MIN = 2

export const readParagraph = (reading: BlockReading): void => {
  const lines = takeLines(reading, (kind) => kind === 'plain' || kind === 'code')
  const underline = reading.lines[reading.at]
  if (lines.length === 1 && underline?.kind === 'rule' && /^(?:-+|=+)\s*$/.test(underline.text)) {
    openHeading(reading, underline.text.startsWith('=') ? 1 : 2, lines[0]?.trim() ?? '')
    return
  }
  if (isRecord(lines)) {
    push(reading, 'verbatim', lines.join('\n'))
    return
  }
  const isCode = lines.map((line) => lineKindOf(line) === 'code')
  const [start, end] = [isCode.indexOf(true), isCode.lastIndexOf(true) + 1]
  const codeCount = isCode.filter(Boolean).length
  if (codeCount < CODE_LINE_COUNT_MIN || codeCount * 2 < end - start) {
    pushProse(reading, lines)
    return
  }
  pushProse(reading, lines.slice(0, start))
  pushCode(reading, lines.slice(start, end).join('\n'))
  pushProse(reading, lines.slice(end))
}

const pushProse = (reading: BlockReading, lines: readonly string[]): void => {
  const units = unwrapped(lines)
  const last = units.at(-1) ?? ''
  const next = itemDistance(reading)
  const isLead =
    (next !== null && last.endsWith(':')) ||
    (next === 0 && last.length <= TITLE_LENGTH_MAX && !last.includes(':') && !endsSentence(last))
  if (!isLead) {
    for (const unit of units) push(reading, 'prose', unit)
    return
  }
  const sentences = sentencesOf(last)
  for (const unit of [...units.slice(0, -1), ...sentences.slice(0, -1)]) push(reading, 'prose', unit)
  reading.list = [{ indent: -1, text: sentences.at(-1) ?? last }]
}

/** Empty lines until the next item; null when something else comes first. */
const itemDistance = (reading: BlockReading): number | null => {
  let distance = 0
  while (reading.lines[reading.at + distance]?.kind === 'blank') distance += 1
  return reading.lines[reading.at + distance]?.kind === 'item' ? distance : null
}

/** A log or a stack trace begins something new; other program text goes on after an empty line. */
const newCode = /^\[?(?:\d|[A-Z]{4,}\b|Traceback)/

const pushCode = (reading: BlockReading, text: string): void => {
  const before = reading.blocks.at(-1)
  if (
    before?.kind !== 'verbatim' ||
    reading.isHeadingBare ||
    newCode.test(text) ||
    !endsInCode(before.text)
  ) {
    push(reading, 'verbatim', text)
  } else reading.blocks[reading.blocks.length - 1] = { ...before, text: `${before.text}\n\n${text}` }
}

const endsInCode = (text: string): boolean => lineKindOf(text.slice(text.lastIndexOf('\n') + 1)) === 'code'
