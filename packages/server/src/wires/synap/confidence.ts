import type { Memory } from '../../memories/memory.ts'

/** What clients read as the numbers for something said outright, and for something gathered from what was said. */
const EXPLICIT = 1
const INFERRED = 0.75

/** How sure it is that a memory is so: certain is what people said, or somebody put in; less so what an assistant or a tool said of them. */
export const confidenceOf = ({ sources }: Pick<Memory, 'sources'>): number =>
  sources.length > 0 && sources.every(({ role }) => role !== null && role !== 'user') ? INFERRED : EXPLICIT
