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
  if (error instanceof RangeError && /call stack/i.test(error.message))
    return new UnreadableDocument('unreadable_document', 'its parts are nested too deeply', { cause: error })
  const reason = error instanceof Error ? error.message : String(error)
  return new UnreadableDocument('unreadable_document', `it cannot be read: ${oneLine(reason)}`, {
    cause: error,
  })
}

/** Characters of a parser's own words that are passed on. */
const REASON_LENGTH = 200

const oneLine = (reason: string): string =>
  reason.replace(/\s+/g, ' ').trim().slice(0, REASON_LENGTH).toWellFormed() || 'the parser does not say why'
