import autocannon from 'autocannon'
import { benchKey } from './child.ts'

export type Load = {
  readonly url: string
  readonly method: 'GET' | 'POST'
  /** One of these per request, in turn. */
  readonly requests: readonly { readonly path: string; readonly body?: string }[]
  readonly connections: number
  readonly seconds: number
}

/** Requests a second, over a run in which every answer was 2xx. */
const requestsPerSecond = async (load: Load): Promise<number> => {
  const result = await autocannon({
    url: load.url,
    connections: load.connections,
    duration: load.seconds,
    headers: { authorization: `Bearer ${benchKey}`, 'content-type': 'application/json' },
    requests: load.requests.map((request) => ({ method: load.method, ...request })),
  })
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${load.url}: ${result.non2xx} answers were not 2xx, ${result.errors} failed`)
  }
  return result.requests.average
}

/** The same load on two servers, in turn, round after round, so that a machine that changes its speed changes both. */
export const compareLoads = async (
  subject: Load,
  reference: Load,
  rounds: number,
): Promise<{ readonly subject: number; readonly reference: number; readonly ratio: number }> => {
  const ratios: number[] = []
  const subjects: number[] = []
  const references: number[] = []
  for (let round = 0; round < rounds; round++) {
    const referenceRate = await requestsPerSecond(reference)
    const subjectRate = await requestsPerSecond(subject)
    references.push(referenceRate)
    subjects.push(subjectRate)
    ratios.push(subjectRate / referenceRate)
  }
  return { subject: median(subjects), reference: median(references), ratio: median(ratios) }
}

const median = (values: readonly number[]): number => percentile(values, 0.5)

/** The nearest-rank percentile; `share` in (0, 1]. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
