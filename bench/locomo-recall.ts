import type { Question } from './locomo-dataset.ts'

const depths = [5, 10, 25, 50] as const

/** The share of the evidence among the first k distinct turns, for each depth k. */
export const recallsOf = (evidence: readonly string[], turns: readonly string[]): readonly number[] => {
  const distinct = [...new Set(turns)]
  return depths.map((depth) => {
    const first = new Set(distinct.slice(0, depth))
    return evidence.filter((id) => first.has(id)).length / evidence.length
  })
}

export type Asked = {
  readonly category: Question['category']
  readonly recalls: readonly number[]
  readonly ms: number
}

/** One line for each category, one for all, and the time a search took. */
export const report = (asked: readonly Asked[]): string => {
  const categories = [...new Set(asked.map(({ category }) => category))].sort()
  const times = asked.map(({ ms }) => ms).sort((a, b) => a - b)
  return [
    row('', ['questions', ...depths.map((depth) => `R@${depth}`)]),
    ...categories.map((category) =>
      recallRow(
        `category ${category}`,
        asked.filter((one) => one.category === category),
      ),
    ),
    recallRow('all', asked),
    `search p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms`,
  ].join('\n')
}

const recallRow = (name: string, asked: readonly Asked[]): string =>
  row(name, [
    String(asked.length),
    ...depths.map((_, at) =>
      (asked.reduce((sum, { recalls }) => sum + (recalls[at] ?? 0), 0) / asked.length).toFixed(3),
    ),
  ])

const row = (name: string, cells: readonly string[]): string =>
  name.padEnd(12) + cells.map((cell) => cell.padStart(11)).join('')

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
