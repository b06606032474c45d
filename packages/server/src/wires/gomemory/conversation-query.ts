import { QUERY_LENGTH_MAX } from '../../kernel/limits.ts'
import type { WireMessage } from './messages.ts'

/** The latest sentences of a conversation are its query, as many as come to this many characters. */
const QUERY_LENGTH_MIN = 500

const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' })

/**
 * What a conversation is about just now: its last sentences, newest first to be taken and oldest first to be read, those of a message in
 * one line. A sentence is never cut, nor does a dot inside a number or a word end one.
 */
export const conversationQuery = (messages: readonly WireMessage[]): string => {
  const lines: string[] = []
  let length = 0
  for (const { content } of messages.toReversed()) {
    const taken: string[] = []
    for (const sentence of sentencesOf(content).toReversed()) {
      if (length >= QUERY_LENGTH_MIN) break
      taken.unshift(sentence)
      length += sentence.length
    }
    if (taken.length > 0) lines.unshift(taken.join(' '))
    if (length >= QUERY_LENGTH_MIN) break
  }
  return lines.join('\n').slice(-QUERY_LENGTH_MAX)
}

const sentencesOf = (text: string): readonly string[] =>
  [...segmenter.segment(text)].map(({ segment }) => segment.trim()).filter((sentence) => sentence !== '')
