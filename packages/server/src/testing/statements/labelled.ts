/**
 * Statements as extraction makes them, each with the kind it is of and whether it tells who the user is. The rules that tell kinds apart
 * were written by the lists named `tuning-…`. How good they are is measured on those named `held-out-…`: before the rules are changed
 * for one of their statements, a new list takes its place.
 */
import type { TopicKind } from '../../projects/group.ts'

export type LabelledStatement = {
  readonly text: string
  /** Of preference, episode, emotion, temporal and fact. */
  readonly kind: TopicKind
  readonly isIdentity: boolean
}

/** One a line: the kind, `*` behind it for identity, then the statement. */
export const labelled = (lines: string): readonly LabelledStatement[] =>
  lines
    .trim()
    .split('\n')
    .map((line) => {
      const [, kind = '', mark, text = ''] = /^(\w+)(\*?) (.+)$/.exec(line.trim()) ?? []
      // safety: the lists are ours, and a kind that does not exist fails every statement of it
      return { text, kind: kind as TopicKind, isIdentity: mark === '*' }
    })
