/**
 * Which format a file is of. Its content decides where it can be nothing else; then what it was called, by media type, name and caller;
 * what is left and is text, is text. Whatever is none of these is refused with what it seems to be.
 */
import { unsupportedKindOf } from './binary-kinds.ts'
import { decodedText } from './decode-text.ts'
import type { DocumentBounds, FileSource } from './document.ts'
import type { DocumentFormat, Probe } from './formats/format.ts'
import { formats } from './formats/index.ts'
import { text } from './formats/text.ts'
import { UnreadableDocument } from './unreadable-document.ts'
import { zipEntryNames } from './zip-entries.ts'

/** Bytes of the beginning that formats are recognised by. */
const HEAD_LENGTH = 65_536

export const detectFormat = async (source: FileSource, bounds: DocumentBounds): Promise<DocumentFormat> => {
  const head = Buffer.from(source.bytes.subarray(0, HEAD_LENGTH)).toString('latin1')
  const entryNames = head.startsWith('PK') ? await zipEntryNames(source.bytes, bounds) : []
  const probe: Probe = { source, head, text: decodedText(source), entryNames }
  const recognised = formats.find(({ recognises }) => recognises?.(probe))
  if (recognised !== undefined) return recognised
  const kind = unsupportedKindOf(probe)
  if (kind !== null) throw new UnreadableDocument('unsupported_document', `it seems to be ${kind}`)
  const named = namedFormat(source)
  if (named !== undefined) return named
  if (probe.text !== null) return text
  throw new UnreadableDocument(
    'unsupported_document',
    'it is neither text nor of a format that is read; text that is not UTF-8 needs a charset in its media type',
  )
}

const namedFormat = ({ mediaType, filename, documentType }: FileSource): DocumentFormat | undefined => {
  const type = mediaType?.split(';')[0]?.trim().toLowerCase() ?? ''
  const extension = extensionOf(filename)
  const word = documentType?.trim().toLowerCase()
  return (
    formats.find(({ mediaTypes, name }) => name !== 'text' && mediaTypes.includes(type)) ??
    formats.find(({ extensions }) => extensions.includes(extension)) ??
    formats.find(({ name, mediaTypes }) => name === word || mediaTypes.includes(type))
  )
}

const extensionOf = (filename: string | null): string =>
  /\.([a-z0-9]{1,16})$/i.exec(filename ?? '')?.[1]?.toLowerCase() ?? ''
