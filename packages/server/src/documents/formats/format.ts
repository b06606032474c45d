/** The port of a format: how it is recognised, and how a file of it becomes pieces of text. */
import type { DocumentBounds, FileSource, FormatName, PartFailure, ReadDocument } from '../document.ts'

/** What a format is recognised by. */
export type Probe = {
  readonly source: FileSource
  /** The first bytes, one character each. */
  readonly head: string
  /** The whole as text, or null when it is none. */
  readonly text: string | null
  /** Names of the entries, when it is a zip file. */
  readonly entryNames: readonly string[]
}

/** Text of any length, to be cut into parts. `context` stands above each of them. */
export type TextPiece = { readonly label: string | null; readonly context?: string; readonly text: string }

export type Piece = TextPiece | { readonly label: string | null; readonly failure: PartFailure }

export type Reading = {
  readonly title: string | null
  readonly pieces: readonly Piece[]
  readonly saidAt?: number | null
}

export type FormatContext = {
  readonly bounds: DocumentBounds
  /** Whether one more attachment may be read; it is counted. */
  readonly takeAttachment: () => boolean
  /** Reads an attachment. Its failure is thrown, as an UnreadableDocument. */
  readonly readAttachment: (source: FileSource) => Promise<ReadDocument>
}

export type DocumentFormat = {
  readonly name: FormatName
  /** Without parameters. */
  readonly mediaTypes: readonly string[]
  readonly extensions: readonly string[]
  /** Whether the content can be nothing else. A format without it is known by its names only. */
  readonly recognises?: (probe: Probe) => boolean
  readonly read: (source: FileSource, context: FormatContext) => Promise<Reading>
}
