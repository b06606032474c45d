import { analyse } from './analyse.ts'

export type NamedSpeaker = { readonly speaker: string; readonly nameTerms: ReadonlySet<string> }

/** The speakers whose name, or a part of it, is among the query's terms. */
export const namedSpeakers = (
  speakers: Iterable<string>,
  terms: readonly string[],
): readonly NamedSpeaker[] =>
  [...new Set(speakers)]
    .map((speaker) => ({ speaker, nameTerms: new Set(analyse(speaker)) }))
    .filter(({ nameTerms }) => terms.some((term) => nameTerms.has(term)))
