import type { Address, Attachment, Email } from 'postal-mime'
import type { FileSource } from '../document.ts'
import { htmlText } from '../html-text.ts'
import { asUnreadable, UnreadableDocument } from '../unreadable-document.ts'
import type { DocumentFormat, FormatContext, Piece } from './format.ts'

const field =
  /^(?:from|to|cc|subject|date|received|message-id|mime-version|return-path|reply-to|content-type|delivered-to|sender)[ \t]*:/i

/** Fields that a text must begin with to be an e-mail. */
const FIELD_COUNT_MIN = 3
/** Nesting of the pieces of one message. */
const MIME_DEPTH_MAX = 64
/** Bytes of all the headers of one message. */
const HEADER_BYTES_MAX = 1_048_576

/** An e-mail gives who writes to whom and when, its text, and its attachments by the formats they are of. */
export const email: DocumentFormat = {
  name: 'email',
  mediaTypes: ['message/rfc822'],
  extensions: ['eml'],
  recognises: ({ head }) => {
    const [header = ''] = head.split(/\r?\n[ \t]*\r?\n/, 1)
    const lines = header.split(/\r?\n(?![ \t])/)
    const fields = lines.filter((line) => field.test(line))
    return (
      fields.length >= FIELD_COUNT_MIN &&
      fields.some((line) => /^(?:from|received|message-id)/i.test(line)) &&
      lines.every((line, at) => /^[\w-]{1,80}[ \t]*:/.test(line) || (at === 0 && line.startsWith('From ')))
    )
  },
  read: async ({ bytes }, context) => {
    const message = await parse(bytes)
    if (message.headers.length === 0)
      throw new UnreadableDocument('unreadable_document', 'it has no header of an e-mail')
    const header = headerOf(message)
    const pieces = [await bodyOf(message, header, context), ...(await attachmentsOf(message, context))]
    const sentAt = Date.parse(message.date ?? '')
    return { title: message.subject ?? null, pieces, saidAt: Number.isNaN(sentAt) ? null : sentAt }
  },
}

const parse = async (bytes: Uint8Array): Promise<Email> => {
  const { default: PostalMime } = await import('postal-mime')
  return PostalMime.parse(bytes, {
    forceRfc822Attachments: true,
    maxNestingDepth: MIME_DEPTH_MAX,
    maxHeadersSize: HEADER_BYTES_MAX,
  })
}

const headerOf = ({ from, to, cc, subject, date }: Email): string => {
  const fields = [
    ['From', addressText(from === undefined ? [] : [from])],
    ['To', addressText(to ?? [])],
    ['Cc', addressText(cc ?? [])],
    ['Date', date ?? ''],
    ['Subject', (subject ?? '').replace(/\s+/g, ' ')],
  ] as const
  return fields.flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`])).join('\n')
}

/** Addresses of one field that are told. */
const ADDRESS_COUNT_MAX = 50

const addressText = (addresses: readonly Address[]): string => {
  const boxes = addresses.flatMap((one) => (one.group === undefined ? [one] : one.group))
  const told = boxes
    .slice(0, ADDRESS_COUNT_MAX)
    .map(({ name, address }) => (name === '' ? address : `${name} <${address}>`))
  return [...told, ...(boxes.length > told.length ? [`and ${boxes.length - told.length} more`] : [])].join(
    ', ',
  )
}

const bodyOf = async ({ text, html }: Email, header: string, { bounds }: FormatContext): Promise<Piece> => {
  try {
    const plain = text?.trim() ?? ''
    const body = plain === '' && html !== undefined ? (await htmlText(html, bounds)).trim() : plain
    return { label: 'message', text: `${header}\n\n${body}` }
  } catch (error) {
    return failed('message', error)
  }
}

const failed = (label: string, error: unknown): Piece => {
  const { code, message } = asUnreadable(error)
  return { label, failure: { code, detail: message } }
}

const attachmentsOf = async ({ attachments }: Email, context: FormatContext): Promise<readonly Piece[]> => {
  // Pictures within a message are logos and the like.
  const told = attachments.filter((one) => !(isInline(one) && one.mimeType.startsWith('image/')))
  const pieces: Piece[] = []
  for (const [at, attachment] of told.entries()) {
    if (!context.takeAttachment()) {
      const detail = `of all its attachments only ${context.bounds.attachmentCountMax} are read`
      const left = told.length - at
      const label = left === 1 ? '1 more attachment' : `${left} more attachments`
      return [...pieces, { label, failure: { code: 'document_too_large', detail } }]
    }
    pieces.push(...(await readAttachment(attachment, at + 1, context)))
  }
  return pieces
}

const isInline = ({ disposition, related }: Attachment): boolean =>
  related === true || disposition === 'inline'

const readAttachment = async (
  { content, filename, mimeType }: Attachment,
  number: number,
  context: FormatContext,
): Promise<readonly Piece[]> => {
  const label =
    filename?.trim() || (mimeType === 'message/rfc822' ? 'attached message' : `attachment ${number}`)
  const bytes = typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content)
  const source: FileSource = { bytes, filename, mediaType: mimeType }
  try {
    const { parts } = await context.readAttachment(source)
    return parts.map((part) => ({ ...part, label: part.label === null ? label : `${label} › ${part.label}` }))
  } catch (error) {
    return [failed(label, error)]
  }
}
