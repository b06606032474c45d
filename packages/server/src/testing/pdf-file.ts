/** Writes small PDF files by hand, whole or broken in a chosen place. */
import { deflateSync } from 'node:zlib'

/** A line of a page: its text in a size (12), and how far below the line before it (14). `x` moves it to a column. */
export type PdfLine = {
  readonly text: string
  readonly size?: number
  readonly down?: number
  readonly x?: number
}

export type PdfPage = readonly (string | PdfLine)[]

type PdfOptions = {
  readonly title?: string
  /** What stands for the content of a page, by its number from 0. */
  readonly contents?: Readonly<Record<number, Buffer>>
  /** Entries of the trailer, `/Encrypt 9 0 R`. */
  readonly trailer?: string
  /** Objects after all others. */
  readonly more?: readonly string[]
  /** Entries of the catalog. */
  readonly catalog?: string
}

const escaped = (text: string): string => text.replace(/[\\()]/g, '\\$&')

const contentOf = (page: PdfPage): string => {
  let y = 740
  const shown = page.map((each) => {
    const { text, size = 12, down = 14, x = 72 } = typeof each === 'string' ? { text: each } : each
    y -= down
    return `/F1 ${size} Tf 1 0 0 1 ${x} ${y} Tm (${escaped(text)}) Tj`
  })
  return `BT ${shown.join('\n')} ET`
}

/** A stream that is packed, as pages have them. */
export const packedStream = (content: Buffer | string, entries = ''): Buffer => {
  const packed = deflateSync(content)
  return Buffer.concat([
    Buffer.from(`<< /Length ${packed.length} /Filter /FlateDecode ${entries}>>\nstream\n`),
    packed,
    Buffer.from('\nendstream'),
  ])
}

export const pdfFile = (pages: readonly PdfPage[], options: PdfOptions = {}): Buffer => {
  const { title, contents = {}, trailer = '', more = [], catalog = '' } = options
  const objects: Buffer[] = [
    Buffer.from(`<< /Type /Catalog /Pages 2 0 R ${catalog}>>`),
    Buffer.from(
      `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, at) => `${5 + 2 * at} 0 R`).join(' ')}] >>`,
    ),
    Buffer.from('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>'),
    Buffer.from(title === undefined ? '<< >>' : `<< /Title (${escaped(title)}) >>`),
    ...pages.flatMap((page, at) => [
      Buffer.from(
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents ${6 + 2 * at} 0 R >>`,
      ),
      contents[at] ?? packedStream(Buffer.from(contentOf(page), 'latin1')),
    ]),
    ...more.map((object) => Buffer.from(object, 'latin1')),
  ]
  const chunks = [Buffer.from('%PDF-1.5\n%\xe2\xe3\xcf\xd3\n', 'latin1')]
  let length = chunks[0]?.length ?? 0
  const offsets = objects.map((object, at) => {
    const offset = length
    const chunk = Buffer.concat([Buffer.from(`${at + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')])
    chunks.push(chunk)
    length += chunk.length
    return offset
  })
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const size = objects.length + 1
  chunks.push(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R /Info 4 0 R ${trailer}>>\nstartxref\n${length}\n%%EOF\n`,
    ),
  )
  return Buffer.concat(chunks)
}
