import type { PDFDocumentProxy } from 'unpdf/pdfjs'
import { joinPages, type PlacedText, pageTexts } from '../pdf-layout.ts'
import { broken, UnreadableDocument } from '../unreadable-document.ts'
import type { DocumentFormat, Piece } from './format.ts'

/** A PDF gives the text of its pages; pages are put together to parts. Pictures of text give none, links and programs are left alone. */
export const pdf: DocumentFormat = {
  name: 'pdf',
  mediaTypes: ['application/pdf', 'application/x-pdf'],
  extensions: ['pdf'],
  // Some have other bytes before it; in a text the mark may be talked about.
  recognises: ({ head, text }) =>
    /^(?:\xef\xbb\xbf)?\s*%PDF-\d/.test(head) || (text === null && head.slice(0, 1_024).includes('%PDF-')),
  read: async ({ bytes }, { bounds }) => {
    using listening = listenToWarnings()
    const document = await open(bytes)
    const pageCount = document.numPages
    if (pageCount > bounds.pageCountMax)
      throw new UnreadableDocument('document_too_large', `the PDF has more than ${bounds.pageCountMax} pages`)
    const pages: Page[] = []
    for (let number = 1; number <= pageCount; number += 1) {
      listening.warnings.length = 0
      pages.push(await readPage(document, number, listening.warnings))
    }
    const pieces = piecesOf(pages, bounds.partLengthMax)
    if (pieces.length === 0)
      throw new UnreadableDocument('empty_document', 'the PDF has no text; it may be made of pictures')
    return { title: await titleOf(document), pieces }
  },
}

type Page = readonly PlacedText[] | UnreadableDocument

const open = async (bytes: Uint8Array): Promise<PDFDocumentProxy> => {
  const { getDocumentProxy } = await import('unpdf')
  try {
    return await getDocumentProxy(new Uint8Array(bytes), {
      verbosity: 1,
      useSystemFonts: false,
      disableFontFace: true,
      useWasm: false,
      useWorkerFetch: false,
      enableXfa: false,
      isOffscreenCanvasSupported: false,
      isImageDecoderSupported: false,
      maxImageSize: 1,
      fontExtraProperties: false,
    })
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException')
      throw new UnreadableDocument('unreadable_document', 'the PDF is encrypted', { cause: error })
    throw broken('the PDF is broken', error)
  }
}

/** What the library warns of, in place of printing it. Of a page whose content is broken it only warns, and gives an empty one. */
const listenToWarnings = (): Disposable & { readonly warnings: string[] } => {
  const { warn } = console
  const warnings: string[] = []
  console.warn = (warning: unknown) => warnings.push(String(warning))
  return {
    warnings,
    [Symbol.dispose]: () => {
      console.warn = warn
    },
  }
}

const readPage = async (
  document: PDFDocumentProxy,
  number: number,
  warnings: readonly string[],
): Promise<Page> => {
  try {
    const page = await document.getPage(number)
    const { items } = await page.getTextContent()
    page.cleanup()
    if (items.length === 0 && warnings.some((warning) => warning.includes('Invalid stream')))
      return new UnreadableDocument('unreadable_document', 'the page is broken')
    return items.flatMap((item) => {
      if (!('str' in item)) return []
      const [, , c = 0, d = 0, x = 0, y = 0]: readonly number[] = item.transform
      return [{ text: item.str, x, y, width: item.width, size: Math.hypot(c, d), isLineEnd: item.hasEOL }]
    })
  } catch (error) {
    return broken('the page is broken', error)
  }
}

/** Readable pages as many as have room in a part; an unreadable one is told by itself. */
const piecesOf = (pages: readonly Page[], lengthMax: number): readonly Piece[] => {
  const texts = pageTexts(pages.map((page) => (page instanceof UnreadableDocument ? [] : page)))
  const pieces: Piece[] = []
  let [open, from, length]: [string[], number, number] = [[], 1, 0]
  const close = (to: number): void => {
    const text = joinPages(open)
    if (text !== '') pieces.push({ label: from === to ? `page ${from}` : `pages ${from}–${to}`, text })
    ;[open, length] = [[], 0]
  }
  pages.forEach((page, at) => {
    const [number, text] = [at + 1, texts[at] ?? '']
    if (page instanceof UnreadableDocument || length + text.length + 2 > lengthMax) {
      close(number - 1)
      from = number
    }
    if (page instanceof UnreadableDocument) {
      pieces.push({ label: `page ${number}`, failure: { code: page.code, detail: page.message } })
      from = number + 1
    } else {
      open.push(text)
      length += text.length + 2
    }
  })
  close(pages.length)
  return pieces
}

const titleOf = async (document: PDFDocumentProxy): Promise<string | null> => {
  // A title is nothing to fail for.
  const { info } = await document.getMetadata().catch(() => ({ info: {} }))
  const title = 'Title' in info ? info.Title : null
  return typeof title === 'string' && !/^(?:untitled|microsoft word)\b/i.test(title) ? title : null
}
