/**
 * The words of a chunk that may be compound: the whole as written, in lower case, what its larger signs separate, and every part.
 *
 *     src/searchIndex.ts → src/searchindex.ts, searchindex.ts, src, search, index, ts
 *     e-mail → email, e, mail          10km → 10km, 10, km
 */
export const compoundWords = (chunk: string): readonly string[] => {
  const whole = chunk.toLowerCase()
  const parts = partsOf(chunk)
  if (parts.length <= 1 && parts[0] === whole) return parts
  const pieces = whole.split(/[/@:&]+/)
  const compoundPieces = pieces.length > 1 ? pieces.filter((piece) => /[._-]/.test(piece)) : []
  return [...new Set([unhyphenated(whole), ...compoundPieces, ...parts])]
}

/** Hyphens come and go in words, but not in numbers, dates and identifiers. */
const unhyphenated = (whole: string): string =>
  /^[\p{L}\p{M}-]+$/u.test(whole) ? whole.replaceAll('-', '') : whole

/** What stands between signs, changes from lower to upper case, or between letters and digits; in lower case. */
const partsOf = (chunk: string): readonly string[] =>
  chunk
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/(\p{L}\p{M}*)(?=\p{N})|(\p{N})(?=\p{L})/gu, '$1$2 ')
    .toLowerCase()
    .split(/[\s._\-/@+:&#]+/)
    .filter((part) => part !== '')
