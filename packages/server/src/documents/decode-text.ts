/** Bytes to text: by their mark, else by the charset declared, else as UTF-8. Nothing is guessed: a wrong guess would be remembered. */
import type { FileSource } from './document.ts'
import { UnreadableDocument } from './unreadable-document.ts'

const marks: readonly (readonly [charset: string, bytes: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]

const markOf = (bytes: Uint8Array): string | null =>
  marks.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))?.[0] ?? null

/** The charset a media type names, or null. */
export const charsetOf = (mediaType: string | null): string | null =>
  /;\s*charset\s*=\s*"?([\w.:+-]{1,40})/i.exec(mediaType ?? '')?.[1]?.toLowerCase() ?? null

/**
 * The text of a file, or null when it is none: not in its charset, or with bytes that no text has. `charset` is what the file says of
 * itself; its sender's word goes before it.
 */
export const decodedText = (source: FileSource, charset: string | null = null): string | null => {
  const declared = markOf(source.bytes) ?? charsetOf(source.mediaType) ?? charset ?? 'utf-8'
  try {
    const text = new TextDecoder(declared, { fatal: true }).decode(source.bytes)
    return isBinary(text) ? null : text
  } catch {
    // No charset of this name, or bytes that are none of its characters: both mean that this is no text.
    return null
  }
}

/** As `decodedText`, for a format that must be text. */
export const textOf = (source: FileSource, charset: string | null = null): string => {
  const text = decodedText(source, charset)
  if (text !== null) return text
  const declared = charsetOf(source.mediaType) ?? charset ?? 'utf-8'
  throw new UnreadableDocument(
    'unreadable_document',
    `it is no text in the charset ${declared}; declare another one if it has one`,
  )
}

/** One character of so many may be a control character: terminals and printers leave some in what is text. */
const CONTROL_RATIO = 50

const isBinary = (text: string): boolean => {
  if (text.includes('\0')) return true
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const controls = text.match(/[\x01-\x08\x0e-\x1a\x1c-\x1f]/g)?.length ?? 0
  return controls * CONTROL_RATIO > text.length
}
