/** The kinds of memories that clients know: each is a topic of the groups of this wire. */
import type { Memory } from '../../memories/memory.ts'

/** `type`: of one memory. `list`: where many are told by kind. */
export const kinds = [
  { topic: 'Facts', type: 'fact', list: 'facts' },
  { topic: 'Preferences', type: 'preference', list: 'preferences' },
  { topic: 'Episodes', type: 'episode', list: 'episodes' },
  { topic: 'Emotions', type: 'emotion', list: 'emotions' },
  { topic: 'TemporalEvents', type: 'temporal_event', list: 'temporal_events' },
] as const
export type Kind = (typeof kinds)[number]

/** A topic that somebody has added to the group holds facts. */
export const kindOf = ({ scope }: Pick<Memory, 'scope'>): Kind =>
  kinds.find(({ topic }) => topic === scope.topic) ?? kinds[0]

/** Said by the user, or written in a document or by hand. */
const EXPLICIT = 1
/** Only said by an assistant, or told by a tool. */
const INFERRED = 0.75

/**
 * How sure it is that this was said by whom it is about: it tells who said it, and estimates nothing. These are the two values that clients
 * read for `explicit` and `inferred`.
 */
export const confidenceOf = ({ sources }: Pick<Memory, 'sources'>): number =>
  sources.length > 0 && sources.every(({ role }) => role === 'assistant' || role === 'tool')
    ? INFERRED
    : EXPLICIT
