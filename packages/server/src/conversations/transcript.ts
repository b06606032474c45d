/** Transcripts of whole conversations: a list of turns, or a text with a label before each of them. */
import { problem } from '../kernel/problem.ts'
import { transcriptOf } from '../models/rules/transcript.ts'
import type { MessageRole } from './conversation.ts'

/** One turn as it comes: `role` may be any label that a diarisation gives. */
export type GivenTurn = {
  readonly role: string
  readonly content: string
  /** Milliseconds since the epoch. */
  readonly saidAt?: number
  readonly speaker?: string
  readonly metadata?: Readonly<Record<string, unknown>>
}

export type Transcript = string | readonly GivenTurn[]

export type Turn = Omit<GivenTurn, 'role'> & { readonly role: MessageRole }

/** The turns in which something is said. Throws Problem `empty_content` when there is none. */
export const turnsOf = (transcript: Transcript): readonly Turn[] => {
  const given = typeof transcript === 'string' ? linesOf(transcript) : transcript
  const turns = given.filter(({ content }) => content.trim() !== '').map(toTurn)
  if (turns.length === 0) throw problem('empty_content', 'Nothing is said in the transcript.')
  return turns
}

/** A text without labels is one turn, of the user. */
const linesOf = (text: string): readonly GivenTurn[] =>
  transcriptOf(text)?.map(({ speaker, text: content }) => ({ role: speaker, content })) ?? [
    { role: 'user', content: text.trim() },
  ]

const userLabels: ReadonlySet<string> = new Set(['user', 'human'])
/** Labels that say which side speaks, not who. */
const sideLabels: ReadonlySet<string> = new Set([...userLabels, 'assistant', 'ai', 'bot', 'agent', 'system'])

const toTurn = ({ role: label, speaker, ...turn }: GivenTurn): Turn => {
  const folded = label.trim().toLowerCase()
  const name = speaker ?? (sideLabels.has(folded) ? undefined : label.trim())
  return {
    ...turn,
    role: userLabels.has(folded) ? 'user' : 'assistant',
    ...(name !== undefined && name !== '' && { speaker: name }),
  }
}
