/** What a compaction reads like, in the formats that clients ask for. All of them hold the same statements. */
import type { Compaction, RecordedMessage } from '../../conversations/conversation.ts'

export const compactedFormats = ['structured', 'narrative', 'injection'] as const
export type CompactedFormat = (typeof compactedFormats)[number]

export const promptStyles = ['structured', 'narrative', 'bullet_points'] as const
export type PromptStyle = (typeof promptStyles)[number]

/** A compaction of which fewer names and numbers are left is told to be one with a loss. */
export const VALIDATION_SCORE_MIN = 0.5

export const compactedText = (compaction: Compaction, format: CompactedFormat | PromptStyle): string => {
  switch (format) {
    case 'structured':
      return structured(compaction)
    case 'narrative':
      return compaction.text.split('\n').join(' ')
    case 'bullet_points':
      return bulleted(compaction.text.split('\n'))
    case 'injection':
      return injected(compaction)
  }
}

/**
 * What a prompt is given of a conversation: what it came to, and the messages since, word for word. Null where there is neither. Packages for
 * other frameworks put this text into the prompt and read nothing else.
 */
export const promptText = (
  {
    compaction,
    recent,
  }: { readonly compaction: Compaction | null; readonly recent: readonly RecordedMessage[] },
  style: PromptStyle,
): string | null => {
  const parts = [
    compaction === null ? '' : compactedText(compaction, style),
    recent.length === 0 ? '' : recentText(recent.map(labelled), style),
  ].filter((part) => part !== '')
  return parts.length === 0 ? null : parts.join(style === 'bullet_points' ? '\n' : '\n\n')
}

const labelled = ({ role, speaker, content }: RecordedMessage): string =>
  `${speaker ?? (role === 'user' ? 'User' : 'Assistant')}: ${content}`

const recentText = (lines: readonly string[], style: PromptStyle): string => {
  switch (style) {
    case 'structured':
      return `## Recent messages\n${bulleted(lines)}`
    case 'narrative':
      return lines.join('\n')
    case 'bullet_points':
      return bulleted(lines)
  }
}

const sectionsOf = ({ facts, decisions, preferences, currentState }: Compaction) =>
  [
    ['Facts', facts],
    ['Decisions', decisions],
    ['Preferences', preferences],
    ['Current state', currentState === '' ? [] : currentState.split('\n')],
  ] as const

const structured = (compaction: Compaction): string =>
  sectionsOf(compaction)
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `## ${title}\n${bulleted(lines)}`)
    .join('\n\n')

const injected = (compaction: Compaction): string => {
  const sections = sectionsOf(compaction).filter(([, lines]) => lines.length > 0)
  if (sections.length === 0) return ''
  const inner = sections.map(([title, lines]) => `${title}: ${lines.join(' ')}`).join('\n')
  return `<conversation_context>\n${inner}\n</conversation_context>`
}

const bulleted = (lines: readonly string[]): string =>
  lines
    .filter((line) => line !== '')
    .map((line) => `- ${line}`)
    .join('\n')

const toItems = (lines: readonly string[]) => lines.map((content) => ({ content }))

/** What is told apart in it, as lists of objects. */
export const extractionsOf = ({ facts, decisions, preferences }: Compaction) => ({
  facts: toItems(facts),
  decisions: toItems(decisions),
  preferences: toItems(preferences),
})

export const currentStateOf = ({ currentState }: Compaction) =>
  currentState === '' ? {} : { last_said: currentState }

/** What of it is kept, as a share; 1 where there was nothing. */
export const ratioOf = ({ originalTokens, compactedTokens }: Compaction): number =>
  originalTokens === 0 ? 1 : compactedTokens / originalTokens
