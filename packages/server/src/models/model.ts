import type { Topic } from '../projects/group.ts'
import type { Message } from '../runs/input.ts'

/** What an extractor reads: one text, or one conversation. Instants are milliseconds since the epoch. */
export type Passage =
  | { readonly type: 'text'; readonly text: string; readonly saidAt: number }
  | { readonly type: 'conversation'; readonly messages: readonly Message[]; readonly saidAt: number }

/** What one call to a model took. `cost` is in the unit of its price list. */
export type ModelUse = {
  readonly model: string
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cost: number
}

/** What every request tells a model besides its work. */
type Call = {
  readonly signal: AbortSignal
  /** To be told of each call, also of one that fails after it was paid for. */
  readonly used?: ((use: ModelUse) => void) | undefined
}

export type ExtractRequest = Call & {
  readonly passage: Passage
  /** The topics of the group; every statement goes to one of them by name. */
  readonly topics: readonly Topic[]
}

/** One self-contained statement found in a passage. */
export type Statement = {
  readonly topic: string
  readonly content: string
  /** What it answers or continues: helps to find it, is never shown. */
  readonly context?: string
  /** Position of the message it was said in; null for a text. */
  readonly message: number | null
  readonly saidAt: number
}

export type SummariseRequest = Call & {
  readonly topic: Topic
  /** The memory as it stands; null when there is none yet. */
  readonly previous: string | null
  /** What came in since, in order. */
  readonly statements: readonly string[]
}

/**
 * Turns input into statements, and keeps the one memory of a bounded topic. May throw a StepError; anything else it throws
 * is a bug, and retried like a failure that may pass.
 */
export type Extractor = {
  readonly name: string
  readonly extract: (request: ExtractRequest) => Promise<readonly Statement[]>
  /** The new content of a bounded memory, at most BOUNDED_LENGTH_MAX characters. */
  readonly summarise: (request: SummariseRequest) => Promise<string>
}
