import { JSON_DEPTH_MAX } from '../../kernel/limits.ts'

/** Makes what a tool returned readable and small. */

/** Facts one output gives at most. */
const FACT_COUNT_MAX = 50
/** Characters of an output that are kept. */
const OUTPUT_LENGTH_MAX = 4_000
/** Characters of one value. */
const VALUE_LENGTH_MAX = 300
/** A record up to this length is one fact; a longer one is a fact per member. */
const RECORD_LENGTH_MAX = 400

/** An output that is prose, cut to size. */
export const shortOutput = (output: string): string => cut(output, OUTPUT_LENGTH_MAX)

/** The facts of an output that is JSON, as `key: value` lines; null when it is none. */
export const factsOf = (output: string): readonly string[] | null => {
  const value = parsed(output)
  if (value === undefined) return null
  const facts: string[] = []
  collect(value, { path: '', depth: 0 }, facts)
  const kept: string[] = []
  let length = 0
  for (const fact of facts) {
    length += fact.length
    if (length > OUTPUT_LENGTH_MAX) break
    kept.push(fact)
  }
  return kept
}

const parsed = (text: string): unknown => {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Place = { readonly path: string; readonly depth: number }

const within = ({ path, depth }: Place, key: string): Place => ({
  path: key === '' || path === '' ? path || key : `${path}.${key}`,
  depth: depth + 1,
})

const collect = (value: unknown, place: Place, facts: string[]): void => {
  if (facts.length >= FACT_COUNT_MAX || place.depth > JSON_DEPTH_MAX) return
  const whole = flat(value, place)
  if (whole === '') return
  if (whole.length <= RECORD_LENGTH_MAX && !(Array.isArray(value) && value.some(isRecord))) facts.push(whole)
  else if (Array.isArray(value))
    for (const each of value.slice(0, FACT_COUNT_MAX)) collect(each, within(place, ''), facts)
  else if (isRecord(value)) {
    for (const [key, member] of Object.entries(value)) collect(member, within(place, key), facts)
  } else facts.push(cut(whole, RECORD_LENGTH_MAX))
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** One line of `key: value` pairs; it stops growing once it is longer than a record may be. */
const flat = (value: unknown, place: Place): string => {
  const pairs: string[] = []
  let length = 0
  const visit = (each: unknown, at: Place): void => {
    if (length > RECORD_LENGTH_MAX || at.depth > JSON_DEPTH_MAX || each === null || each === '') return
    if (isRecord(each)) for (const [key, member] of Object.entries(each)) visit(member, within(at, key))
    else if (Array.isArray(each) && each.some((item) => item !== null && typeof item === 'object')) {
      for (const item of each) visit(item, within(at, ''))
    } else {
      const text = cut(
        Array.isArray(each) ? each.slice(0, FACT_COUNT_MAX).join(', ') : String(each),
        VALUE_LENGTH_MAX,
      )
      pairs.push(at.path === '' ? text : `${at.path}: ${text}`)
      length += text.length + at.path.length
    }
  }
  visit(value, place)
  return pairs.filter((pair) => pair !== '').join(', ')
}

const cut = (text: string, lengthMax: number): string => {
  if (text.length <= lengthMax) return text
  const end = Math.max(text.lastIndexOf('\n', lengthMax), text.lastIndexOf(' ', lengthMax))
  return `${text.slice(0, end > lengthMax / 2 ? end : lengthMax)} …`.toWellFormed()
}
