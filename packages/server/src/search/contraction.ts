const suffixes = /^(.+)'(?:s|m|d|re|ve|ll)$/

/**
 * The words of a lower-case chunk with an apostrophe: `ada's` is ada, `they'll` is they, `don't` is nothing, for what contracts with
 * "not" says little itself. Elsewhere the apostrophe belongs to the word: `o'brien` gives obrien and brien, `l'eau` leau and eau.
 */
export const contractionWords = (chunk: string): readonly string[] => {
  if (chunk.endsWith("n't")) return []
  const base = suffixes.exec(chunk)?.[1] ?? chunk
  const parts = base.split(/[^\p{L}\p{N}\p{M}]+/u)
  if (parts.length === 1) return parts
  return [parts.join(''), ...parts.filter((part) => part.length > 2)]
}
