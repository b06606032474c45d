/**
 * HTML to Markdown of the plainest kind: headings, lists, paragraphs, code. Rows of tables become lines of `column: value`. Nothing that
 * the page refers to is looked at.
 */
import type { DomNode, FormatCallback, HtmlToTextOptions } from 'html-to-text'
import type { DocumentBounds } from './document.ts'
import { formatTable } from './html-table.ts'
import { UnreadableDocument } from './unreadable-document.ts'

/** Stands where something is nested too deeply. It is no character of any text. */
const TOO_DEEP = '\u{10fffd}'

/** What is not said by the page but belongs to its use or its looks. */
const skipped = [
  ...['script', 'style', 'noscript', 'template', 'head', 'title', 'nav', 'svg', 'math', 'canvas', 'object'],
  ...['iframe', 'audio', 'video', 'img', 'button', 'select', 'textarea', 'input', 'dialog', 'wbr'],
]

const formatHeading: FormatCallback = (elem, walk, builder) => {
  const level = Number(elem.name?.slice(1)) || 1
  builder.openBlock({ leadingLineBreaks: 2 })
  walk(elem.children, builder)
  builder.closeBlock({
    trailingLineBreaks: 2,
    blockTransform: (text) => (text.trim() === '' ? '' : `${'#'.repeat(level)} ${text.replace(/\s+/g, ' ')}`),
  })
}

const formatCode: FormatCallback = (elem, walk, builder) => {
  builder.openBlock({ isPre: true, leadingLineBreaks: 2 })
  walk(elem.children, builder)
  builder.closeBlock({
    trailingLineBreaks: 2,
    blockTransform: (text) => (text.trim() === '' ? '' : `\`\`\`\n${text.replaceAll('```', "'''")}\n\`\`\``),
  })
}

const formatRule: FormatCallback = (_elem, _walk, builder) => {
  builder.openBlock({ leadingLineBreaks: 2 })
  builder.closeBlock({ trailingLineBreaks: 2 })
}

const formatTerm: FormatCallback = (elem: DomNode, walk, builder) => {
  builder.openBlock({ leadingLineBreaks: 2 })
  walk(elem.children, builder)
  builder.closeBlock({ trailingLineBreaks: 1, blockTransform: (text) => text.replace(/:?$/, ':') })
}

const optionsOf = (bounds: Pick<DocumentBounds, 'htmlDepthMax'>): HtmlToTextOptions => ({
  wordwrap: false,
  limits: { maxDepth: bounds.htmlDepthMax, ellipsis: TOO_DEEP },
  formatters: { ...{ formatHeading, formatCode, formatRule, formatTerm, formatTable } },
  selectors: [
    ...skipped.map((selector) => ({ selector, format: 'skip' })),
    { selector: '*[hidden]', format: 'skip' },
    { selector: '*[aria-hidden="true"]', format: 'skip' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, format: 'formatHeading' })),
    { selector: 'pre', format: 'formatCode' },
    { selector: 'hr', format: 'formatRule' },
    { selector: 'dt', format: 'formatTerm' },
    ...[
      'dl',
      'dd',
      'address',
      'figure',
      'figcaption',
      'details',
      'summary',
      'fieldset',
      'legend',
      'caption',
    ].map((selector) => ({
      selector,
      format: 'block',
      options: { leadingLineBreaks: 1, trailingLineBreaks: 1 },
    })),
    { selector: 'table', format: 'formatTable' },
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'ul', options: { itemPrefix: '- ' } },
  ],
})

/** Throws an UnreadableDocument for what is nested too deeply. */
export const htmlText = async (
  html: string,
  bounds: Pick<DocumentBounds, 'htmlDepthMax'>,
): Promise<string> => {
  const { convert } = await import('html-to-text')
  const text = convert(html.replaceAll(TOO_DEEP, ''), optionsOf(bounds))
  if (text.includes(TOO_DEEP))
    throw new UnreadableDocument(
      'document_too_large',
      `its elements are nested more than ${bounds.htmlDepthMax} deep`,
    )
  return text
}
