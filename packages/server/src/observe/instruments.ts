/**
 * Counters, gauges and histograms, and how they are written for Prometheus (text exposition format 0.0.4). A series is found once
 * by its label values and then only counts, so that counting costs the hot path some nanoseconds. Labels hold words of this
 * program's own (a route's template, a state), never ids or anybody's text: there are as many series as there are words.
 */

export type Labels = Readonly<Record<string, string>>

export type Family = {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** The samples as they are now, each a line without its end. */
  readonly lines: () => readonly string[]
}

type Described = { readonly name: string; readonly help: string }
type Labelled<Name extends string> = Described & { readonly labels: readonly Name[] }

export type Counter<Name extends string> = Family & {
  readonly add: (labels: Readonly<Record<Name, string>>, by?: number) => void
}

export type Histogram<Name extends string> = Family & {
  /** One series, for where the labels are known beforehand. */
  readonly series: (labels: Readonly<Record<Name, string>>) => (value: number) => void
  readonly observe: (labels: Readonly<Record<Name, string>>, value: number) => void
}

export const createCounter = <Name extends string>(about: Labelled<Name>): Counter<Name> => {
  const find = createSeries(about.labels, () => ({ value: 0 }))
  return {
    ...about,
    type: 'counter',
    add: (labels, by = 1) => {
      find(labels).value += by
    },
    lines: () => find.all().map(({ labels, series }) => line(about.name, labels, series.value)),
  }
}

/** A gauge that moves with what happens. */
export const createGauge = ({ name, help }: Described): Family & { readonly add: (by: number) => void } => {
  let value = 0
  return {
    name,
    help,
    type: 'gauge',
    add: (by) => {
      value += by
    },
    lines: () => [line(name, {}, value)],
  }
}

type Buckets = { readonly counts: number[]; sum: number }

/** `bounds` are the upper bounds of the buckets, rising; the one without bound comes by itself. */
export const createHistogram = <Name extends string>(
  about: Labelled<Name> & { readonly bounds: readonly number[] },
): Histogram<Name> => {
  const { name, bounds } = about
  const find = createSeries<Name, Buckets>(about.labels, () => ({
    counts: new Array<number>(bounds.length + 1).fill(0),
    sum: 0,
  }))
  const record = (series: Buckets, value: number) => {
    let bucket = 0
    // No value is greater than what is not there.
    while (value > (bounds[bucket] ?? Infinity)) bucket++
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1
    series.sum += value
  }
  return {
    name,
    help: about.help,
    type: 'histogram',
    series: (labels) => {
      const series = find(labels)
      return (value) => record(series, value)
    },
    observe: (labels, value) => record(find(labels), value),
    lines: () =>
      find.all().flatMap(({ labels, series }) => {
        let count = 0
        const buckets = series.counts.map((inBucket, index) => {
          count += inBucket
          return line(`${name}_bucket`, { ...labels, le: numberText(bounds[index] ?? Infinity) }, count)
        })
        return [...buckets, line(`${name}_sum`, labels, series.sum), line(`${name}_count`, labels, count)]
      }),
  }
}

export type Sample = { readonly labels?: Labels; readonly value: number }

/** A family whose samples were read just now. */
export const readFamily = (
  about: Described & { readonly type?: 'counter' | 'gauge'; readonly samples: readonly Sample[] },
): Family => {
  const { name, help, type = 'gauge', samples } = about
  return { name, help, type, lines: () => samples.map(({ labels = {}, value }) => line(name, labels, value)) }
}

/** The families as one document. */
export const expose = (families: readonly Family[]): string =>
  families
    .flatMap(({ name, type, help, lines }) => [
      `# HELP ${name} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}`,
      `# TYPE ${name} ${type}`,
      ...lines(),
    ])
    .map((text) => `${text}\n`)
    .join('')

type SeriesFinder<Name extends string, Series> = {
  (labels: Readonly<Record<Name, string>>): Series
  readonly all: () => readonly { readonly labels: Labels; readonly series: Series }[]
}

const createSeries = <Name extends string, Series>(
  names: readonly Name[],
  create: () => Series,
): SeriesFinder<Name, Series> => {
  const known = new Map<string, { labels: Labels; series: Series }>()
  const find = (labels: Readonly<Record<Name, string>>): Series => {
    let key = ''
    for (const name of names) key += `${labels[name]}\n`
    const found = known.get(key)
    if (found !== undefined) return found.series
    const series = create()
    known.set(key, { labels: Object.fromEntries(names.map((name) => [name, labels[name]])), series })
    return series
  }
  return Object.assign(find, { all: () => [...known.values()] })
}

const line = (name: string, labels: Labels, value: number): string => {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`)
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${numberText(value)}`
}

const escapeLabel = (text: string): string =>
  text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')

const numberText = (value: number): string =>
  value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value)
