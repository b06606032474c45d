import { createHash } from 'node:crypto'
import { CONTENT_KEY_LENGTH_MAX } from '../kernel/limits.ts'
import { foldPunctuation } from './fold.ts'

/**
 * The same key for statements that differ only in case, white space, forms of quotes and dashes, or the sign at their end. Numbers, identifiers,
 * inner punctuation and order count, and text in backticks counts to the letter. A long text is represented by its digest.
 */
export const contentKey = (content: string): string => {
  const key = content
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : foldProse(part)))
    .join('')
    .trim()
    .replace(/[\s.!\u3002]+$/u, '')
  return key.length <= CONTENT_KEY_LENGTH_MAX
    ? key
    : `sha256:${createHash('sha256').update(key).digest('hex')}`
}

/** Capitals at the start of a word or throughout are a matter of style; inside a word they are part of a name. */
const plainWord = /(?<![\p{L}\p{M}\p{N}_/.-])(?:\p{Lu}\p{Ll}*|\p{Lu}+)(?![\p{L}\p{M}\p{N}_/])/gu

const foldProse = (text: string): string =>
  foldPunctuation(text)
    .replace(plainWord, (word) => word.toLowerCase())
    .replace(/\s+/gu, ' ')
