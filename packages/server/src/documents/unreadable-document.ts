import { StepError } from '../kernel/step-error.ts'
import type { DocumentErrorCode } from './document.ts'

/**
 * A file that gives no text, and why. It is final: the same bytes will not be read another time either. The message is a sentence
 * about the file, for whoever sent it.
 */
export class UnreadableDocument extends StepError {
  override readonly code: DocumentErrorCode

  constructor(code: DocumentErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(code, message, options)
    this.code = code
  }
}

/** What was thrown, as a failure of the file: whatever a parser throws is about the file, not about us. */
export const asUnreadable = (error: unknown): UnreadableDocument => {
  if (error instanceof UnreadableDocument) return error
  if (isTooDeep(error))
    return new UnreadableDocument('unreadable_document', 'its parts are nested too deeply', { cause: error })
  return broken('it cannot be read', error)
}

/** `the PDF is broken: …`, in the words of the parser. A failure that says what it is stays as it is. */
export const broken = (what: string, error: unknown): UnreadableDocument =>
  error instanceof UnreadableDocument || isTooDeep(error)
    ? asUnreadable(error)
    : new UnreadableDocument('unreadable_document', `${what}: ${reasonOf(error)}`, { cause: error })

const isTooDeep = (error: unknown): boolean =>
  error instanceof RangeError && /call stack/i.test(error.message)

/** Characters of a parser's own words that are passed on. */
const REASON_LENGTH = 200

const reasonOf = (error: unknown): string => {
  const said = error instanceof Error ? error.message : String(error)
  return (
    said.replace(/\s+/g, ' ').trim().slice(0, REASON_LENGTH).toWellFormed() || 'its parser does not say why'
  )
}
