import { STATEMENT_COUNT_MAX } from '../../kernel/limits.ts'
import type { Extractor, ExtractRequest, Statement } from '../model.ts'
import { bounded, contextOf, packed } from './bounds.ts'
import { readTurn } from './read-turn.ts'
import { routerFor } from './route.ts'
import { summarise } from './summary.ts'
import { type Turn, turnsOf } from './turns.ts'
import { wordsOf } from './words.ts'

/**
 * The default extractor: rules, no model. It splits what is said into statements that stand alone, in the words of who said them, and
 * leaves out what says nothing. `docs/extractor-rules.md` shows what it does, example by example.
 */
export const rulesExtractor: Extractor = {
  name: 'rules',
  extract: async (request) => extract(request),
  summarise: async ({ previous, statements, signal }) => {
    signal.throwIfAborted()
    return summarise(previous, statements)
  },
}

type Found = Omit<Statement, 'topic'>
/** What the turn before left behind for the next one. */
type Before = {
  readonly speaker: string | null
  readonly text: string
  readonly questions: readonly string[]
}

const extract = ({ passage, topics, signal }: ExtractRequest): readonly Statement[] => {
  const turns = turnsOf(passage)
  const names = namesOf(turns)
  const found: Found[] = []
  let before: Before = { speaker: null, text: '', questions: [] }
  for (const turn of turns) {
    signal.throwIfAborted()
    const asked = turn.speaker === before.speaker ? undefined : before.questions.at(-1)
    const { pieces, questions } = readTurn(turn, names, asked ?? null)
    const said = [before.text, ...before.questions].filter((part) => part !== '').join(' ')
    for (const piece of pieces) found.push(...statementsOf(turn, piece, said))
    // A tool speaks between a question and its answer.
    if (turn.manner === 'said' && turn.text.trim() !== '') {
      before = { speaker: turn.speaker, text: pieces.map(({ text }) => text).join(' '), questions }
    }
  }
  const route = routerFor(topics)
  const copyCount = Math.max(1, route('').length)
  return packed(found, Math.floor(STATEMENT_COUNT_MAX / copyCount)).flatMap((statement) =>
    route(statement.content).map((topic) => ({ topic, ...statement })),
  )
}

const statementsOf = (
  turn: Turn,
  { text, lead }: { text: string; lead: string },
  said: string,
): readonly Found[] => {
  const context = contextOf(lead, said)
  // What a system message says about the user is nobody's word.
  return bounded(turn.manner === 'instructed' ? null : turn.speaker, text).map((content) => ({
    content,
    ...(context !== '' && { context }),
    message: turn.message,
    saidAt: turn.saidAt,
  }))
}

const roleNames: ReadonlySet<string> = new Set(['user', 'assistant'])

/** What people may call each other by, lower case: every part of a speaker's name. */
const namesOf = (turns: readonly Turn[]): ReadonlySet<string> =>
  new Set(
    turns
      .flatMap(({ speaker, manner }) => (manner === 'said' ? wordsOf(speaker ?? '') : []))
      .map((name) => name.toLowerCase())
      .filter((name) => !roleNames.has(name)),
  )
