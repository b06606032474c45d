/**
 * Reads a body as leniently as servers of this API do: members whatever their case (the last of several counts), unknown ones are ignored,
 * `null` is as good as absent, and what comes after the first value is not looked at. A member of another type is malformed.
 */
import { parseBody } from '../../kernel/json.ts'
import { problem } from '../../kernel/problem.ts'

/** By their names in lower case. */
export type Members = ReadonlyMap<string, unknown>

/** Throws Problem `malformed_json`, and what parseBody throws. */
export const readBody = (body: unknown): Members => {
  if (!Buffer.isBuffer(body)) throw malformed('There is no body.')
  return readMembers(parseBody(firstValue(body)))
}

/** Throws Problem `malformed_json`. */
export const readMembers = (value: unknown): Members => {
  if (value === null) return new Map()
  if (typeof value !== 'object' || Array.isArray(value)) throw malformed('An object is expected.')
  return new Map(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]))
}

/** Empty when it is absent. */
export const textOf = (members: Members, name: string): string => {
  const value = members.get(name) ?? ''
  if (typeof value !== 'string') throw malformed(`"${name}" must be a string.`)
  return value
}

/** Null when it is absent. */
export const listOf = (members: Members, name: string): readonly unknown[] | null => {
  const value = members.get(name) ?? null
  if (value !== null && !Array.isArray(value)) throw malformed(`"${name}" must be a list.`)
  return value
}

/** Null when it is absent. */
export const numberOf = (members: Members, name: string): number | null => {
  const value = members.get(name) ?? null
  if (value !== null && typeof value !== 'number') throw malformed(`"${name}" must be a number.`)
  return value
}

/** Null when it is absent. */
export const flagOf = (members: Members, name: string): boolean | null => {
  const value = members.get(name) ?? null
  if (value !== null && typeof value !== 'boolean') throw malformed(`"${name}" must be true or false.`)
  return value
}

export const malformed = (detail: string) => problem('malformed_json', detail)

const [quote, backslash, open, openList, close, closeList] = [...Buffer.from('"\\{[}]')]

/** The bytes of the first value, when it is an object; whether it is a good one, the parser finds. */
const firstValue = (bytes: Buffer): Buffer => {
  const start = bytes.indexOf('{')
  if (start === -1 || bytes.subarray(0, start).toString('latin1').trim() !== '') return firstWord(bytes)
  let depth = 0
  let isText = false
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]
    if (isText && byte === backslash) at++
    else if (byte === quote) isText = !isText
    else if (isText) continue
    else if (byte === open || byte === openList) depth++
    else if ((byte === close || byte === closeList) && --depth === 0) return bytes.subarray(start, at + 1)
  }
  return bytes
}

/** `null` says nothing, and is good; any other value is taken whole, and refused for what it is. */
const firstWord = (bytes: Buffer): Buffer =>
  /^\s*null(?![\w.])/.test(bytes.subarray(0, 64).toString('latin1')) ? Buffer.from('null') : bytes
