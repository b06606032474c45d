/** Makes records of JSON: each object of a list is one, and what an object holds beside its lists of objects is one. */
import type { Pair } from './rows.ts'
import { UnreadableDocument } from './unreadable-document.ts'

export type RecordList = { readonly path: string; readonly records: readonly (readonly Pair[])[] }

type Place = { readonly path: string; readonly depth: number }

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)

const isListOfObjects = (value: unknown): value is readonly unknown[] =>
  isList(value) && value.some((each) => each !== null && typeof each === 'object')

/** The lists of a value by where they stand, its own first. Throws an UnreadableDocument for what is nested too deeply. */
export const jsonRecords = (value: unknown, depthMax: number): readonly RecordList[] => {
  const lists: RecordList[] = []
  const collect = (each: unknown, { path, depth }: Place): void => {
    if (isListOfObjects(each)) {
      lists.push({
        path,
        records: each.map((item) => pairsOf(item, { place: { path: '', depth: depth + 1 }, depthMax })),
      })
      return
    }
    if (!isObject(each)) {
      lists.push({ path, records: [pairsOf(each, { place: { path, depth }, depthMax })] })
      return
    }
    const members = Object.entries(each)
    const own = members.filter(([, member]) => !isListOfObjects(member))
    lists.push({
      path,
      records: [pairsOf(Object.fromEntries(own), { place: { path: '', depth }, depthMax })],
    })
    for (const [name, member] of members) {
      if (isListOfObjects(member)) collect(member, { path: name, depth: depth + 1 })
    }
  }
  collect(value, { path: '', depth: 1 })
  return lists.filter(({ records }) => records.some((pairs) => pairs.length > 0))
}

const pairsOf = (
  value: unknown,
  { place, depthMax }: { place: Place; depthMax: number },
): readonly Pair[] => {
  const pairs: Pair[] = []
  const visit = (each: unknown, { path, depth }: Place): void => {
    if (depth > depthMax)
      throw new UnreadableDocument('document_too_large', `the JSON is nested more than ${depthMax} deep`)
    if (each === null || each === '') return
    if (isObject(each)) {
      for (const [name, member] of Object.entries(each))
        visit(member, { path: joined(path, name), depth: depth + 1 })
    } else if (isListOfObjects(each)) {
      for (const [at, item] of each.entries())
        visit(item, { path: joined(path, String(at + 1)), depth: depth + 1 })
    } else pairs.push([path, isList(each) ? each.join(', ') : String(each)])
  }
  visit(value, place)
  return pairs
}

const joined = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)
