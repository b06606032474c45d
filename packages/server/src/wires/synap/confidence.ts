import type { Memory, Source } from '../../memories/memory.ts'

/** What clients read as the numbers for something said outright, and for something gathered from what was said. */
const EXPLICIT = 1
const INFERRED = 0.75

/** In a document, where no message says who speaks, the label before the statement does. */
const ofAssistant = /^Assistant: /

/** It tells who has said it, and estimates nothing: less sure is what only an assistant or a tool has said. */
export const confidenceOf = ({ content, sources }: Pick<Memory, 'content' | 'sources'>): number => {
  const isByModel = ({ role }: Source): boolean =>
    role === 'assistant' || role === 'tool' || (role === null && ofAssistant.test(content))
  return sources.length > 0 && sources.every(isByModel) ? INFERRED : EXPLICIT
}
