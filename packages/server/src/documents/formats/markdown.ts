import { textOf } from '../decode-text.ts'
import { plainMarkdown } from '../plain-markdown.ts'
import { sectionsOf } from '../sections.ts'
import type { DocumentFormat } from './format.ts'

const FRONT_MATTER = /^\ufeff?---[ \t]*\r?\n([\s\S]{0,20000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/

/** Markdown keeps its headings, lists and code, and loses what is only for the eye. What stands before it about itself is its first part. */
export const markdown: DocumentFormat = {
  name: 'markdown',
  mediaTypes: ['text/markdown', 'text/x-markdown'],
  extensions: ['md', 'markdown', 'mdown', 'mkd', 'mdx'],
  read: async (source) => {
    const text = textOf(source)
    const front = FRONT_MATTER.exec(text)
    const { title, pieces } = sectionsOf(plainMarkdown(text.slice(front?.[0].length ?? 0)))
    if (front === null) return { title, pieces }
    const fields = front[1] ?? ''
    const named = /^title:[ \t]*["']?(.*?)["']?[ \t]*$/m.exec(fields)?.[1]
    return { title: named || title, pieces: [{ label: 'front matter', text: fields }, ...pieces] }
  },
}
