import type { Memory } from '../../memories/memory.ts'

/** What clients read as the numbers for something said outright, and for something gathered from what was said. */
const EXPLICIT = 1
const INFERRED = 0.75

/** It tells who has said it, and estimates nothing: less sure is what only an assistant or a tool has said. */
export const confidenceOf = ({ sources }: Pick<Memory, 'sources'>): number =>
  sources.length > 0 && sources.every(({ role }) => role === 'assistant' || role === 'tool')
    ? INFERRED
    : EXPLICIT
