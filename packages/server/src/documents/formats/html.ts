import { textOf } from '../decode-text.ts'
import { htmlText } from '../html-text.ts'
import { sectionsOf } from '../sections.ts'
import type { DocumentFormat } from './format.ts'

/** Characters in which a page names its charset and its title. */
const HEAD_LENGTH = 65_536

const start =
  /^(?:[\s\ufeff]|\xef\xbb\xbf|<\?xml[^>]{0,200}\?>|<!--(?:[^-]|-(?!->)){0,2000}-->)*<(?:!doctype\s+html|html|head|body)\b/i

/** HTML gives what it says, section by section, without what serves its looks and its use. */
export const html: DocumentFormat = {
  name: 'html',
  mediaTypes: ['text/html', 'application/xhtml+xml'],
  extensions: ['html', 'htm', 'xhtml'],
  recognises: ({ head, text }) => start.test(text?.slice(0, HEAD_LENGTH) ?? head),
  read: async (source, { bounds }) => {
    const head = Buffer.from(source.bytes.subarray(0, HEAD_LENGTH)).toString('latin1')
    const charset = /<meta[^>]{0,300}?charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(head)?.[1] ?? null
    const markup = textOf(source, charset)
    const title = /<title[^>]{0,200}>([^<]{1,1000})/i.exec(markup.slice(0, HEAD_LENGTH))?.[1]
    const { title: heading, pieces } = sectionsOf(await htmlText(markup, bounds))
    const named = title === undefined ? '' : await htmlText(`<p>${title}</p>`, bounds)
    return { title: named.trim() || heading, pieces }
  },
}
