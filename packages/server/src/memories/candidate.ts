import type { Source } from './memory.ts'

/** What extraction yields: a statement that may become a memory, before it is compared with what is known. */
export type Candidate = {
  readonly topic: string
  /** The self-contained statement, with its speaker where one is known by name or role. */
  readonly content: string
  /** What it answers or continues (the question before an answer, say): helps to find it, is never shown. */
  readonly context?: string
  readonly source: Source
  /** Where else it was said. */
  readonly moreSources?: readonly Source[]
  /** A memory says it already, by an earlier commit of the run. */
  readonly isCommitted?: true
}

export const sourcesOf = ({ source, moreSources = [] }: Candidate): readonly Source[] => [
  source,
  ...moreSources,
]
