import type { Setting } from './setting.ts'
import { otherVariables } from './settings.ts'

/** A sentence for each variable that is no setting but is spelt almost like one. */
export const findMisspelt = (
  env: Readonly<Record<string, string | undefined>>,
  settings: readonly Setting[],
): string[] => {
  const known = [...settings.map((setting) => setting.env), ...otherVariables]
  return Object.keys(env)
    .filter((name) => name.startsWith('REMANENCE_') && !known.includes(name))
    .flatMap((name) => {
      const hint = didYouMean(name, known)
      return hint === '' ? [] : `${name} is no setting${hint}`
    })
}

/** `; did you mean …?` with the nearest of the names if one is near, else nothing. */
export const didYouMean = (name: string, names: readonly string[]): string => {
  const [nearest] = names
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  return nearest && nearest.distance <= 3 && nearest.distance <= name.length / 2
    ? `; did you mean ${nearest.candidate}?`
    : ''
}

/** Insertions, deletions and replacements of one letter between the two (Levenshtein). */
const editDistance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
