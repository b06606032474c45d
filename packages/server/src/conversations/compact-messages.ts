/**
 * Compaction by rules. The messages are read page by page, the statements in them collected, one a line; of more than may be kept the
 * most telling stay, word for word, in the order in which they were said. So it invents nothing, and says the same each time.
 */
import { COMPACTION_LENGTH_MAX, COMPACTION_NAME_COUNT_MAX } from '../kernel/limits.ts'
import { kindOf } from '../models/rules/kinds.ts'
import { rulesExtractor } from '../models/rules/rules-extractor.ts'
import { summarise } from '../models/rules/summary.ts'
import type { Topic } from '../projects/group.ts'
import {
  type CompactionContent,
  type CompactionStrategy,
  lengthOfTokens,
  type RecordedMessage,
  tokensOf,
} from './conversation.ts'

/** What was read so far. It is plain, so that an attempt can go on from the record of another. */
export type CompactionState = {
  readonly throughSeq: number
  /** Characters of the messages that it stands for. */
  readonly length: number
  readonly lines: readonly string[]
  /** Names and numbers that were said, in lower case. */
  readonly names: readonly string[]
  readonly lastSaid: { readonly user: string; readonly assistant: string }
}

/** Where a compaction begins: with nothing, or with an earlier one. */
export const beginCompaction = (
  earlier: Pick<CompactionContent, 'text' | 'throughSeq' | 'originalTokens'> | null,
): CompactionState => {
  const lines = earlier === null || earlier.text === '' ? [] : earlier.text.split('\n')
  return {
    throughSeq: earlier?.throughSeq ?? 0,
    length: lengthOfTokens(earlier?.originalTokens ?? 0),
    lines,
    names: [...new Set(lines.flatMap(namesIn))].slice(0, COMPACTION_NAME_COUNT_MAX),
    lastSaid: { user: '', assistant: '' },
  }
}

/** The extractor routes every statement to a topic; here all of them are wanted. */
const everything: Topic = {
  ...{ name: 'conversation', description: '', isBounded: false },
  scoping: { userScoped: false, scopeProperties: [] },
}

/** Lines are thinned out when they are more than this many times what may be kept: seldom, because that takes time. */
const SLACK = 2

/** Reads on. */
export const foldMessages = async (
  state: CompactionState,
  messages: readonly RecordedMessage[],
  signal: AbortSignal,
): Promise<CompactionState> => {
  const statements = await rulesExtractor.extract({
    passage: {
      type: 'conversation',
      saidAt: 0,
      messages: messages.map(({ role, content, speaker, saidAt }) => ({
        ...{ role, content, createdAt: saidAt },
        ...(speaker !== null && { name: speaker }),
      })),
    },
    topics: [everything],
    signal,
  })
  const lines = [...state.lines, ...statements.map(({ content }) => content)]
  const names = new Set([...state.names, ...messages.flatMap(({ content }) => namesIn(content))])
  const lastOf = (role: RecordedMessage['role']): string =>
    beginningOf(messages.findLast((message) => message.role === role)?.content ?? state.lastSaid[role])
  return {
    throughSeq: messages.at(-1)?.seq ?? state.throughSeq,
    length: messages.reduce((sum, { content }) => sum + [...content].length, state.length),
    lines: lengthOf(lines) > SLACK * COMPACTION_LENGTH_MAX ? thinned(lines, COMPACTION_LENGTH_MAX) : lines,
    names: [...names].slice(0, COMPACTION_NAME_COUNT_MAX),
    lastSaid: { user: lastOf('user'), assistant: lastOf('assistant') },
  }
}

const lengthOf = (lines: readonly string[]): number => lines.reduce((sum, { length }) => sum + length + 1, 0)

const thinned = (lines: readonly string[], lengthMax: number): readonly string[] => {
  const text = summarise(null, lines, lengthMax)
  return text === '' ? [] : text.split('\n')
}

/** The share of the conversation that each strategy keeps at most. */
const shares: Readonly<Record<CompactionStrategy, number>> = {
  aggressive: 0.1,
  balanced: 0.25,
  conservative: 0.5,
  adaptive: 0.5,
}
/** A long conversation is not worth more than this to the adaptive strategy. */
const ADAPTIVE_TOKENS_MAX = 2_000

/** What the state comes to in the end. */
export const finishCompaction = (
  state: CompactionState,
  { strategy, targetTokens }: Pick<CompactionContent, 'strategy' | 'targetTokens'>,
): CompactionContent => {
  const lines = thinned(state.lines, targetLength(state.length, { strategy, targetTokens }))
  const text = lines.join('\n')
  const decisions = lines.filter(isDecision)
  const others = lines.filter((line) => !isDecision(line))
  const isPreference = (line: string) => kindOf(line, askedKinds) === 'preference'
  const { user, assistant } = state.lastSaid
  const spoken = [user && `User: ${user}`, assistant && `Assistant: ${assistant}`]
  return {
    ...{ strategy, targetTokens },
    throughSeq: state.throughSeq,
    text,
    facts: others.filter((line) => !isPreference(line)),
    decisions,
    preferences: others.filter(isPreference),
    currentState: spoken.filter(Boolean).join('\n'),
    originalTokens: tokensOf(state.length),
    compactedTokens: tokensOf([...text].length),
    validationScore: shareHeld(state.names, text),
  }
}

/** What comes to no more than this is not worth shortening. */
const TOKENS_MIN = 250

const targetLength = (
  length: number,
  { strategy, targetTokens }: Pick<CompactionContent, 'strategy' | 'targetTokens'>,
): number => {
  const share = Math.max(Math.floor(length * shares[strategy]), lengthOfTokens(TOKENS_MIN))
  const own = strategy === 'adaptive' ? Math.min(share, lengthOfTokens(ADAPTIVE_TOKENS_MAX)) : share
  return Math.min(targetTokens === null ? own : lengthOfTokens(targetTokens), COMPACTION_LENGTH_MAX)
}

const askedKinds = new Set(['preference', 'episode', 'emotion', 'temporal', 'identity'] as const)

/** What was settled, and what somebody took upon them to do. */
const decisionPattern =
  /\b(?:decided|decide to|agreed (?:to|on|that)|agree to|settled on|let's (?:go with|use|do|take|make)|(?:go|going|went) with|chose|chosen|opted for|signed off|approved|confirmed|resolved to|we(?:'ll| will| are going to)|the plan is|action item)\b/i

const isDecision = (line: string): boolean => decisionPattern.test(line.replaceAll('’', "'"))

const word = /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’.-]*/gu

/** Words with a digit, and words with a capital that do not begin a sentence. */
const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(word)].flatMap(({ 0: found, index }) => {
    const plain = found.replace(/['’.-]+$|['’]s$/u, '')
    if (/\p{N}/u.test(plain)) return [plain.toLowerCase()]
    const isInside = /[\p{L}\p{N},;)"'’]\s+$/u.test(text.slice(Math.max(0, index - 3), index))
    return isInside && /^\p{Lu}\p{L}/u.test(plain) ? [plain.toLowerCase()] : []
  })

const shareHeld = (names: readonly string[], text: string): number => {
  if (names.length === 0) return 1
  const held = new Set(
    (text.toLowerCase().match(word) ?? []).map((found) => found.replace(/['’.-]+$|['’]s$/u, '')),
  )
  return names.filter((name) => held.has(name)).length / names.length
}

const STATE_LENGTH_MAX = 200

const beginningOf = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line.length <= STATE_LENGTH_MAX) return line
  return `${line.slice(0, STATE_LENGTH_MAX - 2).replace(/[\uD800-\uDBFF]$/, '')} …`
}
