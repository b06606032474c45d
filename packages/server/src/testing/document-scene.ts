/** Reads files for tests: in this thread, with the usual bounds and a few of the test's own. */
import {
  type DocumentBounds,
  type DocumentPart,
  documentBounds,
  type FileSource,
  type ReadDocument,
} from '../documents/document.ts'
import { readSource } from '../documents/read-source.ts'
import { defaultLimits } from '../kernel/limits.ts'

export const usualBounds: DocumentBounds = documentBounds(defaultLimits)

type Given = Partial<Omit<FileSource, 'bytes'>> & { readonly bounds?: Partial<DocumentBounds> }

export const fileSource = (content: string | Uint8Array, given: Omit<Given, 'bounds'> = {}): FileSource => ({
  bytes: Buffer.from(content),
  filename: null,
  mediaType: null,
  ...given,
})

export const readFile = (
  content: string | Uint8Array,
  { bounds, ...given }: Given = {},
): Promise<ReadDocument> => readSource(fileSource(content, given), { ...usualBounds, ...bounds })

/** The parts as `[label, text]`, or `[label, code, detail]` of what failed. */
export const partsOf = ({ parts }: ReadDocument): readonly (readonly (string | null)[])[] =>
  parts.map((part: DocumentPart) =>
    'text' in part ? [part.label, part.text] : [part.label, part.failure.code, part.failure.detail],
  )

export const textOf = (document: ReadDocument): string =>
  document.parts.map((part) => ('text' in part ? part.text : '')).join('\n\n')
