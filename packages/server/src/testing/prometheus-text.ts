/**
 * Reads the text exposition format of Prometheus (0.0.4), and throws at whatever is not exactly that: each family has its help
 * and its type before its samples, no series comes twice, a histogram's buckets rise to `+Inf` and agree with its count.
 */
export type Metric = {
  readonly type: string
  readonly help: string
  readonly samples: readonly MetricSample[]
}

export type MetricSample = {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

type Draft = { help: string; type: string; samples: MetricSample[] }

export const readPrometheusText = (text: string): ReadonlyMap<string, Metric> => {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const families = new Map<string, Draft>()
  let current: string | null = null
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/.exec(line)
    if (comment === null) {
      const sample = readSample(line)
      const family = families.get(current ?? '')
      if (family === undefined || !belongs(sample, current ?? '', family.type))
        throw new Error(`not a sample of ${current}: ${line}`)
      family.samples.push(sample)
      continue
    }
    const [, kind, name = '', rest = ''] = comment
    if (kind === 'HELP') {
      if (families.has(name)) throw new Error(`${name} comes twice`)
      families.set(name, { help: rest, type: '', samples: [] })
      current = name
    } else {
      const family = families.get(name)
      if (name !== current || family === undefined || family.type !== '')
        throw new Error(`misplaced type: ${line}`)
      if (!['counter', 'gauge', 'histogram'].includes(rest)) throw new Error(`unknown type: ${line}`)
      family.type = rest
    }
  }
  for (const [name, family] of families) checkFamily(name, family)
  return families
}

const readSample = (line: string): MetricSample => {
  const [, name = '', , pairs = '', number = ''] =
    /^([a-zA-Z_:][\w:]*)(\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (\S+)$/.exec(line) ?? []
  if (name === '') throw new Error(`no sample: ${line}`)
  const labels = [...pairs.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/g)].map(
    ([, label = '', value = '']) => [label, value.replace(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c))],
  )
  const value = number === '+Inf' ? Infinity : Number(number)
  if (Number.isNaN(value)) throw new Error(`no number: ${line}`)
  return { name, labels: Object.fromEntries(labels), value }
}

const belongs = ({ name }: MetricSample, family: string, type: string): boolean =>
  type === 'histogram'
    ? [`${family}_bucket`, `${family}_sum`, `${family}_count`].includes(name)
    : name === family

const checkFamily = (name: string, { type, samples }: Draft): void => {
  if (type === '') throw new Error(`${name} has no type`)
  if (type === 'counter' && !name.endsWith('_total')) throw new Error(`counter ${name} does not say so`)
  const series = samples.map((sample) => JSON.stringify([sample.name, Object.entries(sample.labels).sort()]))
  if (new Set(series).size !== series.length) throw new Error(`${name} has a series twice`)
  if (type === 'histogram') checkHistogram(name, samples)
}

const checkHistogram = (name: string, samples: readonly MetricSample[]): void => {
  for (const { labels, value: count } of samples.filter((sample) => sample.name === `${name}_count`)) {
    const buckets = samples.filter(
      (sample) =>
        sample.name === `${name}_bucket` &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    )
    const bounds = buckets.map((bucket) =>
      bucket.labels.le === '+Inf' ? Infinity : Number(bucket.labels.le),
    )
    const counts = buckets.map((bucket) => bucket.value)
    const rises = (values: readonly number[]) =>
      values.every((value, index) => value >= (values[index - 1] ?? 0))
    if (!rises(bounds) || !rises(counts) || bounds.at(-1) !== Infinity || counts.at(-1) !== count)
      throw new Error(`the buckets of ${name} contradict each other`)
  }
}
