import { conversationsIn } from '../chat-export.ts'
import { textOf } from '../decode-text.ts'
import { jsonRecords } from '../json-records.ts'
import { recordTexts } from '../rows.ts'
import { UnreadableDocument } from '../unreadable-document.ts'
import type { DocumentFormat, TextPiece } from './format.ts'

const mark = /^[\s\ufeff]*[[{]/

/** A chat export becomes its transcripts; any other JSON becomes statements `name: value`, one for each item of its lists. */
export const json: DocumentFormat = {
  name: 'json',
  mediaTypes: [
    'application/json',
    'application/x-ndjson',
    'application/ndjson',
    'application/jsonl',
    'text/json',
  ],
  extensions: ['json', 'jsonl', 'ndjson'],
  recognises: ({ text }) =>
    text !== null && mark.test(text) && ('value' in parsed(text) || linesIn(text) !== null),
  read: async (source, { bounds }) => {
    const text = textOf(source)
    const whole = parsed(text)
    const value = 'value' in whole ? whole.value : linesIn(text)
    if (value === null && 'reason' in whole)
      throw new UnreadableDocument('unreadable_document', `the JSON is broken: ${whole.reason}`)
    const conversations = conversationsIn(value)
    if (conversations !== null) {
      const [only] = conversations.length === 1 ? conversations : []
      return {
        title: only?.title ?? null,
        pieces: conversations.map(({ title, text }) => ({ label: title, text })),
      }
    }
    const lists = jsonRecords(value, bounds.jsonDepthMax)
    return {
      title: null,
      pieces: lists.flatMap(({ path, records }) =>
        piecesOf(path, recordTexts(records), bounds.partLengthMax),
      ),
    }
  },
}

type Parsed = { readonly value: unknown } | { readonly reason: string }

const parsed = (text: string): Parsed => {
  try {
    return { value: JSON.parse(text.replace(/^\ufeff/, '')) }
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) }
  }
}

/** JSON Lines: at least two lines, each of them an object or a list. Null when it is none. */
const linesIn = (text: string): readonly unknown[] | null => {
  const values: unknown[] = []
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const each = mark.test(line) ? parsed(line) : null
    if (each === null || !('value' in each)) return null
    values.push(each.value)
  }
  return values.length > 1 ? values : null
}

/** As many items in a piece as have room in a part, so that none is cut that need not be. */
const piecesOf = (path: string, texts: readonly string[], lengthMax: number): readonly TextPiece[] => {
  const pieces: TextPiece[] = []
  for (let start = 0; start < texts.length; ) {
    let [end, length] = [start, 0]
    while (end < texts.length) {
      length += (texts[end]?.length ?? 0) + 2
      if (length > lengthMax && end > start) break
      end += 1
    }
    const items = end - start === 1 ? `${start + 1}` : `${start + 1}–${end}`
    const label = texts.length === 1 ? path || null : `${path || 'items'} ${items}`
    pieces.push({ label, text: texts.slice(start, end).join('\n\n') })
    start = end
  }
  return pieces
}
