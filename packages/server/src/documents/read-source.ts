/** Reads a file, in the thread that is made for it: finds its format, has it read, and brings what comes out to its bounds. */

import { NAME_LENGTH_MAX } from '../kernel/limits.ts'
import { cutText } from './cut-text.ts'
import { detectFormat } from './detect-format.ts'
import type { DocumentBounds, DocumentPart, FileSource, FormatName, ReadDocument } from './document.ts'
import type { Piece, Reading, TextPiece } from './formats/format.ts'
import { asUnreadable, UnreadableDocument } from './unreadable-document.ts'

/** Where a file is: in how many messages, and how many attachments of the outermost were read. */
type Place = { readonly depth: number; readonly attachments: { count: number } }

/** Throws an UnreadableDocument, whatever happens. */
export const readSource = (source: FileSource, bounds: DocumentBounds): Promise<ReadDocument> =>
  readAt(source, bounds, { depth: 0, attachments: { count: 0 } })

const readAt = async (
  source: FileSource,
  bounds: DocumentBounds,
  { depth, attachments }: Place,
): Promise<ReadDocument> => {
  try {
    if (source.bytes.length === 0) throw new UnreadableDocument('empty_document', 'the file is empty')
    const format = await detectFormat(source, bounds)
    const reading = await format.read(source, {
      bounds,
      takeAttachment: () => {
        attachments.count += 1
        return attachments.count <= bounds.attachmentCountMax
      },
      readAttachment: (attachment) => {
        if (depth < bounds.attachmentDepthMax)
          return readAt(attachment, bounds, { depth: depth + 1, attachments })
        throw new UnreadableDocument(
          'document_too_large',
          `it is attached in more than ${bounds.attachmentDepthMax} messages within messages`,
        )
      },
    })
    return documentOf(format.name, reading, bounds)
  } catch (error) {
    throw asUnreadable(error)
  }
}

const documentOf = (format: FormatName, reading: Reading, bounds: DocumentBounds): ReadDocument => {
  const pieces = reading.pieces.map((piece) =>
    'text' in piece ? { ...piece, text: cleaned(piece.text) } : piece,
  )
  const length = pieces.reduce((sum, piece) => sum + ('text' in piece ? piece.text.length : 0), 0)
  if (length > bounds.lengthMax) throw tooLarge(`more than ${bounds.lengthMax} characters of text`)
  const parts = fewer(
    pieces.flatMap((piece) => partsOf(piece, bounds)),
    bounds,
  )
  if (!parts.some((part) => 'text' in part)) throw nothing(parts)
  const title = labelOf(reading.title)
  return { format, title, parts, saidAt: reading.saidAt ?? null }
}

/** A document whose every part failed is a failure itself. */
const nothing = (parts: readonly DocumentPart[]): UnreadableDocument => {
  const failed = parts.find((part) => 'failure' in part)
  return failed === undefined
    ? new UnreadableDocument('empty_document', 'there is no text in it')
    : new UnreadableDocument(failed.failure.code, failed.failure.detail)
}

const partsOf = (piece: Piece, bounds: DocumentBounds): readonly DocumentPart[] => {
  const label = labelOf(piece.label)
  if ('failure' in piece) return [{ label, failure: piece.failure }]
  const context = contextOf(piece, bounds)
  const texts = cutText(piece.text, bounds.partLengthMax - context.length)
  return texts.map((text, at) => ({
    label: texts.length === 1 ? label : `${label ?? 'part'} (${at + 1} of ${texts.length})`,
    text: context + text,
  }))
}

/** A context that would take more than its share of a part is left out. */
const contextOf = ({ context = '' }: TextPiece, bounds: DocumentBounds): string => {
  const text = cleaned(context)
  return text === '' || text.length > bounds.partLengthMax / 4 ? '' : `${text}\n\n`
}

/** Line ends and blanks made one kind, and without what is no character of a text. */
const cleaned = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029\f\v]/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to go, with marks that nobody sees
    .replace(/[\0-\x08\x0e-\x1f\x7f\u00ad\u200b\ufeff]/g, '')
    .replace(/\u00a0/g, ' ')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')

const labelOf = (label: string | null): string | null => {
  const line = cleaned(label ?? '')
    .replace(/\s+/g, ' ')
    .trim()
  // Room for the count of what is cut.
  const cut = line.length > NAME_LENGTH_MAX - 20 ? `${line.slice(0, NAME_LENGTH_MAX - 21)}…` : line
  return cut === '' ? null : cut.toWellFormed()
}

/** Too many parts are put together with their neighbours, as far as those have room. */
const fewer = (parts: readonly DocumentPart[], bounds: DocumentBounds): readonly DocumentPart[] => {
  if (parts.length <= bounds.partCountMax) return parts
  const joined: DocumentPart[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    const hasRoom =
      last !== undefined &&
      'text' in last &&
      'text' in part &&
      last.text.length + part.text.length + 2 <= bounds.partLengthMax
    if (hasRoom) joined[joined.length - 1] = { label: last.label, text: `${last.text}\n\n${part.text}` }
    else joined.push(part)
  }
  if (joined.length > bounds.partCountMax) throw tooLarge(`more than ${bounds.partCountMax} parts`)
  return joined
}

const tooLarge = (what: string): UnreadableDocument =>
  new UnreadableDocument('document_too_large', `it has ${what}`)
