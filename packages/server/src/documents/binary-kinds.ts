/** What a file that is not read seems to be, so that its sender is told more than no. */
import type { Probe } from './formats/format.ts'

const startsWith =
  (...starts: readonly string[]) =>
  ({ head }: Probe): boolean =>
    starts.some((start) => head.startsWith(start))

const hasEntry =
  (start: string) =>
  ({ entryNames }: Probe): boolean =>
    entryNames.some((name) => name.startsWith(start))

const isContainer =
  (kind: RegExp, at: number) =>
  ({ head }: Probe): boolean =>
    kind.test(head.slice(at, at + 8))

type Kind = readonly [kind: string, isIt: (probe: Probe) => boolean]

/** Written in characters, and yet not to be read as text. */
const markupKinds: readonly Kind[] = [
  ['an RTF file; save it as DOCX or PDF', startsWith('{\\rtf')],
  ['PostScript; save it as PDF', startsWith('%!PS')],
  [
    'an SVG image',
    ({ head }) =>
      /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)?(?:<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/.test(head),
  ],
]

const binaryKinds: readonly Kind[] = [
  ['an Excel workbook; save it as CSV', hasEntry('xl/')],
  ['a PowerPoint presentation; save it as PDF', hasEntry('ppt/')],
  ['an e-book', hasEntry('META-INF/container.xml')],
  ['a Java archive', hasEntry('META-INF/MANIFEST.MF')],
  ['an OpenDocument file; save it as DOCX or PDF', hasEntry('content.xml')],
  ['a zip file; send what is in it', startsWith('PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08')],
  [
    'an old Office file (.doc, .xls, .ppt or .msg); save it in a newer format',
    startsWith('\xd0\xcf\x11\xe0'),
  ],
  ['a PNG image', startsWith('\x89PNG')],
  ['a JPEG image', startsWith('\xff\xd8\xff')],
  ['a GIF image', startsWith('GIF87a', 'GIF89a')],
  ['a TIFF image', startsWith('II*\0', 'MM\0*')],
  ['a BMP image', ({ head }) => /^BM.{4}\0\0\0\0/s.test(head)],
  ['a WebP image', isContainer(/^WEBP/, 8)],
  ['an HEIC or AVIF image', isContainer(/^ftyp(?:hei|hev|mif|avi)/, 4)],
  ['an audio file', startsWith('ID3', 'OggS', 'fLaC', '\xff\xfb', '\xff\xf3', '\xff\xf2', '#!AMR')],
  ['an audio file', isContainer(/^(?:WAVE|ftypM4A)/, 8)],
  ['an audio file', isContainer(/^ftypM4A/, 4)],
  ['a video', isContainer(/^ftyp/, 4)],
  ['a video', isContainer(/^AVI /, 8)],
  ['a video', startsWith('\x1aE\xdf\xa3', '\0\0\x01\xba')],
  ['a Windows program', startsWith('MZ')],
  ['a program', startsWith('\x7fELF', '\xcf\xfa\xed\xfe', '\xca\xfe\xba\xbe', '\0asm')],
  ['a gzip file; unpack it first', startsWith('\x1f\x8b')],
  [
    'an archive; send what is in it',
    startsWith('7z\xbc\xaf\x27\x1c', 'Rar!\x1a\x07', 'BZh', '\xfd7zXZ', '\x28\xb5\x2f\xfd'),
  ],
  ['a tar archive; send what is in it', ({ head }) => head.slice(257, 262) === 'ustar'],
  ['a SQLite database', startsWith('SQLite format 3\0')],
  ['a font', startsWith('wOFF', 'wOF2', 'OTTO', '\0\x01\0\0')],
]

/** What a file that is not read seems to be, `a PNG image`; null when it may be read, or nothing is known of it. */
export const unsupportedKindOf = (probe: Probe): string | null =>
  [...markupKinds, ...(probe.text === null ? binaryKinds : [])].find(([, isIt]) => isIt(probe))?.[0] ?? null
