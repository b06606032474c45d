/** What a file is read into, and what bounds it. Everything here is plain data: it crosses into the reading thread and back. */
import type { Limits } from '../kernel/limits.ts'
import * as limits from '../kernel/limits.ts'

/** A file as somebody handed it in. All but the bytes are hints; the content decides where it can. */
export type FileSource = {
  readonly bytes: Uint8Array
  readonly filename: string | null
  /** As declared, with its parameters: `text/csv; charset=windows-1252`. */
  readonly mediaType: string | null
  /** What the caller calls it: a format, or anything else, which says nothing. */
  readonly documentType?: string
}

export type PartFailure = { readonly code: DocumentErrorCode; readonly detail: string }

/** What may succeed or fail by itself. `label` says where it is from: a section, pages, rows, an attachment. */
export type DocumentPart =
  | { readonly label: string | null; readonly text: string }
  | { readonly label: string | null; readonly failure: PartFailure }

export type ReadDocument = {
  readonly format: FormatName
  readonly title: string | null
  /** At least one has text. No text is longer than `partLengthMax`. */
  readonly parts: readonly DocumentPart[]
  /** When it was said, where the file tells: milliseconds since the epoch. */
  readonly saidAt: number | null
}

export type FormatName = 'text' | 'markdown' | 'html' | 'json' | 'csv' | 'pdf' | 'docx' | 'email'

/**
 * `unsupported_document`: of no format that is read. `unreadable_document`: broken, encrypted, or too much for its parser.
 * `document_too_large`: beyond a limit. `empty_document`: nothing in it is text.
 */
export type DocumentErrorCode =
  | 'unsupported_document'
  | 'unreadable_document'
  | 'document_too_large'
  | 'empty_document'

/** The limits of one reading. Names and meaning as in `kernel/limits.ts`. */
export type DocumentBounds = {
  readonly bytesMax: number
  readonly timeoutMs: number
  readonly memoryBytesMax: number
  readonly lengthMax: number
  readonly partCountMax: number
  readonly partLengthMax: number
  readonly pageCountMax: number
  readonly zipEntryCountMax: number
  readonly zipBytesMax: number
  readonly zipRatioMax: number
  readonly htmlDepthMax: number
  readonly jsonDepthMax: number
  readonly attachmentCountMax: number
  readonly attachmentDepthMax: number
}

export const documentBounds = ({
  fileBytesMax,
  fileTimeoutMs,
}: Pick<Limits, 'fileBytesMax' | 'fileTimeoutMs'>): DocumentBounds => ({
  bytesMax: fileBytesMax,
  timeoutMs: fileTimeoutMs,
  memoryBytesMax: limits.FILE_MEMORY_BYTES_MAX,
  lengthMax: limits.DOCUMENT_LENGTH_MAX,
  partCountMax: limits.DOCUMENT_PART_COUNT_MAX,
  partLengthMax: limits.DOCUMENT_PART_LENGTH_MAX,
  pageCountMax: limits.PDF_PAGE_COUNT_MAX,
  zipEntryCountMax: limits.ZIP_ENTRY_COUNT_MAX,
  zipBytesMax: limits.ZIP_BYTES_MAX,
  zipRatioMax: limits.ZIP_RATIO_MAX,
  htmlDepthMax: limits.HTML_DEPTH_MAX,
  jsonDepthMax: limits.JSON_DEPTH_MAX,
  attachmentCountMax: limits.ATTACHMENT_COUNT_MAX,
  attachmentDepthMax: limits.ATTACHMENT_DEPTH_MAX,
})
